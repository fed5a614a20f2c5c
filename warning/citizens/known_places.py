"""Places by their names, with a point inside: for whoever types where something is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.place_book import CurrentPlaces

#: Two numbers, latitude first: as maps on the web copy a point.
_PAIR = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_MAX_LON = 180.0
_MAX_LAT = 90.0


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPlace:
    """A place with a name, or a point without one."""

    name: str
    #: What it lies in; empty for the largest and for points.
    within: str
    #: Degrees, WGS 84.
    lon: float
    lat: float


class KnownPlaces:
    """Finds places.

    Parameters
    ----------
    places : callable
        The imported areas by name.
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(
        self, places: CurrentPlaces, *, read_uow: Callable[[], UnitOfWork]
    ) -> None:
        self._places = places
        self._read_uow = read_uow

    def search(self, words: str, *, language: str, limit: int) -> Sequence[KnownPlace]:
        """Places with these words in their name, or the point that is written."""
        point = _point(words)
        if point is not None:
            return [point]
        book = self._places()
        found = []
        with self._read_uow() as uow:
            for one in book.like(words, limit=limit):
                shape = uow.citizens.area_shape(one.code)
                above = book.get(one.parent) if one.parent else None
                if shape is None:
                    continue
                inside = shape.representative_point()
                found.append(
                    KnownPlace(
                        name=one.name_in(language),
                        within=above.name_in(language) if above else "",
                        lon=inside.x,
                        lat=inside.y,
                    )
                )
        return found


def _point(words: str) -> KnownPlace | None:
    """Read latitude and longitude, in this order.

    Examples
    --------
    >>> _point("11.56, 104.92").lon
    104.92
    >>> _point("Street 63") is None
    True
    """
    pair = _PAIR.fullmatch(words)
    if pair is None:
        return None
    lat, lon = float(pair[1]), float(pair[2])
    if abs(lat) > _MAX_LAT or abs(lon) > _MAX_LON:
        return None
    return KnownPlace(name=words.strip(), within="", lon=lon, lat=lat)
