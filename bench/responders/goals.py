"""A goal of the bench, and the figures of many policies in one world."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bench.responders.cores import played
from bench.responders.figures import Figures, Floats, Interval, interval
from bench.responders.play import play
from bench.responders.rules import Maker
from bench.responders.world import World, events


@dataclass(frozen=True)
class Goal:
    """What was wanted, what was seen, and whether that is enough."""

    what: str
    seen: str
    is_reached: bool


def goal(
    what: str,
    seen: Interval,
    *,
    at_least: float = -math.inf,
    at_most: float = math.inf,
) -> Goal:
    """Judge a mean; its interval is shown beside it.

    Parameters
    ----------
    what : str
        In words.
    seen : Interval
        What came out.
    at_least, at_most : float
        The goal.

    Returns
    -------
    Goal
    """
    return Goal(what, str(seen), at_least <= seen.mean <= at_most)


def compared(
    world: World, makers: Mapping[str, Maker], n: int, seed: int
) -> dict[str, Figures]:
    """Play the same cases by each policy.

    Parameters
    ----------
    world : World
        Where.
    makers : mapping of str to Maker
        Policies by name.
    n, seed : int
        Cases.

    Returns
    -------
    dict of str to Figures
        Column for column the same cases.
    """

    def rows(numbers: Iterable[int]) -> Floats:
        """Cases, policies, columns."""
        return np.array(
            [
                [Figures.row(play(event, make(event))) for make in makers.values()]
                for event in events(world, numbers, seed)
            ],
            dtype=np.float64,
        )

    of_all = played(rows, n, what=f"{world.name}, {len(makers)} policies")
    return {name: Figures.of(of_all[:, at], world) for at, name in enumerate(makers)}


def print_table(figures: Mapping[str, Figures]) -> None:
    """Print one world's policies."""
    print("| policy | P(≤ 4 min) | P(≤ 6) | E[min(T, 600)] s | P(anyone) | alerts |")
    print("|---|---|---|---|---|---|")
    for name, of in figures.items():
        columns = (of.within_4_min, of.within_6_min, of.bounded_s, of.anyone)
        cells = " | ".join(str(interval(column)) for column in columns)
        print(f"| {name} | {cells} | {of.n_asked.mean():.2f} |")
