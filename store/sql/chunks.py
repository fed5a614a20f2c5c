"""Lists of ids in statements, in pieces that both databases take."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

T = TypeVar("T")

#: SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
CHUNK = 10_000


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists for ``IN``, of at most ``size``; nothing for nothing."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield rounded(chunk, size)


def rounded(items: Sequence[T], size: int = CHUNK) -> list[T]:
    """A list for ``IN``, its last item repeated up to a power of two, or to ``size``.

    Notes
    -----
    Every length makes a statement of its own, and each connection keeps a hundred
    statements: with lists of any length that was 20 MiB a connection, and 100 MiB of a
    worker that warned a million.
    """
    n = len(items)
    wanted = min(max(n, size), 1 << max(0, n - 1).bit_length())
    return [*items, *(items[-1] for _ in range(wanted - n))] if items else []
