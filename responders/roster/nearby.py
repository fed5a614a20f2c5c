"""Who has a place near a point: every volunteer's places looked through at once.

A band of latitude leaves one volunteer in a hundred, and only those are measured: 6 ms
for a million people, a tenth of that for a nation's usual hundred thousand. An index
would answer sooner, but the compiled code of ours takes more memory than everything
else in the worker together, and nothing that a life depends on should be a question to
another process.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from responders.deciding.travel import EARTH_RADIUS_M, great_circle_m
from responders.roster.columns import MAX_PLACES, Columns


def rows_near(
    columns: Columns, lon: float, lat: float, *, within_m: float, most: int
) -> NDArray[np.int64]:
    """Rows of the people with any place within reach, whatever the hour.

    Parameters
    ----------
    columns : Columns
    lon, lat : float
        Degrees, WGS 84.
    within_m : float
        Metres along a great circle, boundary included.
    most : int
        At most this many.

    Returns
    -------
    ndarray of int64
        By the nearest place of each, ties by row; each once.
    """
    slots = _in_band(columns.lat, lat, within_m)
    lons, lats = columns.lon.reshape(-1)[slots], columns.lat.reshape(-1)[slots]
    beside = _beside(lons, lon, lat, within_m)
    slots, lons, lats = slots[beside], lons[beside], lats[beside]
    distance = great_circle_m(lons, lats, lon, lat)
    is_near = distance <= within_m
    rows, distance = slots[is_near] // MAX_PLACES, distance[is_near]
    by_distance = rows[np.argsort(distance, kind="stable")]
    # A row's first mention is its nearest place.
    first = np.sort(np.unique(by_distance, return_index=True)[1])
    return by_distance[first[:most]]


def _beside(
    lons: NDArray[np.float64], lon: float, lat: float, within_m: float
) -> NDArray[np.int64] | slice:
    """Which of those in the band are no farther east or west, perhaps a few too many.

    Within a distance, the meridian that is reached farthest out lies
    ``asin(sin(distance) / cos(lat))`` away; at a pole every one is reached.
    """
    angle, towards_pole = within_m / EARTH_RADIUS_M, math.cos(math.radians(lat))
    if angle >= math.pi / 2 or math.sin(angle) >= towards_pole:
        return slice(None)
    reach_deg = math.degrees(math.asin(math.sin(angle) / towards_pole)) + 1e-9
    away = np.abs(lons - lon)
    return np.flatnonzero((away <= reach_deg) | (away >= 360.0 - reach_deg))


def _in_band(
    lats: NDArray[np.float64], lat: float, within_m: float
) -> NDArray[np.int64]:
    """Which places, counted through all rows, are no farther north or south."""
    # A little more than the distance itself, which rounding must not cut off.
    reach_deg = math.degrees(within_m / EARTH_RADIUS_M) + 1e-9
    flat = lats.reshape(-1)
    return np.flatnonzero((flat >= lat - reach_deg) & (flat <= lat + reach_deg))
