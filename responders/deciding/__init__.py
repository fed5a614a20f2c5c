"""Whom to ask, how many, and to do what: values in, values out, no store."""
