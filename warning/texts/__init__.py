"""What people read and hear: our words, their languages, what fits a message."""
