"""The grid everything is exact on: whole numbers of 10**-7 degree (1.1 cm).

RFC 7946 recommends no finer precision, and no subscriber's position is known better.
On the grid a point is on an edge or it is not: there is nothing to round.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofence.errors import InvalidArrayError, InvalidCoordinateError, InvalidIdError

PER_DEGREE = 10_000_000
MAX_X = 180 * PER_DEGREE
MAX_Y = 90 * PER_DEGREE
#: One bit of a stored id marks people with several places.
MAX_ID = 2**62 - 1

GridArray: TypeAlias = NDArray[np.int32]


def to_grid(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round degrees to whole grid units, kept as floats (exact below 2**53).

    Parameters
    ----------
    degrees : ndarray of float64
        Any shape, finite.

    Returns
    -------
    ndarray of float64
        Whole numbers, ties to even.
    """
    return np.rint(degrees * PER_DEGREE)


def points_to_grid(lon: ArrayLike, lat: ArrayLike) -> tuple[GridArray, GridArray]:
    """Check points and put them on the grid.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        Degrees, WGS 84, -180 to 180 and -90 to 90.

    Returns
    -------
    x, y : ndarray of int32, shape (n,)

    Raises
    ------
    InvalidArrayError
        If they are not numbers, not flat or not of one length.
    InvalidCoordinateError
        If one is not finite or out of range; names the value and its index.
    """
    x_deg, y_deg = _floats(lon, "lon"), _floats(lat, "lat")
    if len(x_deg) != len(y_deg):
        msg = f"lon has {len(x_deg)} values, lat has {len(y_deg)}: one each is needed."
        raise InvalidArrayError(msg)
    return _axis(x_deg, "lon", 180.0), _axis(y_deg, "lat", 90.0)


def as_ids(ids: ArrayLike, n: int | None = None) -> NDArray[np.int64]:
    """Check an array of ids.

    Parameters
    ----------
    ids : array_like of int
        0 to 2**62 - 1, flat.
    n : int, optional
        How many there must be.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    InvalidArrayError
        If they are not whole numbers, not flat or not as many as the points.
    InvalidIdError
        If one is negative or too large; names the value and its index.
    """
    array = np.asarray(ids)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        msg = f"ids must be a flat array of whole numbers, not {_shape_of(array)}."
        raise InvalidArrayError(msg)
    if n is not None and len(array) != n:
        msg = f"There are {len(array)} ids for {n} points: one id per point is needed."
        raise InvalidArrayError(msg)
    bad = (array < 0) | (array > MAX_ID)
    if bad.any():
        index = int(np.argmax(bad))
        msg = f"ids[{index}] = {array[index]} is not an id of 0 to 2**62 - 1."
        raise InvalidIdError(msg)
    return np.ascontiguousarray(array, dtype=np.int64)


def _floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Flat float64 array of numbers, or a refusal.

    Raises
    ------
    InvalidArrayError
        If the array is not flat or not of numbers.
    """
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        msg = f"{name} must be a flat array of numbers, not {_shape_of(array)}."
        raise InvalidArrayError(msg)
    return np.ascontiguousarray(array, dtype=np.float64)


def _axis(degrees: NDArray[np.float64], name: str, limit: float) -> GridArray:
    """One axis on the grid; refuses the first value that is not on the earth.

    Raises
    ------
    InvalidCoordinateError
        If a number is not finite or out of range.
    """
    good = np.abs(degrees) <= limit
    if not good.all():
        index = int(np.argmin(good))
        msg = (
            f"{name}[{index}] = {degrees[index]} is not a number of -{limit:g} to "
            f"{limit:g} degrees. Are longitude and latitude exchanged?"
        )
        raise InvalidCoordinateError(msg)
    return to_grid(degrees).astype(np.int32)


def _shape_of(array: NDArray[np.generic]) -> str:
    """Type and shape for an error message."""
    return f"{array.dtype} of shape {array.shape}"
