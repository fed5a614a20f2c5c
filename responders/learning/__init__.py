"""What every night is learnt from the answers of the day."""
