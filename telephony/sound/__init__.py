"""Sound for calls: made ready, kept under what it holds, found by its words."""
