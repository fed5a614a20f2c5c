"""Seeded cases for the responder bench: what is true, and what a policy may know.

Every hidden draw belongs to one person in one case: asking more people, or others,
never changes anybody's luck, so policies are compared on the same cases.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from responders.deciding.acceptance import Channel
from responders.deciding.facts import Candidates, CaseFacts, Skill
from responders.deciding.roles import OUTDOOR_CABINET_S, AedSites
from responders.deciding.travel import (
    DETOUR,
    EARTH_RADIUS_M,
    SPEED_M_S,
    STALE_AFTER_S,
    STALE_ERROR_M,
)

WORLDS = Path(__file__).with_name("worlds.toml")
#: Where all cases happen; only distances matter.
LON, LAT = 4.9, 52.4
#: AEDs lie somewhat farther out than responders, so that the rim has some too.
AED_MARGIN_M = 500.0
NEVER = math.inf


@dataclass(frozen=True)
class World:
    """Parameters of a world; see ``worlds.toml`` for units and marks."""

    name: str
    density: float
    radius_m: float
    p_accept: float
    beta: tuple[float, ...]
    median_s: float
    sigma: float
    mode: int
    decline_share: float
    unreachable: float
    p_factor: float
    stale: bool
    aed_density: float
    ems_s: float
    clusters: int

    @classmethod
    def named(cls, name: str, **changes: Any) -> World:
        """Read a world from the file, with some parameters changed."""
        worlds = tomllib.loads(WORLDS.read_text(encoding="utf-8"))
        values: dict[str, Any] = {**worlds["defaults"], **worlds["worlds"][name]}
        values["beta"] = tuple(values["beta"])
        return replace(cls(name=name, **values), **changes)


@dataclass(frozen=True)
class Event:
    """One case with everybody's luck.

    Parameters
    ----------
    number : int
        Which.
    case : CaseFacts
        As known at the trigger.
    known : Candidates
        What a policy may know of the people.
    aeds : AedSites
        Around the patient.
    lon, lat : ndarray of float64, shape (n,)
        Where people truly are.
    yes_s, no_s : ndarray of float64, shape (n,)
        Seconds after being asked until they say yes or no; ``inf`` for never.
    travel_s : ndarray of float64, shape (n,)
        True way from leaving to the patient.
    luck : ndarray of float64, shape (n + 1,)
        Uniform draws for policies that need chance: one a person, one of the case.
    """

    number: int
    case: CaseFacts
    known: Candidates
    aeds: AedSites
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    yes_s: NDArray[np.float64]
    no_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    luck: NDArray[np.float64]


def events(world: World, numbers: Iterable[int], seed: int) -> Iterator[Event]:
    """Draw cases.

    Parameters
    ----------
    world : World
        Its parameters.
    numbers : iterable of int
        Which cases.
    seed : int
        The same seed gives the same cases.

    Yields
    ------
    Event
    """
    for number in numbers:
        yield _event(world, number, np.random.default_rng([seed, number]))


def _event(world: World, number: int, rng: np.random.Generator) -> Event:
    """One case."""
    n = rng.poisson(world.density * math.pi * (world.radius_m / 1e3) ** 2)
    east, north = _places(world, n, rng)
    distance = np.hypot(east, north)
    p_true = rng.beta(*world.beta, n) if world.beta else np.full(n, world.p_accept)
    accept, decline, reach, angle = rng.random((4, n))
    delay_s = rng.lognormal(math.log(world.median_s), world.sigma, n)
    reached = reach >= world.unreachable
    says_yes = reached & (accept < p_true)
    says_no = reached & ~says_yes & (decline < world.decline_share)
    luck = rng.random(n + 1)
    seen_east, seen_north, age = east, north, np.zeros(n)
    if world.stale:
        seen_east = east + STALE_ERROR_M * np.cos(2 * math.pi * angle)
        seen_north = north + STALE_ERROR_M * np.sin(2 * math.pi * angle)
        age = np.full(n, STALE_AFTER_S)
    seen = degrees(seen_east, seen_north)
    return Event(
        number,
        CaseFacts(LON, LAT, ems_eta_s=world.ems_s or None),
        Candidates(
            ids=np.arange(n),
            lon=seen[0],
            lat=seen[1],
            distance_m=np.hypot(seen_east, seen_north),
            mode=np.full(n, world.mode),
            position_age_s=age,
            p_accept=np.full(n, min(world.p_factor * world.p_accept, 0.95)),
            channel=np.full(n, Channel.BOTH),
            skills=np.full(n, int(Skill.CPR | Skill.VERIFIED)),
            alerts_30d=np.zeros(n),
            bars=np.zeros(n, dtype=np.int64),
        ),
        _aeds(world, rng),
        *degrees(east, north),
        np.where(says_yes, delay_s, NEVER),
        np.where(says_no, delay_s, NEVER),
        DETOUR * distance / SPEED_M_S[world.mode],
        luck,
    )


def _places(
    world: World, n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres east and north of the patient, within the radius."""
    r = world.radius_m * np.sqrt(rng.random(n))
    angle = 2 * math.pi * rng.random(n)
    east, north = r * np.cos(angle), r * np.sin(angle)
    if world.clusters and n:
        at = rng.integers(0, world.clusters, n)
        centre = np.flatnonzero(np.arange(n) < world.clusters)
        spread = rng.normal(0, world.radius_m / 10, (2, n))
        east = east[centre[at % len(centre)]] + spread[0]
        north = north[centre[at % len(centre)]] + spread[1]
    return east, north


def _aeds(world: World, rng: np.random.Generator) -> AedSites:
    """AEDs, all outdoors and open, somewhat beyond the radius."""
    reach_m = world.radius_m + AED_MARGIN_M
    n = rng.poisson(world.aed_density * math.pi * (reach_m / 1e3) ** 2)
    r, angle = reach_m * np.sqrt(rng.random(n)), 2 * math.pi * rng.random(n)
    lon, lat = degrees(r * np.cos(angle), r * np.sin(angle))
    never, now = np.full(n, NEVER), np.zeros(n)
    return AedSites(np.arange(n), lon, lat, now + OUTDOOR_CABINET_S, now, never)


def degrees(
    east: NDArray[np.float64], north: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres around the patient to degrees."""
    per_radian = EARTH_RADIUS_M * math.cos(math.radians(LAT))
    return LON + np.degrees(east / per_radian), LAT + np.degrees(north / EARTH_RADIUS_M)
