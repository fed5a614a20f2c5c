"""Volunteers and AEDs as they are: who, where, when, with what proof."""
