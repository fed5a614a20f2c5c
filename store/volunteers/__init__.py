"""Volunteers, defibrillators and cases."""
