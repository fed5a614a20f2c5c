"""Whole systems: their own alerting with their own roles, on the same cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench.responders.cores import played
from bench.responders.figures import Figures, Floats
from bench.responders.ours import ours
from bench.responders.play import History, play
from bench.responders.roles import (
    Rule,
    all_direct,
    hartslagnu,
    hjerteloeber,
    yes_of,
)
from bench.responders.rules import Maker, everybody, nearest
from bench.responders.world import Event, World, events
from responders.deciding.roles import RolePolicy


@dataclass(frozen=True)
class System:
    """Whom it asks, and what it does with those who accept; None leaves it to it."""

    make: Maker
    rule: Rule | None = None


SYSTEMS: dict[str, System] = {
    "nobody (ambulance alone)": System(nearest(0)),
    "all within 400 m, direct": System(everybody(400.0), all_direct),
    "10 nearest, direct": System(nearest(10), all_direct),
    "HartslagNu: 30 in 1 km, its roles": System(nearest(30, 1000.0), hartslagnu),
    "Hjerteløber: 20 nearest, its roles": System(nearest(20, 5000.0), hjerteloeber),
    "ours": System(ours(roles=RolePolicy())),
}


def system_times(world: World, name: str, n: int, seed: int) -> Figures:
    """Play a system through cases.

    Parameters
    ----------
    world : World
        Where.
    name : str
        Of `SYSTEMS`.
    n, seed : int
        Cases.

    Returns
    -------
    Figures
    """
    system = SYSTEMS[name]

    def rows(numbers: Iterable[int]) -> Floats:
        """Cases, columns."""
        each = events(world, numbers, seed)
        return np.array([Figures.row(_history(system, event)) for event in each])

    return Figures.of(played(rows, n, what=f"{world.name}, {name}"), world)


def _history(system: System, event: Event) -> History:
    """One case by a system, its roles included."""
    history = play(event, system.make(event))
    if system.rule is not None:
        people = [yes_of(event, row, at) for row, at in history.yes_s.items()]
        times = system.rule(event, people)
        history.arrival_s, history.shock_s = times.cpr_s, times.shock_s
    return history
