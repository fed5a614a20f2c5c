"""Reach one number by one script before a deadline, and know what happened.

Knows no alert and no case: both hand over deliveries and hear back.
"""
