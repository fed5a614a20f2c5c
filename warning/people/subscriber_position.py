"""Where a line of a list of subscribers says somebody is."""

from __future__ import annotations

import math
from typing import NoReturn, TypeAlias

from warning.people.subscriber_fields import FieldError, quoted

#: west, south, east, north; degrees, WGS 84.
Box: TypeAlias = tuple[float, float, float, float]

_MAX_LAT = 90.0
_MAX_LON = 180.0


def parse_position(
    lon_text: str, lat_text: str, *, box: Box | None
) -> tuple[float, float]:
    """Return longitude and latitude in degrees.

    Parameters
    ----------
    lon_text, lat_text : str
        Decimal degrees, WGS 84.
    box : tuple of float, optional
        The country's west, south, east, north. A position outside it is accepted
        (people live across borders) unless it lies inside when the two are exchanged.

    Raises
    ------
    FieldError
        If one is missing, not a number, impossible, or both are exchanged.
    """
    lon = _degrees("lon", lon_text)
    lat = _degrees("lat", lat_text)
    if lon == 0 == lat:
        raise FieldError(
            "lon", "position", "Both lon and lat are 0; give the true position."
        )
    is_possible = abs(lon) <= _MAX_LON and abs(lat) <= _MAX_LAT
    if is_possible and (box is None or is_inside(lon, lat, box)):
        return lon, lat
    if _is_exchanged(lon, lat, box):
        raise FieldError(
            "lon",
            "position-swapped",
            f"lon {lon:g} and lat {lat:g} look exchanged; lon is east-west, lat is "
            f"north-south.",
        )
    if not is_possible:
        _refuse_range(lon, lat)
    return lon, lat


def _refuse_range(lon: float, lat: float) -> NoReturn:
    is_lat = abs(lat) > _MAX_LAT
    column, value, limit = ("lat", lat, _MAX_LAT) if is_lat else ("lon", lon, _MAX_LON)
    raise FieldError(
        column,
        "position-range",
        f"{column} is {value:g}, beyond {limit:g} degrees; write decimal degrees of "
        f"WGS 84.",
    )


def _degrees(column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # float() also reads "1_0", which no list of people means.
    if not math.isfinite(value) or "_" in text:
        raise FieldError(column, "position", _not_degrees(column, text))
    return value


def _not_degrees(column: str, text: str) -> str:
    if not text:
        return f"{column} is missing; give both lon and lat, or an area."
    if text.count(",") == 1 and text.replace(",", "").strip("+-").isdigit():
        return (
            f"{column} is {quoted(text)}; write it with a point: "
            f"{text.replace(',', '.')}."
        )
    return f"{column} is {quoted(text)}, not a number of degrees such as 104.9282."


def is_inside(lon: float, lat: float, box: Box) -> bool:
    """Tell whether a position lies in a box, its edges included."""
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _is_exchanged(lon: float, lat: float, box: Box | None) -> bool:
    """Tell whether a position makes sense only the other way round."""
    if abs(lat) > _MAX_LON or abs(lon) > _MAX_LAT:
        return False
    if box is not None:
        return is_inside(lat, lon, box)
    return abs(lat) > _MAX_LAT
