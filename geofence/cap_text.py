"""CAP polygon and circle text, ``lat,lon``, to ``lon, lat`` shapes and back.

Source: OASIS CAP 1.2, section 3.2.4 (polygon: at least 4 pairs, last = first;
circle: one pair and a radius in kilometres).
"""

import math
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofence.errors import (
    AreaSyntaxError,
    EmptyGeometryError,
    InvalidCircleError,
    InvalidCoordinateError,
    SwappedAxesError,
)

MAX_LAT = 90.0
#: Longitudes past the antimeridian are accepted one turn far, and normalised later.
MAX_LON = 540.0
MIN_RING = 3


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the earth; see `geofence.metric.circle_polygon` for its polygon.

    Parameters
    ----------
    lon, lat : float
        Centre, degrees, WGS 84.
    radius_km : float
        Geodesic radius, kilometres, >= 0. Zero marks a place, not a target.
    """

    lon: float
    lat: float
    radius_km: float


def parse_polygon(text: str) -> Polygon:
    """Read the text of a CAP ``polygon``.

    Parameters
    ----------
    text : str
        ``lat,lon`` pairs in degrees, separated by any white space.

    Returns
    -------
    shapely Polygon
        x = longitude; closed if it was not; not yet checked for validity (see
        `geofence.area.area_of`).

    Raises
    ------
    AreaSyntaxError
        If a pair cannot be read; names the pair.
    EmptyGeometryError
        If there are fewer than three pairs.
    InvalidCoordinateError
        If a number is not finite or out of range; `SwappedAxesError`, with the text
        turned round, if the pairs are most likely ``lon,lat``.

    Examples
    --------
    >>> parse_polygon("11,104 11,105 12,105 11,104").bounds
    (104.0, 11.0, 105.0, 12.0)
    """
    words = text.split()
    flawless = _flawless(words)
    if flawless is not None:
        return Polygon(flawless)
    pairs = [_pair(word, number) for number, word in enumerate(words, 1)]
    if len(pairs) < MIN_RING:
        msg = (
            f"The polygon has {len(pairs)} points, but needs at least {MIN_RING} "
            "corners. Give its corners as 'lat,lon lat,lon ...'."
        )
        raise EmptyGeometryError(msg)
    for number, (lat, lon) in enumerate(pairs, 1):
        if not (abs(lat) <= MAX_LAT and abs(lon) <= MAX_LON):
            _refuse_range(pairs, number)
    return Polygon([(lon, lat) for lat, lon in pairs])


def parse_circle(text: str) -> Circle:
    """Read the text of a CAP ``circle``: ``lat,lon radius`` with kilometres.

    Parameters
    ----------
    text : str
        One pair and one radius, separated by white space.

    Returns
    -------
    Circle
        Radius zero is kept: the caller decides what an epicentre means.

    Raises
    ------
    AreaSyntaxError
        If it is not a pair and a number.
    InvalidCircleError
        If the radius is negative or not finite.
    InvalidCoordinateError
        If the centre is not finite or out of range; `SwappedAxesError` as above.

    Examples
    --------
    >>> parse_circle("11.5,104.9 20")
    Circle(lon=104.9, lat=11.5, radius_km=20.0)
    """
    words = text.split()
    if len(words) != 2:  # noqa: PLR2004 - a pair and a radius
        msg = f"A circle is written 'lat,lon radius_km', but this is {text.strip()!r}."
        raise AreaSyntaxError(msg)
    lat, lon = _pair(words[0], 1)
    if not (abs(lat) <= MAX_LAT and abs(lon) <= MAX_LON):
        _refuse_range([(lat, lon)], 1, tail=f" {words[1]}")
    try:
        radius_km = float(words[1])
    except ValueError as error:
        msg = f"The radius of the circle, {words[1]!r}, is not a number of kilometres."
        raise AreaSyntaxError(msg) from error
    if not (math.isfinite(radius_km) and radius_km >= 0):
        msg = f"The radius of the circle is {words[1]}; it must be 0 km or more."
        raise InvalidCircleError(msg)
    return Circle(lon, lat, radius_km)


def format_polygon(polygon: Polygon) -> str:
    """Write the shell of a polygon as CAP text, ``lat,lon``, 7 decimals.

    Parameters
    ----------
    polygon : shapely Polygon
        x = longitude. CAP has no holes: those inside a hole are warned too, so the
        text is a superset. For a multi-part area write one per part.

    Returns
    -------
    str
        Closed ring, pairs separated by one blank.
    """
    coords = polygon.exterior.coords
    return " ".join(f"{_degrees(xy[1])},{_degrees(xy[0])}" for xy in coords)


def format_circle(circle: Circle) -> str:
    """Write a circle as CAP text.

    Parameters
    ----------
    circle : Circle
        Any.

    Returns
    -------
    str
        ``lat,lon radius`` with kilometres.
    """
    radius = f"{circle.radius_km:.6f}".rstrip("0").rstrip(".")
    return f"{_degrees(circle.lat)},{_degrees(circle.lon)} {radius}"


def _flawless(words: list[str]) -> NDArray[np.float64] | None:
    """All pairs at once where nothing is wrong with any; None if something is.

    Outlines of 40,000 points are real; what is wrong is looked for one by one.

    Returns
    -------
    (n, 2) float64 array or None
        Longitude, latitude.
    """
    if len(words) < MIN_RING or any(word.count(",") != 1 for word in words):
        return None
    numbers = ",".join(words).split(",")
    try:
        flat = np.fromiter(map(float, numbers), dtype=np.float64, count=len(numbers))
    except ValueError:
        return None
    turned = flat.reshape(-1, 2)[:, ::-1]
    # What is not a number is never within a limit.
    is_in_range = (np.abs(turned) <= (MAX_LON, MAX_LAT)).all()
    return turned if is_in_range else None


def _pair(word: str, number: int) -> tuple[float, float]:
    """One ``lat,lon`` word to two finite floats.

    Raises
    ------
    AreaSyntaxError
        If it cannot be read; says where.
    InvalidCoordinateError
        If a number is not finite or out of range.
    """
    parts = word.split(",")
    try:
        first, second = (float(part) for part in parts)
    except ValueError as error:
        msg = f"Point {number}, {word[:40]!r}, is not a 'lat,lon' pair of numbers."
        raise AreaSyntaxError(msg) from error
    if not (math.isfinite(first) and math.isfinite(second)):
        msg = f"Point {number}, {word[:40]!r}, is not finite."
        raise InvalidCoordinateError(msg)
    return first, second


def _refuse_range(
    pairs: list[tuple[float, float]], number: int, tail: str = ""
) -> NoReturn:
    """Raise for the given pair (from 1), as swapped axes where that explains it.

    Raises
    ------
    InvalidCoordinateError
        If a number is not finite or out of range.
    SwappedAxesError
        If only the other order of axes makes sense.
    """
    lat, lon = pairs[number - 1]
    where = f"Point {number} ({lat:g},{lon:g})"
    if all(abs(a) <= MAX_LON and abs(b) <= MAX_LAT for a, b in pairs):
        swapped = " ".join(f"{_degrees(b)},{_degrees(a)}" for a, b in pairs) + tail
        msg = (
            f"{where} has a latitude beyond 90. The axes are most likely exchanged: "
            "CAP wants 'lat,lon'. Check, and send it the other way round."
        )
        raise SwappedAxesError(msg, swapped=swapped)
    msg = f"{where} is out of range: latitude is -90 to 90, longitude -180 to 180."
    raise InvalidCoordinateError(msg)


def _degrees(value: float) -> str:
    """Degrees with at most 7 decimals (1.1 cm) and no trailing zeros."""
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
