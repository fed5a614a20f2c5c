"""Ways to the patient by an AED that is open when one gets there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from responders.deciding.facts import CaseFacts, Floats, Ints, Promise, make_columns
from responders.deciding.travel import great_circle_m, travel_s

#: Seconds to get an AED out [proposed].
OUTDOOR_CABINET_S: Final = 40.0
INDOOR_OR_LOCKED_S: Final = 90.0


class Walker(Protocol):
    """Somebody at a place: who has accepted, or may."""

    @property
    def lon(self) -> float:
        """Degrees, WGS 84."""
        ...

    @property
    def lat(self) -> float:
        """Degrees, WGS 84."""
        ...

    @property
    def mode(self) -> int:
        """`travel.Mode`."""
        ...

    @property
    def position_age_s(self) -> float:
        """Seconds since the position was known."""
        ...


@dataclass(frozen=True, slots=True)
class Acceptor:
    """Somebody who has just accepted.

    Parameters
    ----------
    responder_id : int
        Who.
    lon, lat : float
        Last known position, degrees, WGS 84.
    mode : int
        `travel.Mode`.
    position_age_s : float
        Seconds since the position was known.
    """

    responder_id: int
    lon: float
    lat: float
    mode: int
    position_age_s: float = 0.0


@dataclass(frozen=True)
class AedSites:
    """AEDs near a case, as columns; only such as may be used and do not fail.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Each once.
    lon, lat : ndarray of float64, shape (n,)
        Degrees, WGS 84.
    access_s : ndarray of float64, shape (n,)
        To get it out: `OUTDOOR_CABINET_S` or `INDOOR_OR_LOCKED_S`.
    open_from_s, open_until_s : ndarray of float64, shape (n,)
        The opening that begins first and has not ended, seconds from now: 0 or less
        if open now; ``inf`` as its end if it never closes. An AED is taken only if
        the person gets there inside this time.

    Raises
    ------
    DecisionInputError
        If lengths differ.
    """

    ids: Ints
    lon: Floats
    lat: Floats
    access_s: Floats
    open_from_s: Floats
    open_until_s: Floats

    def __post_init__(self) -> None:
        make_columns(self)

    @classmethod
    def none(cls) -> AedSites:
        """No AED near."""
        numbers = np.empty(0)
        return cls(np.empty(0, np.int64), *(numbers for _ in range(5)))

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class AedRoute:
    """The fastest way by an AED that is open when the person gets there.

    Parameters
    ----------
    aed_id : int
        Which.
    pick_up_s : float
        Seconds from now until they are at it.
    shock_s : float
        Seconds until they are at the patient with it.
    """

    aed_id: int
    pick_up_s: float
    shock_s: float


def best_aed_route(
    case: CaseFacts,
    walker: Walker,
    aeds: AedSites,
    promises: tuple[Promise, ...] = (),
) -> AedRoute | None:
    """The fastest way to the patient by an AED that is open at pick-up.

    Parameters
    ----------
    case : CaseFacts
        The patient.
    walker : Walker
        Who fetches it.
    aeds : AedSites
        Near the patient.
    promises : tuple of Promise
        Their AEDs count as claimed.

    Returns
    -------
    AedRoute or None
        None if every AED is claimed or closed; ties go to the lower id.
    """
    if not len(aeds):
        return None
    pick_up, total = ways_by_aeds(case, (walker,), aeds)
    free = free_aeds(aeds, (each.aed_id for each in promises))
    left = np.where(free, total[0], np.inf)
    least = left.min()
    if least == np.inf:
        return None
    at = min(np.flatnonzero(left == least), key=lambda one: int(aeds.ids[one]))
    return AedRoute(int(aeds.ids[at]), float(pick_up[0, at]), float(least))


def ways_by_aeds(
    case: CaseFacts, walkers: Sequence[Walker], aeds: AedSites
) -> tuple[Floats, Floats]:
    """Every way of everybody by every AED, claimed or not.

    Parameters
    ----------
    case : CaseFacts
        The patient.
    walkers : sequence of Walker
        Who might fetch one; m of them.
    aeds : AedSites
        n of them.

    Returns
    -------
    pick_up_s, shock_s : ndarray of float64, shape (m, n)
        Seconds until the person is at the AED, and at the patient with it: inf if it
        is closed when they get there.
    """
    lon, lat, mode, age_s = (each[:, np.newaxis] for each in _columns_of(walkers))
    to_aed = travel_s(great_circle_m(lon, lat, aeds.lon, aeds.lat), mode, age_s)
    onward = travel_s(great_circle_m(aeds.lon, aeds.lat, case.lon, case.lat), mode)
    is_open = (to_aed >= aeds.open_from_s) & (to_aed <= aeds.open_until_s)
    return to_aed, np.where(is_open, to_aed + aeds.access_s + onward, np.inf)


def free_aeds(aeds: AedSites, claimed: Iterable[int | None]) -> NDArray[np.bool_]:
    """Which AEDs nobody has been sent to; shape (n,)."""
    free = np.ones(len(aeds), dtype=bool)
    for aed_id in claimed:
        # A handful at most: quicker one by one than as a set.
        if aed_id is not None:
            free &= aeds.ids != aed_id
    return free


def direct_ways_s(case: CaseFacts, walkers: Sequence[Walker]) -> Floats:
    """Seconds of each straight to the patient; shape (m,)."""
    lon, lat, mode, age_s = _columns_of(walkers)
    return travel_s(great_circle_m(lon, lat, case.lon, case.lat), mode, age_s)


def _columns_of(
    walkers: Sequence[Walker],
) -> tuple[Floats, Floats, NDArray[np.int64], Floats]:
    """Longitude, latitude, mode and age of the position; shape (m,) each."""
    facts = np.array(
        [(one.lon, one.lat, one.mode, one.position_age_s) for one in walkers]
    ).reshape(-1, 4)
    return facts[:, 0], facts[:, 1], facts[:, 2].astype(np.int64), facts[:, 3]


def direct_way_s(case: CaseFacts, walker: Walker) -> float:
    """Seconds straight to the patient.

    Parameters
    ----------
    case : CaseFacts
        The patient.
    walker : Walker
        Who goes.

    Returns
    -------
    float
    """
    metres = great_circle_m(walker.lon, walker.lat, case.lon, case.lat)
    return float(travel_s(metres, walker.mode, walker.position_age_s))
