"""What comes from and goes to other systems beside the API: feeds, files, webhooks."""
