"""How several workers keep within what one carrier allows.

Each of n workers that live takes an n-th of every pace and of every carrier's lines, so
that together they ask for no more than one would, without asking each other. Who lives
is read from the signs of life in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The part of one worker.

    Examples
    --------
    >>> share = Share(me=5, alive=frozenset({3, 5, 9}))
    >>> share.part, share.whole_part(80), share.whole_part(2)
    (0.3333333333333333, 27, 1)
    >>> Share(me=9, alive=frozenset({3, 5, 9})).whole_part(2)
    0
    """

    #: This worker's number.
    me: int = 0
    #: Numbers of all that live, this one included.
    alive: frozenset[int] = frozenset({0})

    @property
    def part(self) -> float:
        """Which part of a pace is ours, in (0, 1]."""
        return 1 / len(self.alive | {self.me})

    def whole_part(self, n: int) -> int:
        """How many of n are ours; the parts of all add up to n, the oldest get more."""
        workers = sorted(self.alive | {self.me})
        each, rest = divmod(n, len(workers))
        return each + (workers.index(self.me) < rest)

    def calls_of(self, carrier: str, in_progress: Mapping[tuple[str, int], int]) -> int:
        """Calls of a carrier that use up our lines: our own, and those of the dead.

        What a worker that is gone has placed goes on ringing; as nobody else counts it,
        everybody does.
        """
        return sum(
            n
            for (name, worker), n in in_progress.items()
            if name == carrier and (worker == self.me or worker not in self.alive)
        )
