"""Place along a Hilbert curve: near on the curve is near on the map."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import borrowing, compiled

#: Grid units are shifted right by this: cells of 64 units, 0.7 m.
CELL_SHIFT = 6
BITS = 26
OFFSET = 2**31


@borrowing
def hilbert_key(x: int, y: int) -> int:
    """Return the place of one grid point along the curve, 52 bits.

    Parameters
    ----------
    x, y : int
        Grid coordinates, within 32 bits.

    Returns
    -------
    int
        0 to 2**52 - 1.
    """
    a = (np.int64(x) + OFFSET) >> CELL_SHIFT
    b = (np.int64(y) + OFFSET) >> CELL_SHIFT
    key = np.int64(0)
    for bit in range(BITS - 1, -1, -1):
        rx = (a >> bit) & 1
        ry = (b >> bit) & 1
        key = (key << 2) | ((3 * rx) ^ ry)
        # Without a branch: reflect where ry = 0 and rx = 1, swap where ry = 0.
        flip = -(rx & (1 - ry))
        a ^= flip
        b ^= flip
        swap = (a ^ b) & (ry - 1)
        a ^= swap
        b ^= swap
    return int(key)


@compiled
def hilbert_keys(x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the place of many points along the curve.

    Parameters
    ----------
    x, y : ndarray of int32, shape (n,)
        Grid coordinates.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    keys = np.empty(len(x), np.int64)
    for i in range(len(x)):
        keys[i] = hilbert_key(x[i], y[i])
    return keys
