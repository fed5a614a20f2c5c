"""A decision is quick enough that nobody waits for it."""

from __future__ import annotations

import time

import numpy as np

from bench.responders.speed import NOW, REACH_M, SOUTH, WEST, directory
from responders.cases.directory import MOST_NEAR
from responders.deciding.facts import CaseFacts
from responders.deciding.waves import Progress, WavePolicy, decide_wave

#: Ten times as many people on the same area as are looked at.
N_PEOPLE = 50_000
EXTENT_DEG = 0.5
#: The goal is 50 ms on a machine of its own; here others may be running.
GENEROUS_MS = 250.0


def test_a_decision_over_thousands_takes_milliseconds() -> None:
    """Search, bars, chances and ranking of the 5,000 nearest, the best of five."""
    shown = directory(np.random.default_rng(3), N_PEOPLE, EXTENT_DEG)
    lon, lat = WEST + EXTENT_DEG / 2, SOUTH + EXTENT_DEG / 2
    policy = WavePolicy(radii_m=(REACH_M,))
    spent = []
    for _ in range(5):
        start = time.thread_time()
        people = shown.near(lon, lat, within_m=REACH_M, moment=(NOW, NOW))
        facts = CaseFacts(lon, lat)
        decision = decide_wave(facts, people, Progress(0.0), policy=policy)
        spent.append(1e3 * (time.thread_time() - start))
    assert decision.ranking is not None
    assert decision.ranking.n_eligible == MOST_NEAR
    assert min(spent) <= GENEROUS_MS
