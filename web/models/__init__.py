"""What the API reads and answers, and the way from there to our own values."""
