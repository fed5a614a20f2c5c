"""Where alerts come from, and where they go."""
