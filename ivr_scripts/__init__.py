"""Telephone scripts as data, and the pure interpreter that walks them."""
