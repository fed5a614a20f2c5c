"""Writing one by one what could not be written together.

Many rows share a transaction because a commit is dear. When such a batch fails, one
item that nobody can write must not hold up the others for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

#: So many failures and no success: it is the database, not the items.
_ENOUGH = 8


def write_apart(items: Sequence[T], write: Callable[[T], None]) -> list[T]:
    """Write each item alone, in order.

    Parameters
    ----------
    items : sequence
        Of a batch that failed.
    write : callable
        Writes one item, in a transaction of its own.

    Returns
    -------
    list
        Items that could not be written although others could.

    Raises
    ------
    Exception
        The last error, if nothing at all could be written.
    """
    lost: list[T] = []
    for n_tried, item in enumerate(items, 1):
        try:
            write(item)
        except Exception as error:
            lost.append(item)
            if len(lost) == n_tried and n_tried in {_ENOUGH, len(items)}:
                raise
            log.error("cannot be written", extra={"error": type(error).__name__})  # noqa: TRY400 - a message may name a person
    return lost
