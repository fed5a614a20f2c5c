"""The ground of every repository: connections, turns, statements for both databases."""
