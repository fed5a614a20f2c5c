"""The nearest few by true geodesic distance."""

import math
from typing import NamedTuple

import numpy as np

from geofence.attributes import ANYBODY, Mask
from geofence.errors import InvalidQueryError
from geofence.grid import PER_DEGREE, points_to_grid
from geofence.kernels.near import find_near
from geofence.metric import WGS84
from geofence.snapshot import Snapshot

#: Least and greatest metres per radian of the sphere of latitudes and longitudes:
#: the WGS 84 meridian radius at the equator, and both radii at a pole. Every
#: geodesic lies between the haversine angle times the one and times the other.
LEAST_RADIUS_M = 6_335_439.3
GREATEST_RADIUS_M = 6_399_593.7
SLACK = GREATEST_RADIUS_M / LEAST_RADIUS_M * (1 + 1e-9)
MOST_HITS = 100_000
MAX_LON, MAX_LAT = 180.0, 90.0


class Hit(NamedTuple):
    """One point found near another.

    Parameters
    ----------
    id : int
        As given to the index.
    distance_m : float
        Geodesic distance (Karney 2013), metres.
    """

    id: int
    distance_m: float


def nearest(
    snapshot: Snapshot,
    lon: float,
    lat: float,
    *,
    within_m: float,
    limit: int,
    where: Mask | None,
) -> list[Hit]:
    """Answer `geofence.index.PointIndex.nearest` for one snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        The index.
    lon, lat, within_m, limit, where
        As there.

    Returns
    -------
    list of Hit

    Raises
    ------
    InvalidQueryError
        If `limit` or `within_m` is not positive.
    """
    if not 1 <= limit <= MOST_HITS or not within_m > 0:
        msg = (
            f"nearest wants a limit of 1 to {MOST_HITS:,} and a positive radius, not "
            f"limit = {limit} and within_m = {within_m}."
        )
        raise InvalidQueryError(msg)
    if not (abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT):
        # Names what is wrong; too slow to be asked each time.
        points_to_grid([lon], [lat])
    angle = min(within_m / LEAST_RADIUS_M * (1 + 1e-9) + 1e-12, math.pi)
    store = snapshot.store
    slots, _ = find_near(
        store,
        float(lon) * PER_DEGREE,  # an int would be compiled for anew
        float(lat) * PER_DEGREE,
        limit,
        math.sin(angle / 2) ** 2,
        SLACK,
        (where or ANYBODY).filter,
    )
    if not len(slots):
        return []
    xs, ys = store.x[slots] / PER_DEGREE, store.y[slots] / PER_DEGREE
    here = np.full(len(slots), float(lon)), np.full(len(slots), float(lat))
    # To the micrometre, so that rounding does not decide between equals.
    metres = np.round(WGS84.inv(*here, xs, ys)[2], 6)
    stored = store.ids[slots].astype(np.int64)
    ids = np.where(stored < 0, ~stored, stored)
    order = np.lexsort((ids, metres))
    ids, metres = ids[order], metres[order]
    # Where each id comes first, which is its nearest place.
    first = np.sort(np.unique(ids, return_index=True)[1])
    first = first[metres[first] <= within_m][:limit]
    return list(map(Hit, ids[first].tolist(), metres[first].tolist()))
