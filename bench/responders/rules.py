"""The rules of others, as published, and the simple ones between them.

HartslagNu, Heartrunner, PulsePoint and the rest follow ``docs/responders-model.md``,
whose sources simplify the operated systems; roles are apart (`responders_roles`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from bench.responders.play import Policy
from bench.responders.world import Event

Maker = Callable[[Event], Policy]
Batch = tuple[float, int]


class Batches:
    """Asks people of a fixed order in batches until enough said yes.

    Parameters
    ----------
    event : Event
        The case.
    order : ndarray of int64
        Rows in the order of asking.
    size : int
        People of the first batch.
    then : int
        People of each later batch; 0 for one batch only.
    every_s : float
        Between batches.
    enough : int
        Yeses after which nobody more is asked.
    """

    def __init__(
        self,
        event: Event,
        order: NDArray[np.int64],
        *,
        size: int,
        then: int = 0,
        every_s: float = math.inf,
        enough: int = 1_000_000,
    ) -> None:
        self._event, self._order = event, order.tolist()
        self._size, self._then, self._every_s = size, then, every_s
        self._enough, self._n_yes = enough, 0

    def ask(self, now_s: float) -> Iterable[tuple[int, float]]:
        """The next batch."""
        if self._n_yes >= self._enough:
            return []
        batch, self._order = self._order[: self._size], self._order[self._size :]
        self._size = self._then
        return [(row, now_s) for row in batch]

    def answered(self, row: int, is_yes: bool, now_s: float) -> bool:
        """Count the yeses; never ask ahead of the clock."""
        self._n_yes += is_yes
        return False

    def next_s(self, now_s: float) -> float | None:
        """One batch after the other."""
        more = self._then and self._order and self._n_yes < self._enough
        return now_s + self._every_s if more else None

    def way(self, row: int) -> tuple[float, float]:
        """Everybody goes straight there."""
        return float(self._event.travel_s[row]), math.inf


def by_distance(event: Event, within_m: float = math.inf) -> NDArray[np.int64]:
    """Rows within a radius, the nearest first."""
    metres = event.known.distance_m
    order = np.argsort(metres, kind="stable")
    return order[metres[order] <= within_m]


def everybody(within_m: float = math.inf) -> Maker:
    """All within a radius at once (PulsePoint, myResponder: 400 m)."""

    def make(event: Event) -> Policy:
        order = by_distance(event, within_m)
        return Batches(event, order, size=len(order))

    return make


def nearest(k: float, within_m: float = math.inf) -> Maker:
    """The nearest at once; a broken number is met on average over cases."""

    def make(event: Event) -> Policy:
        size = math.floor(k) + (event.luck[-1] < k - math.floor(k))
        return Batches(event, by_distance(event, within_m), size=int(size))

    return make


def at_random(k: float) -> Maker:
    """So many at once, wherever they are."""

    def make(event: Event) -> Policy:
        size = math.floor(k) + (event.luck[-1] < k - math.floor(k))
        return Batches(event, np.argsort(event.luck[:-1]), size=int(size))

    return make


def in_batches(
    size: int,
    every_s: float,
    *,
    enough: int,
    first: int = 0,
    within_m: float = math.inf,
) -> Maker:
    """So many of the nearest again and again until enough said yes."""

    def make(event: Event) -> Policy:
        return Batches(
            event,
            by_distance(event, within_m),
            size=size,
            then=size,
            every_s=every_s,
            enough=enough,
        )

    return make


#: As operated or as coded by others; numbers of people, radii and stops are theirs.
PUBLISHED: dict[str, Maker] = {
    "HartslagNu 2014: 30 within 1 km": nearest(30, 1000.0),
    "HartslagNu as in F32: one by one in 750 m to 5 yes": in_batches(
        1, 60.0, enough=5, within_m=750.0
    ),
    "Hjerteløber: 20 nearest": nearest(20, 5000.0),
    "Heartrunner: 30 nearest within 1.3 km": nearest(30, 1300.0),
    "Mobile Lifesaver: 10 nearest": nearest(10),
    "PulsePoint, myResponder: all within 400 m": everybody(400.0),
    "GoodSAM: 3 within 300 m": nearest(3, 300.0),
}
SIMPLE: dict[str, Maker] = {
    "all in radius": everybody(),
    "nearest 20": nearest(20),
    "nearest 10": nearest(10),
    "nearest 5": nearest(5),
    "random 10": at_random(10),
    "phased 5 + 5 per 45 s to 2 yes": in_batches(5, 45.0, enough=2),
    "phased 3 + 3 per 30 s to 1 yes": in_batches(3, 30.0, enough=1),
    "sequential, 60 s each": in_batches(1, 60.0, enough=1),
}
