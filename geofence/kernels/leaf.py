# ruff: noqa: PLR0917 - compiled functions are called by position
"""The exact test of an edge against the points at its height."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import SURE
from geofence.kernels.jit import borrowing, inlined

#: Edges up to this (6.7 degrees) make products below 2**53: doubles are exact.
SHORT = 2.0**26
#: What an edge adds to a point on it: all edges together stay below 1, so that the
#: sum is 0 only for a point that is neither wound around nor touched.
TOUCH = 2.0**-28


@inlined
def row_of(height: float, bottom: float, scale: float, rows: int) -> int:
    """Return the row of a height; never decreasing, whatever the rounding.

    Parameters
    ----------
    height : float
        Any; what lies outside the box belongs to the outermost row.
    bottom : float
        Of the box.
    scale : float
        Rows per unit.
    rows : int
        How many there are.

    Returns
    -------
    int
    """
    return int(min(max((height - bottom) * scale, 0.0), rows - 1.0))


@inlined
def mark_step(
    height: float,
    sign: float,
    y: NDArray[np.float64],
    wind: NDArray[np.float64],
    start: NDArray[np.int64],
    above: NDArray[np.float64],
    bottom: float,
    scale: float,
    rows: int,
) -> None:
    """Add a toggle: `sign` for every point at or above a height.

    Parameters
    ----------
    height, sign : float
        The toggle.
    y, wind, start, above : ndarray
        Of `geofence.kernels.page.Desk`; `wind` and `above` are written.
    bottom, scale, rows
        See `row_of`.
    """
    row = row_of(height, bottom, scale, rows)
    above[row + 1] += sign
    for j in range(np.uint64(start[row]), np.uint64(start[row + 1])):
        wind[j] += sign if y[j] >= height else 0.0


@inlined
def mark_edge(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    wind: NDArray[np.float64],
    start: NDArray[np.int64],
    bottom: float,
    scale: float,
    rows: int,
) -> None:
    """Add one edge to the winding numbers, and mark the points on it.

    Parameters
    ----------
    ax, ay, bx, by : float
        Where it starts and ends.
    x, y, wind, start : ndarray
        Of `geofence.kernels.page.Desk`; `wind` is written.
    bottom, scale, rows
        See `row_of`.
    """
    sign = 1.0
    if by < ay:
        ax, ay, bx, by, sign = bx, by, ax, ay, -1.0
    # Unsigned, so that no index is looked at for being negative.
    first = np.uint64(start[row_of(ay, bottom, scale, rows)])
    last = np.uint64(start[row_of(by, bottom, scale, rows) + 1])
    if ay == by:
        _mark_level(ay, min(ax, bx), max(ax, bx), x, y, wind, first, last)
    elif abs(bx - ax) > SHORT or by - ay > SHORT:
        _mark_long(ax, ay, bx, by, sign, x, y, wind, first, last)
    else:
        _mark_short(ax, ay, bx - ax, by - ay, sign, x, y, wind, first, last)


@borrowing
def _mark_level(
    height: float,
    low: float,
    high: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    wind: NDArray[np.float64],
    first: np.uint64,
    last: np.uint64,
) -> None:
    """Mark the points on a level edge, which winds around nobody."""
    for j in range(first, last):
        if y[j] == height and low <= x[j] <= high:
            wind[j] += TOUCH


@inlined
def _mark_short(
    ax: float,
    ay: float,
    dx: float,
    dy: float,
    sign: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    wind: NDArray[np.float64],
    first: np.uint64,
    last: np.uint64,
) -> None:
    """Count one upward edge for some points, in doubles, without a branch.

    The cross product is exact within the edge's box; beside it, at the edge's height,
    it is too large for rounding to change its sign or make it 0.
    """
    for j in range(first, last):
        qx, qy = x[j] - ax, y[j] - ay
        side = dx * qy - dy * qx
        passes = (side < 0.0) & (qy >= 0.0) & (qy < dy)
        touches = (side == 0.0) & (qy >= 0.0) & (qy <= dy)
        wind[j] += (sign if passes else 0.0) + (TOUCH if touches else 0.0)


@borrowing
def _mark_long(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    sign: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    wind: NDArray[np.float64],
    first: np.uint64,
    last: np.uint64,
) -> None:
    """Count one upward edge for some points, exactly whatever its length."""
    low, high = min(ax, bx), max(ax, bx)
    for j in range(first, last):
        if not ay <= y[j] <= by:
            continue
        side = exact_side(bx - ax, by - ay, x[j] - ax, y[j] - ay)
        if side < 0.0 and y[j] < by:
            wind[j] += sign
        if side == 0.0 and low <= x[j] <= high:
            wind[j] += TOUCH


@borrowing
def exact_side(dx: float, dy: float, qx: float, qy: float) -> float:
    """Return a number of the exact sign of ``dx * qy - dy * qx``.

    Parameters
    ----------
    dx, dy, qx, qy : float
        Whole numbers below 2**33.

    Returns
    -------
    float
        Positive, negative or 0.

    Notes
    -----
    Where doubles cannot decide, the difference is small, so that it survives the
    overflow of both 64-bit products.
    """
    p, q = dx * qy, dy * qx
    if abs(p - q) > SURE * (abs(p) + abs(q)):
        return p - q
    return float(np.int64(dx) * np.int64(qy) - np.int64(dy) * np.int64(qx))
