"""How alerts stand and what they came to. Reads only."""
