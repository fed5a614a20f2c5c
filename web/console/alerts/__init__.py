"""Alerts on the screen: written, approved, watched, steered, reported."""
