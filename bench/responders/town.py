"""A town whose people are asked again and again: what learning of them brings.

Everybody has a p of their own, Beta(2, 4); it is learnt from their answers as the
service learns it, and then tried on cases never seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bench.responders.figures import Floats, gini
from bench.responders.ours import ours
from bench.responders.play import History, play
from bench.responders.world import LAT, LON, NEVER, Event, World, degrees
from responders.deciding.acceptance import TYPICAL_P, accept_probability
from responders.deciding.facts import Candidates, CaseFacts, Skill
from responders.deciding.roles import AedSites
from responders.deciding.travel import DETOUR, SPEED_M_S
from responders.deciding.waves import WavePolicy

#: So many people in all, whatever their density: alerts of each stay the same. The
#: specification does not say how many share the alerts, and everything hangs on it.
N_PEOPLE = 314
BETA = (2.0, 4.0)
#: People asked where few may be: half of a usual first wave.
FEW = 5


@dataclass(frozen=True)
class Learning:
    """What came out.

    Parameters
    ----------
    n_alerts : int
        From which was learnt.
    brier_over_oracle : float
        Mean squared error of the learnt p of people alerted in new cases, which is the
        Brier score over that of who knows every p.
    floor : float
        What the best of all estimators would have: the variance that p still has, its
        true distribution and all answers being known.
    gain_in_4_min : ndarray of float64
        Arrived within 4 min (1 or 0) with learnt p, less that with a constant; one a
        new case, same luck.
    gain_with_few : ndarray of float64
        The same where either may ask `FEW` people a case and no more: whom it asks is
        then all that p decides.
    gini : float
        Inequality of alerts among people.
    """

    n_alerts: int
    brier_over_oracle: float
    floor: float
    gain_in_4_min: Floats
    gain_with_few: Floats
    gini: float


class Town:
    """People with places and a willingness of their own.

    Parameters
    ----------
    density : float
        People per km².
    seed : int
        Of everything in it.
    n : int
        People.
    """

    def __init__(self, density: float, seed: int, n: int = N_PEOPLE) -> None:
        self.world = World.named("reference-10", density=density)
        self.radius_m = 1e3 * math.sqrt(n / density / math.pi)
        rng = np.random.default_rng([seed, 1])
        radius = self.radius_m * np.sqrt(rng.random(n))
        angle = 2 * math.pi * rng.random(n)
        self.east, self.north = radius * np.cos(angle), radius * np.sin(angle)
        self.p_true = rng.beta(*BETA, n)
        self.believed = np.full(n, TYPICAL_P)
        self._seed = seed

    def cases(self, n: int, *, kind: int) -> Iterator[tuple[np.ndarray, Event]]:
        """Draw cases; yields the people around each and the event, row for row."""
        for number in range(n):
            rng = np.random.default_rng([self._seed, kind, number])
            r, angle = (
                self.radius_m * math.sqrt(rng.random()),
                2 * math.pi * rng.random(),
            )
            east = self.east - r * math.cos(angle)
            north = self.north - r * math.sin(angle)
            accept = rng.random(len(east))
            delay = rng.lognormal(
                math.log(self.world.median_s), self.world.sigma, len(east)
            )
            near = np.flatnonzero(np.hypot(east, north) <= self.world.radius_m)
            yes = np.where(accept < self.p_true, delay, NEVER)[near]
            yield near, self._event(number, east[near], north[near], yes, near)

    def _event(
        self, number: int, east: Floats, north: Floats, yes_s: Floats, near: np.ndarray
    ) -> Event:
        """One case as the bench plays it."""
        n = len(near)
        lon, lat = degrees(east, north)
        metres = np.hypot(east, north)
        zeros, whole = np.zeros(n), np.zeros(n, dtype=np.int64)
        return Event(
            number,
            CaseFacts(LON, LAT),
            Candidates(
                ids=np.arange(n),
                lon=lon,
                lat=lat,
                distance_m=metres,
                mode=whole + self.world.mode,
                position_age_s=zeros,
                p_accept=self.believed[near],
                channel=whole,
                skills=whole + int(Skill.CPR),
                alerts_30d=zeros,
                bars=whole,
            ),
            AedSites.none(),
            lon,
            lat,
            yes_s,
            np.full(n, NEVER),
            DETOUR * metres / SPEED_M_S[self.world.mode],
            np.zeros(n + 1),
        )


def learn(
    density: float, n_alerts: int, n_tests: int, seed: int, n_people: int = N_PEOPLE
) -> Learning:
    """Ask people until so many alerts are known, then try what was learnt.

    Parameters
    ----------
    density : float
        People per km².
    n_alerts : int
        To learn from.
    n_tests : int
        New cases.
    seed : int
        Of the town and all cases.
    n_people : int
        Who share the alerts.

    Returns
    -------
    Learning
    """
    town, make = Town(density, seed, n_people), ours()
    few = ours(WavePolicy(first_least=FEW, first_most=FEW, most_in_all=FEW))
    asked, said_yes = np.zeros((2, n_people))
    for near, event in town.cases(n_alerts, kind=2):
        if asked.sum() >= n_alerts:
            break
        history = play(event, make(event))
        asked[near[list(history.asked_s)]] += 1
        said_yes[near[list(history.yes_s)]] += 1
        town.believed = accept_probability(TYPICAL_P, said_yes, asked)
    errors: list[float] = []
    tried: list[int] = []
    difference, with_few = np.empty((2, n_tests))
    for at, (near, event) in enumerate(town.cases(n_tests, kind=3)):
        with_learnt = play(event, make(event))
        people = near[list(with_learnt.asked_s)]
        errors += ((town.believed - town.p_true)[people] ** 2).tolist()
        tried += people.tolist()
        constant = replace(
            event,
            known=replace(event.known, p_accept=np.full(len(near), TYPICAL_P)),
        )
        without = play(constant, make(constant))
        difference[at] = _in_4_min(with_learnt) - _in_4_min(without)
        chosen, blind = play(event, few(event)), play(constant, few(constant))
        with_few[at] = _in_4_min(chosen) - _in_4_min(blind)
    return Learning(
        int(asked.sum()),
        float(np.mean(errors)),
        float(_variance_left(asked, said_yes)[tried].mean()),
        difference,
        with_few,
        gini(asked),
    )


def _variance_left(asked: Floats, said_yes: Floats) -> Floats:
    """Variance of the p of each person, a priori Beta(2, 4), after their answers."""
    yes, no = BETA[0] + said_yes, BETA[1] + asked - said_yes
    return yes * no / ((yes + no) ** 2 * (yes + no + 1.0))


def _in_4_min(history: History) -> float:
    return float(history.arrival_s <= 240.0)
