"""Everybody as arrays in files that all processes map: from a polygon to people."""
