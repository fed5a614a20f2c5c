"""What operators decide: submit, approve, hold, end; what it would do, and does."""
