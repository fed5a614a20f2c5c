"""What citizens see: reports, the same thing put together, how far to believe them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from warning.people.whereabout import NOWHERE, Whereabout

#: Two reports of one kind within these are of one thing.
SAME_WITHIN_M = 150.0
SAME_WITHIN = timedelta(minutes=60)
MAX_WORDS = 1_600
_EARTH_M = 6_371_008.8


class ReportKind(StrEnum):
    """What is seen; the values are those of the telephone menu."""

    FLOOD = "flood"
    FIRE = "fire"
    ROAD = "road"
    BUILDING = "building"
    POWER = "power"
    OTHER = "other"


class ReportState(StrEnum):
    """What an operator thinks of it."""

    NEW = "new"
    VERIFIED = "verified"
    DISMISSED = "dismissed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenReport:
    """One report of one person."""

    number: int | None = None
    #: Number of the first report of the same thing; None starts a new one.
    cluster: int | None = None
    #: E.164, or empty; kept out of ``repr`` because logs are read by many.
    phone: str = field(repr=False)
    language: str
    kind: ReportKind
    is_hurt: bool
    words: str = field(default="", repr=False)
    where: Whereabout = NOWHERE
    reported_at: datetime
    state: ReportState = ReportState.NEW
    judged_by: str | None = None
    judged_at: datetime | None = None


def cluster_of(report: CitizenReport, others: Sequence[CitizenReport]) -> int | None:
    """Number of the cluster a report belongs to; None if it is the first of its kind.

    Parameters
    ----------
    others : sequence of CitizenReport
        Of the same kind and the last hour, oldest first.

    Notes
    -----
    A report known to an area only is put with others of that area; one without any
    place stands alone.
    """
    best: tuple[float, int] | None = None
    for other in others:
        away_m = _apart_m(report.where, other.where)
        number = other.cluster or other.number
        is_near = away_m <= SAME_WITHIN_M and _is_soon(report, other)
        if is_near and number is not None and (best is None or away_m < best[0]):
            best = (away_m, number)
    return None if best is None else best[1]


def credibility(reports: Sequence[CitizenReport]) -> float:
    """How far to believe a cluster, 0 to 1, by how many phones told it.

    One phone 0.5, two 0.75, three 0.88: each independent phone halves the doubt. The
    same phone again adds nothing.
    """
    phones = {one.phone for one in reports if one.phone}
    return 1.0 - 0.5 ** len(phones)


def distance_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Metres between two positions in degrees, on a sphere (haversine)."""
    south, north = math.radians(lat), math.radians(to_lat)
    half_lat = (north - south) / 2
    half_lon = math.radians((to_lon - lon + 180.0) % 360.0 - 180.0) / 2
    a = (
        math.sin(half_lat) ** 2
        + math.cos(south) * math.cos(north) * math.sin(half_lon) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(a)))


def _apart_m(one: Whereabout, other: Whereabout) -> float:
    if (
        one.lon is not None
        and one.lat is not None
        and other.lon is not None
        and other.lat is not None
    ):
        return distance_m(one.lon, one.lat, other.lon, other.lat)
    is_same_area = one.area_code is not None and one.area_code == other.area_code
    is_vague = one.lon is None and other.lon is None
    return 0.0 if is_same_area and is_vague else math.inf


def _is_soon(one: CitizenReport, other: CitizenReport) -> bool:
    return abs(one.reported_at - other.reported_at) <= SAME_WITHIN
