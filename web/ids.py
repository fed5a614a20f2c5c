"""Ids as they come in: opaque to those outside, numbers to us."""

from __future__ import annotations

from web.problems import NOT_FOUND, ProblemError

#: What fits into a database's key.
_MAX_DIGITS = 18


def number_of(text: str, what: str) -> int:
    """Return the number behind an id.

    Raises
    ------
    ProblemError
        404 if it cannot be one of ours.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise ProblemError(NOT_FOUND, f"There is no {what} of this id.")
    return int(text)
