"""The only package that speaks SQL: rows, and repositories that fit the ports."""
