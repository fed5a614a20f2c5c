"""The only package (with ``app.py``) that speaks Flask: parse, call, render."""
