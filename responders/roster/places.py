"""Where a volunteer may be: home and work with hours, a check-in, a reported position.

Nobody is tracked. What is known ages, and the age goes into the expected distance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from responders.errors import InvalidPositionError
from responders.roster.hours import Hours

#: A check-in or reported position counts this long.
CHECK_IN_HOLDS = timedelta(hours=12)
#: Clocks of phones and servers differ; more than this is the future.
CLOCK_SKEW = timedelta(minutes=5)
_MAX_LON, _MAX_LAT = 180.0, 90.0


class PlaceKind(StrEnum):
    """How a place is known; the order is that of preference."""

    #: Where the person said to be, or a system of theirs, not long ago.
    CHECK_IN = "check_in"
    WORK = "work"
    HOME = "home"


_PREFERENCE = {kind: rank for rank, kind in enumerate(PlaceKind)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One place of one person."""

    kind: PlaceKind
    #: Degrees, WGS 84.
    lon: float
    lat: float
    #: When the person is usually there, local time; None: at any time.
    hours: Hours | None = None
    #: Of a check-in: when it was made.
    reported_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse places off the earth, and check-ins without a time.

        Raises
        ------
        InvalidPositionError
            Says which.
        """
        require_position(self.lon, self.lat)
        if (self.kind is PlaceKind.CHECK_IN) != (self.reported_at is not None):
            raise InvalidPositionError("A check-in, and nothing else, has a time.")

    def holds(self, now: datetime, local: datetime) -> bool:
        """Whether the person is to be looked for here."""
        if self.reported_at is not None:
            return now - self.reported_at < CHECK_IN_HOLDS
        return self.hours is None or self.hours.holds(local)

    def age_s(self, now: datetime) -> float:
        """Age of a check-in in seconds; 0 for a home or work place in its hours."""
        if self.reported_at is None:
            return 0.0
        return max(0.0, (now - self.reported_at).total_seconds())


def current_place(
    places: Iterable[Place], now: datetime, local: datetime
) -> Place | None:
    """Where somebody is taken to be: check-in before work before home.

    Parameters
    ----------
    places : iterable of Place
    now : datetime
        Aware UTC.
    local : datetime
        The same moment where the person lives.
    """
    holding = [place for place in places if place.holds(now, local)]
    return min(holding, key=lambda place: _PREFERENCE[place.kind], default=None)


def require_position(lon: float, lat: float) -> None:
    """Refuse coordinates that are nowhere.

    Raises
    ------
    InvalidPositionError
        If they are not degrees on the earth, or 0, 0.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise InvalidPositionError("The position is not a pair of numbers.")
    if abs(lon) > _MAX_LON or abs(lat) > _MAX_LAT:
        raise InvalidPositionError(
            f"lon {lon:.5f}, lat {lat:.5f} is not on the earth; are they exchanged?"
        )
    if lon == 0 and lat == 0:
        raise InvalidPositionError(
            "0, 0 lies in the sea off Africa: what a phone without a fix reports."
        )


def require_time(reported_at: datetime, now: datetime) -> None:
    """Refuse a position from the future, or one too old to be of use.

    Raises
    ------
    InvalidPositionError
        Says which.
    """
    if reported_at > now + CLOCK_SKEW:
        raise InvalidPositionError("The position is from the future; check the clock.")
    if now - reported_at >= CHECK_IN_HOLDS:
        raise InvalidPositionError("The position is older than 12 hours.")
