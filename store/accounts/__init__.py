"""Operators, and the chain of what they did."""
