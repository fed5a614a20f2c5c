"""Cardiac cases on the screen, and those who may be rung."""
