"""Alerts, their audiences, and how far each person has come."""
