"""Telephone scripts as data, and the pure interpreter that walks them.

Knows no carrier, no HTTP and no database: a script and a position go in, what to say
and what to wait for come out. ``telephony.calls.twiml`` makes a document of it.
"""
