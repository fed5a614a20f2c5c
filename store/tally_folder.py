"""When the rows of tallies are put together: now and then, where many have come."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from store.alerts.tally_folding import SHAPES, Key, Newest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from store.unit_of_work import SqlUnitOfWork

#: So many rows come before they are put together; and as many as were left last time.
WORTH_IT = 1_000


class TallyFolder:
    """Puts the rows of an alert together once enough have come.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], AbstractContextManager[SqlUnitOfWork]],
        read_uow: Callable[[], AbstractContextManager[SqlUnitOfWork]],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._newest: Newest = (0,) * len(SHAPES)
        #: Rows that came since the last time; those that it wrote are not news.
        self._n_new: Counter[Key] = Counter()
        self._n_left: dict[Key, int] = {}

    def run_once(self) -> int:
        """Look once; return for how many alerts something was put together."""
        with self._read_uow() as uow:
            growth = uow.tallies.grown(self._newest)
        self._newest = growth.newest
        self._n_new.update(growth.n_rows)
        due = [
            key
            for key, n in self._n_new.items()
            if n > max(WORTH_IT, self._n_left.get(key, 0))
        ]
        for key in due:
            with self._new_uow() as uow:
                n_left = uow.tallies.fold(key)
                uow.commit()
            self._n_left[key] = n_left
            self._n_new[key] = -n_left
        return len(due)
