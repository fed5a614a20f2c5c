"""What the views need of the rest of the house, as protocols."""
