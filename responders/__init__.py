"""Volunteer responders to a cardiac arrest. Never imports ``warning``."""
