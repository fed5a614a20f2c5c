"""Lists of ids in statements, in pieces that both databases take."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

#: SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
CHUNK = 10_000


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists of at most ``size``; nothing for nothing."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
