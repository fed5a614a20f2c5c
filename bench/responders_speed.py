"""How long a decision takes: 5,000 who may be asked, out of a million registered."""

from __future__ import annotations

import time

import numpy as np

from geofence import Mask, PointIndex
from geofence.cap_text import Circle
from geofence.metric import circle_polygon
from responders.facts import Candidates, CaseFacts, Skill
from responders.travel import Mode, great_circle_m
from responders.waves import Progress, decide_wave

REGISTERED = 1_000_000
ELIGIBLE = 5_000
#: A country of a million volunteers on foot, ten to the km².
WEST, SOUTH, EXTENT_DEG = 4.0, 50.0, 3.0
#: Holds more than 5,000 of them everywhere.
REACH_KM = 15.0
SHARE_FREE = 0.6
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
        Of the wall clock, search in the index included.
    cpu_ms : float
        Median of this thread alone: who shares the machine is not in it.
    n : int
        How many were weighed.
    """
    rng = np.random.default_rng(seed)
    lon = rng.uniform(WEST, WEST + EXTENT_DEG, REGISTERED)
    lat = rng.uniform(SOUTH, SOUTH + EXTENT_DEG, REGISTERED)
    free = (rng.random(REGISTERED) < SHARE_FREE).astype(np.uint32)
    p_accept = rng.beta(2, 4, REGISTERED)
    alerts = rng.poisson(0.3, REGISTERED).astype(float)
    index = PointIndex.build(np.arange(REGISTERED), lon, lat, attributes=free)
    seconds, weighed = [], 0
    for _ in range(REPEATS + 3):
        lon_at, lat_at = rng.uniform(0.5, EXTENT_DEG - 0.5, 2)
        here = WEST + float(lon_at), SOUTH + float(lat_at)
        start, cpu = time.perf_counter(), time.thread_time()
        circle = circle_polygon(Circle(lon=here[0], lat=here[1], radius_km=REACH_KM))
        ids = index.inside(circle, where=Mask(all_of=1))
        metres = great_circle_m(*here, lon[ids], lat[ids])
        nearest = np.argpartition(metres, ELIGIBLE)[:ELIGIBLE]
        ids, metres = ids[nearest], metres[nearest]
        whole = np.zeros(len(ids), dtype=np.int64)
        people = Candidates(
            ids=ids,
            lon=lon[ids],
            lat=lat[ids],
            # All within the first radius: the hardest case for the ranking.
            distance_m=metres * (1000.0 / metres.max()),
            mode=whole + Mode.DENSE,
            position_age_s=np.zeros(len(ids)),
            p_accept=p_accept[ids],
            channel=whole,
            skills=whole + int(Skill.CPR),
            alerts_30d=alerts[ids],
            bars=whole,
        )
        decision = decide_wave(CaseFacts(*here), people, Progress(0.0))
        seconds.append((time.perf_counter() - start, time.thread_time() - cpu))
        weighed = 0 if decision.ranking is None else decision.ranking.n_eligible
    # The first few load kernels and fill tables.
    wall, cpu_ms = 1e3 * np.array(seconds[3:]).T
    median, p95 = np.percentile(wall, [50, 95])
    return float(median), float(p95), float(np.median(cpu_ms)), weighed
