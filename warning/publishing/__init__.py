"""What others learn of our alerts: feeds, documents, webhooks."""
