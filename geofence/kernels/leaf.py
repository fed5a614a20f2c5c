# ruff: noqa: PLR0917 - compiled functions are called by position
"""The exact test of points against the few edges left in their box."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import SURE
from geofence.kernels.jit import compiled
from geofence.kernels.outline import Outline

#: Edges up to this (6.7 degrees) make products below 2**53: doubles are exact.
SHORT = 2.0**26


@compiled
def mark_inside(
    shape: Outline,
    edges: NDArray[np.int64],
    steps_y: NDArray[np.float64],
    steps: NDArray[np.int64],
    winding: int,
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    wind: NDArray[np.float64],
    on: NDArray[np.float64],
) -> None:
    """Find winding number and contact with the boundary for a few points.

    Parameters
    ----------
    shape : Outline
        The polygon.
    edges : ndarray of int64
        Edges that may touch the points' box.
    steps_y, steps : ndarray
        Toggles that hold for it.
    winding : int
        Winding number common to all points.
    x, y : ndarray of int32, shape (n,)
        The points.
    px, py : ndarray of float64, shape (>= n,)
        Room for them.
    wind, on : ndarray of float64, shape (>= n,)
        Written: the winding number, and 1 on an edge, else 0.

    Notes
    -----
    Edges outside, points inside, no branch: the inner loops run on vectors. For a
    short edge the cross product is exact within its box, and outside the box it is
    too large for its sign to be wrong.
    """
    n = len(x)
    for j in range(n):
        px[j], py[j] = x[j], y[j]
        wind[j], on[j] = winding, 0.0
    for s in range(len(steps)):
        height, sign = steps_y[s], float(steps[s])
        for j in range(n):
            wind[j] += sign if py[j] >= height else 0.0
    for edge in edges:
        ax, ay = shape.x[edge], shape.y[edge]
        bx, by = shape.x[edge + 1], shape.y[edge + 1]
        sign = 1.0
        if by < ay:
            ax, ay, bx, by, sign = bx, by, ax, ay, -1.0
        if abs(bx - ax) > SHORT or by - ay > SHORT:
            _mark_long(ax, ay, bx, by, sign, px, py, wind, on, n)
        else:
            _mark_short(ax, ay, bx, by, sign, px, py, wind, on, n)


@compiled
def _mark_short(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    sign: float,
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    wind: NDArray[np.float64],
    on: NDArray[np.float64],
    n: int,
) -> None:
    """Count one upward edge for all points, in doubles."""
    dx, dy = bx - ax, by - ay
    low, high = min(ax, bx), max(ax, bx)
    for j in range(n):
        qx, qy = px[j] - ax, py[j] - ay
        side = dx * qy - dy * qx
        passes = (side < 0.0) & (qy >= 0.0) & (qy < dy)
        along = (px[j] >= low) & (px[j] <= high) & (qy >= 0.0) & (qy <= dy)
        wind[j] += sign if passes else 0.0
        on[j] = 1.0 if along & (side == 0.0) else on[j]


@compiled
def _mark_long(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    sign: float,
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    wind: NDArray[np.float64],
    on: NDArray[np.float64],
    n: int,
) -> None:
    """Count one upward edge for all points, exactly whatever its length."""
    low, high = min(ax, bx), max(ax, bx)
    for j in range(n):
        if not ay <= py[j] <= by:
            continue
        side = exact_side(bx - ax, by - ay, px[j] - ax, py[j] - ay)
        if side < 0.0 and py[j] < by:
            wind[j] += sign
        if side == 0.0 and low <= px[j] <= high:
            on[j] = 1.0


@compiled
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
