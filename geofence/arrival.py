"""When it reaches whom: areas with an arrival time, and the earliest per person."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofence.errors import InvalidArrayError


def as_arrivals(arrival_s: ArrayLike, n: int) -> NDArray[np.float64]:
    """Check arrival times.

    Parameters
    ----------
    arrival_s : array_like of float, shape (n,)
        Seconds from any common origin.
    n : int
        Number of areas.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    InvalidArrayError
        If there is not one number per area, or one is NaN; names its index.
    """
    times = np.asarray(arrival_s)
    if times.shape != (n,) or (n and times.dtype.kind not in "iuf"):
        msg = f"arrival_s must be {n} numbers, one per area, not {times.dtype} of shape"
        raise InvalidArrayError(f"{msg} {times.shape}.")
    times = times.astype(np.float64)
    if np.isnan(times).any():
        index = int(np.argmax(np.isnan(times)))
        msg = f"arrival_s[{index}] is not a number."
        raise InvalidArrayError(msg)
    return times


def earliest_of(
    ids: Sequence[NDArray[np.int64]], times: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Earliest time of each id over several areas.

    Parameters
    ----------
    ids : sequence of ndarray of int64
        Ids inside each area.
    times : ndarray of float64
        Time of each area.

    Returns
    -------
    ids : ndarray of int64
        Every id of any area once, ascending.
    times : ndarray of float64
        The earliest time of each.
    """
    every = np.concatenate([np.empty(0, dtype=np.int64), *ids])
    when = np.repeat(times, [len(some) for some in ids])
    order = np.lexsort((when, every))
    every, when = every[order], when[order]
    first = np.ones(len(every), dtype=np.bool_)
    first[1:] = every[1:] != every[:-1]
    return every[first], when[first]
