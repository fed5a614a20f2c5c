"""Pages of long lists: an opaque cursor says where the next page starts.

A cursor holds the key of the last row shown, so rows that come or go meanwhile neither
repeat nor hide others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from web.models.schemas import Page
from web.problems import INVALID, ProblemError

T = TypeVar("T")
#: Of a number in a database.
_MAX_DIGITS = 18


def encode(key: str) -> str:
    """Write a key as a cursor."""
    return base64.urlsafe_b64encode(key.encode()).decode("ascii").rstrip("=")


def decode(cursor: str | None) -> str:
    """Return the key of a cursor, empty for the first page.

    Raises
    ------
    ProblemError
        422 if it is not one of ours.
    """
    if not cursor:
        return ""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        _refuse()


def decode_number(cursor: str | None) -> int:
    """Return the number that a cursor holds, 0 for the first page.

    Raises
    ------
    ProblemError
        422 if it is not one of ours.
    """
    key = decode(cursor)
    if not key:
        return 0
    if not (key.isascii() and key.isdecimal() and len(key) <= _MAX_DIGITS):
        _refuse()
    return int(key)


def _refuse() -> NoReturn:
    raise ProblemError(
        INVALID,
        "cursor: take it from the next_cursor of an earlier page, or leave it out.",
        {"errors": [{"parameter": "cursor", "detail": "not a cursor of this list"}]},
    )


def page(
    rows: Sequence[T], limit: int, key: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """Split ``limit + 1`` rows into a page and the cursor of the next one."""
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    return shown, encode(key(shown[-1]))


def read_page(
    read: Callable[..., Sequence[T]], asked: Page, key: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """Read one page of a list, and the cursor of the next."""
    rows = read(after=decode(asked.cursor), limit=asked.limit + 1)
    return page(rows, asked.limit, key)
