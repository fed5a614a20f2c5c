"""Many cases on all cores, with a word now and then on how far they have come.

Cases have draws of their own, so they may be played in any order and any process; what
comes back is in the order of their numbers.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

#: Fewer cases than this a core are not worth a process.
_WORTH_IT = 20
_TOLD_EVERY_S = 15.0

T = TypeVar("T")
#: Numbers of cases to their rows of figures; shape (cases, columns).
Play = Callable[[Iterable[int]], NDArray[np.float64]]


def played(play: Play, n: int, *, what: str = "") -> NDArray[np.float64]:
    """Play ``n`` cases on all cores.

    Parameters
    ----------
    play : callable
        Numbers of cases to an array whose first axis is the cases.
    n : int
        How many.
    what : str
        Told with the progress.

    Returns
    -------
    ndarray of float64
        Row for row the cases 0 to ``n - 1``.
    """
    n_cores = max(1, min(_cores(), n // _WORTH_IT))
    shares = [range(core, n, n_cores) for core in range(n_cores)]
    tell = Progress(what, len(shares[0]))
    works: list[Callable[[], NDArray[np.float64]]] = [
        _Share(play, tell.over(share) if core == 0 else share)
        for core, share in enumerate(shares)
    ]
    parts = at_once(works)
    rows = np.empty((n, *parts[0].shape[1:]))
    for share, part in zip(shares, parts, strict=True):
        rows[share.start :: n_cores] = part
    return rows


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Do several things at once, each in a process; the first in this one.

    Raises
    ------
    RuntimeError
        If one of them fails: its own words are on the screen.
    """
    forking = multiprocessing.get_context("fork")
    children = []
    for work in works[1:]:
        ours, theirs = forking.Pipe(duplex=False)
        child = forking.Process(target=_send, args=(work, theirs), daemon=True)
        child.start()
        theirs.close()
        children.append((child, ours))
    results = [works[0]()]
    for child, ours in children:
        try:
            results.append(ours.recv())
        except EOFError:
            raise RuntimeError("A part of the bench has failed; see above.") from None
        child.join()
    return results


def spread(works: Sequence[Callable[[], T]]) -> list[T]:
    """Do many things on all cores; the results in their order."""
    n_cores = max(1, min(_cores(), len(works)))
    shares = [_InTurn(works[core::n_cores]) for core in range(n_cores)]
    results: list[T | None] = [None] * len(works)
    for core, part in enumerate(at_once(shares)):
        results[core::n_cores] = part
    return [one for one in results if one is not None]


def _send(work: Callable[[], T], to: Connection) -> None:
    to.send(work())
    to.close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


@dataclass(frozen=True)
class _Share(Generic[T]):
    """What one process does."""

    play: Callable[[Iterable[int]], T]
    numbers: Iterable[int]

    def __call__(self) -> T:
        return self.play(self.numbers)


@dataclass(frozen=True)
class _InTurn(Generic[T]):
    """Several things, one after the other."""

    works: Sequence[Callable[[], T]]

    def __call__(self) -> list[T]:
        return [work() for work in self.works]


@dataclass
class Progress:
    """Says on the screen, beside the tables, how far a run has come.

    Parameters
    ----------
    what : str
        Which run; empty tells nothing.
    n : int
        Cases of this process.
    """

    what: str
    n: int
    _began: float = field(default_factory=time.monotonic)

    def over(self, numbers: Iterable[int]) -> Iterator[int]:
        """The numbers, one by one, with a word every quarter of a minute."""
        told = self._began
        for done, number in enumerate(numbers):
            now = time.monotonic()
            if self.what and now - told >= _TOLD_EVERY_S:
                told, left = now, (now - self._began) * (self.n - done) / max(done, 1)
                words = f"{self.what}: {100 * done // self.n} %, {left:.0f} s to go"
                print(words, file=sys.stderr, flush=True)
            yield number
