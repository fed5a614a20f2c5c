"""From a document or a form to a draft, and how drafts follow alerts."""
