"""How long a person takes to a place, directly or by way of an AED.

Straight lines with a detour factor: no road graph is needed, and none is pretended.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Street detour over the great circle [proposed].
DETOUR: Final = 1.3
EARTH_RADIUS_M: Final = 6_371_008.8
#: A position this old ...
STALE_AFTER_S: Final = 12 * 3600.0
#: ... is off by this much (root mean square), and never taken to be worse [proposed].
STALE_ERROR_M: Final = 300.0


class Mode(IntEnum):
    """How a responder moves; the value indexes `SPEED_M_S`."""

    #: On foot or bicycle where it is neither dense nor sparse.
    DEFAULT = 0
    #: More than 8,000 inhabitants per km².
    DENSE = 1
    #: Fewer than 1,500 inhabitants per km².
    SPARSE = 2
    #: By car; only if the responder says so.
    CAR = 3


#: Metres per second by `Mode`: found in F15, but for the car [proposed].
SPEED_M_S: Final[NDArray[np.float64]] = np.array([2.3, 1.8, 3.1, 6.0])
SPEED_M_S.flags.writeable = False


def great_circle_m(
    lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike
) -> NDArray[np.float64]:
    """Distance on a sphere of the earth's mean radius (haversine).

    Within 0.6 % of the geodesic, far below the error of the detour factor, and fast
    enough for responders times AEDs.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : array_like of float
        Degrees, WGS 84, longitude first; shapes must broadcast.

    Returns
    -------
    ndarray of float64
        Metres, of the broadcast shape.
    """
    a_lon, a_lat, b_lon, b_lat = (
        np.radians(np.asarray(each, dtype=np.float64))
        for each in (lon_a, lat_a, lon_b, lat_b)
    )
    half = (
        np.sin((b_lat - a_lat) / 2) ** 2
        + np.cos(a_lat) * np.cos(b_lat) * np.sin((b_lon - a_lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def expected_distance_m(
    distance_m: ArrayLike, position_age_s: ArrayLike
) -> NDArray[np.float64]:
    """Distance to expect of somebody whose position has aged.

    A person who has moved by a random step of root mean square ``e`` is at the root
    mean square distance ``sqrt(d² + e²)``; ``e`` grows with the square root of age to
    `STALE_ERROR_M` at `STALE_AFTER_S` [proposed].

    Parameters
    ----------
    distance_m : array_like of float
        Metres to the last known position.
    position_age_s : array_like of float
        Seconds since it was known, >= 0; 0 for a home or work place in its hours.

    Returns
    -------
    ndarray of float64
        Metres.
    """
    share = np.clip(np.asarray(position_age_s, dtype=np.float64) / STALE_AFTER_S, 0, 1)
    return np.asarray(
        np.sqrt(np.square(distance_m) + share * STALE_ERROR_M**2), dtype=np.float64
    )


def travel_s(
    distance_m: ArrayLike, mode: ArrayLike, position_age_s: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Seconds from leaving to arriving: ``kappa * d / v``.

    Parameters
    ----------
    distance_m : array_like of float
        Great-circle metres.
    mode : array_like of int
        `Mode` values; shapes must broadcast.
    position_age_s : array_like of float
        See `expected_distance_m`.

    Returns
    -------
    ndarray of float64
        Seconds.

    Examples
    --------
    >>> travel_s(180.0, Mode.DENSE).item()
    130.0
    """
    metres = expected_distance_m(distance_m, position_age_s)
    return np.asarray(DETOUR * metres / SPEED_M_S[np.asarray(mode)])
