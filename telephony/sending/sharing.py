"""How several workers keep within what one carrier allows.

Each of n workers that live takes its part of every pace and of every carrier's lines,
so that together they ask for no more than one would, without asking each other. Who
lives is read from the signs of life in the database.
"""

from __future__ import annotations

import math
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
    >>> [Share(me=n, alive=share.alive).pace_part(100.5) for n in (3, 5, 9)]
    [34.5, 33.0, 33.0]
    >>> [Share(me=n, alive=share.alive).pace_part(1) for n in (3, 5, 9)]
    [1.0, 0.0, 0.0]
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

    def pace_part(self, per_s: float) -> float:
        """How much of a pace is ours, a second; may be nothing.

        Whole requests, the odd ones for the oldest: each of three workers at a third of
        a request a second sends one at once when it has rested, which makes three in a
        second. What is no whole request is the very oldest's.
        """
        whole = math.floor(per_s)
        is_oldest = self.me == min(self.alive | {self.me})
        return float(self.whole_part(whole)) + (per_s - whole if is_oldest else 0.0)

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
