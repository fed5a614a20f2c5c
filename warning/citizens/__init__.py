"""What citizens tell us, and what they are answered."""
