"""How long a decision takes: 5,000 who may be asked, out of a million registered."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import numpy as np

from responders.cases.directory import Shown
from responders.deciding.facts import CaseFacts, Skill
from responders.deciding.travel import Mode
from responders.deciding.waves import Progress, WavePolicy, decide_wave
from responders.roster.columns import SKILLS, Columns, seconds
from telephony.delivery import Channel

REGISTERED = 1_000_000
NOW = datetime(2026, 9, 3, 3, 0, tzinfo=UTC)
#: A country of a million volunteers on foot, twenty to the km².
WEST, SOUTH, EXTENT_DEG = 4.0, 50.0, 2.5
#: Holds more than 5,000 of them everywhere, so that all 5,000 looked at may be asked.
REACH_M = 11_000.0
REPEATS = 50


def decision_ms(seed: int) -> tuple[float, float, float, int]:
    """Time from the place of a case to the ordered choice.

    Parameters
    ----------
    seed : int
        Of the people.

    Returns
    -------
    median_ms, p95_ms : float
        Of the wall clock, the search included.
    cpu_ms : float
        Median of this thread alone: who shares the machine is not in it.
    n : int
        How many were weighed.
    """
    rng = np.random.default_rng(seed)
    shown = directory(rng)
    # One radius, as if nobody were nearer: the hardest case for the ranking.
    policy = WavePolicy(radii_m=(REACH_M,))
    spent, weighed = [], 0
    for _ in range(REPEATS + 3):
        east, north = rng.uniform(0.5, EXTENT_DEG - 0.5, 2).tolist()
        lon, lat = WEST + east, SOUTH + north
        start, cpu = time.perf_counter(), time.thread_time()
        people = shown.near(lon, lat, within_m=REACH_M, moment=(NOW, NOW))
        decision = decide_wave(
            CaseFacts(lon, lat), people, Progress(0.0), policy=policy
        )
        spent.append((time.perf_counter() - start, time.thread_time() - cpu))
        weighed = 0 if decision.ranking is None else decision.ranking.n_eligible
    # The first few fill tables.
    wall, cpu_ms = 1e3 * np.array(spent[3:]).T
    median, p95 = np.percentile(wall, [50, 95])
    return float(median), float(p95), float(np.median(cpu_ms)), weighed


def directory(
    rng: np.random.Generator, n: int = REGISTERED, extent_deg: float = EXTENT_DEG
) -> Shown:
    """People who may all be asked, as the worker keeps them.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of their places and histories.
    n : int
        How many are registered.
    extent_deg : float
        Side of their country.

    Returns
    -------
    Shown
    """
    people = Columns.empty(n)
    people.ids[:] = np.arange(n)
    people.is_opted_in[:] = people.is_on[:] = True
    people.verified_at[:] = seconds(NOW)
    people.until[:, SKILLS.index(Skill.CPR)] = seconds(NOW + timedelta(days=300))
    people.channels[:] = int(Channel.SMS | Channel.VOICE)
    people.mode[:] = int(Mode.DENSE)
    people.n_asked[:] = 8
    people.n_accepted[:] = rng.binomial(8, rng.beta(2, 4, n))
    people.lon[:, 0] = WEST + extent_deg * rng.random(n)
    people.lat[:, 0] = SOUTH + extent_deg * rng.random(n)
    return Shown(people, np.arange(n), n, 1)
