"""In and out: password, second step."""
