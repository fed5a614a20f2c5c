# ruff: noqa: PLR0917 - compiled functions are called by position
"""One page on the boundary: split on the fly until few edges are left to test.

Points are split by place, not by slot, because those who moved within a page no
longer lie in it in the order of the curve.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import clip
from geofence.kernels.jit import compiled
from geofence.kernels.leaf import mark_inside
from geofence.kernels.outline import BLOCK, Outline
from geofence.pages import PAGE

#: A piece is split while it has more points than this, and testing it would cost
#: more than so many pairs of point and edge.
FEW_POINTS = 8
FEW_PAIRS = 8192
#: Splits of a page, at most, one within the other.
SPLITS = 8
#: Blocks waiting to be resolved: 7 siblings on each of at most 16 levels.
PENDING = 128


class Lists(NamedTuple):
    """Stacks of item and toggle lists; a node's lists lie behind its parent's.

    Parameters
    ----------
    items : ndarray of int64
        Edges and blocks.
    step_y, step : ndarray
        Toggles.
    pending : ndarray of int64
        Room for `geofence.kernels.clip.clip`.
    """

    items: NDArray[np.int64]
    step_y: NDArray[np.float64]
    step: NDArray[np.int64]
    pending: NDArray[np.int64]


class Desk(NamedTuple):
    """Room for the points of one page.

    Parameters
    ----------
    x, y : ndarray of int32, shape (PAGE,)
        The points, as they are split; whole numbers, whose boxes take vectors.
    px, py, wind, on : ndarray of float64, shape (PAGE,)
        For `geofence.kernels.leaf.mark_inside`.
    at : ndarray of int64, shape (PAGE,)
        Place in the page of each point, as they are split.
    inside : ndarray of bool, shape (PAGE,)
        The result, by place in the page.
    pieces : ndarray of int64, shape (SPLITS + 2, 8)
        Pieces to look at: first and end point, depth, item list, toggle list,
        winding number.
    """

    x: NDArray[np.int32]
    y: NDArray[np.int32]
    px: NDArray[np.float64]
    py: NDArray[np.float64]
    wind: NDArray[np.float64]
    on: NDArray[np.float64]
    at: NDArray[np.int64]
    inside: NDArray[np.bool_]
    pieces: NDArray[np.int64]


@compiled
def make_desk() -> Desk:
    """Return room for any page.

    Returns
    -------
    Desk
    """
    return Desk(
        np.empty(PAGE, np.int32),
        np.empty(PAGE, np.int32),
        np.empty(PAGE),
        np.empty(PAGE),
        np.empty(PAGE),
        np.empty(PAGE),
        np.empty(PAGE, np.int64),
        np.empty(PAGE, np.bool_),
        np.empty((SPLITS + 2, 8), np.int64),
    )


@compiled
def sift_page(
    shape: Outline,
    lists: Lists,
    desk: Desk,
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
) -> None:
    """Say for each point of a page if it is inside.

    Parameters
    ----------
    shape : Outline
        The polygon.
    lists : Lists
        With the page's own lists at ``lo:hi`` and ``step_lo:step_hi``.
    desk : Desk
        Room; on return ``inside`` holds the answer.
    x, y : ndarray of int32, shape (n,)
        The points, at most a page of them.
    lo, hi, step_lo, step_hi, winding : int
        What is left of the polygon here.
    """
    for j in range(len(x)):
        desk.x[j], desk.y[j], desk.at[j] = x[j], y[j], j
    _push(desk, 0, 0, len(x), 0, lo, hi, step_lo, step_hi, winding)
    n_pieces = 1
    while n_pieces > 0:
        n_pieces -= 1
        start, end, depth, lo, hi, step_lo, step_hi, winding = desk.pieces[n_pieces]
        left, bottom, right, top = _box_of(desk, start, end)
        new_hi, new_step, winding = clip(
            shape,
            lists.items,
            lo,
            hi,
            lists.step_y,
            lists.step,
            step_lo,
            step_hi,
            winding,
            left,
            bottom,
            right,
            top,
            False,
            lists.pending,
        )
        size = end - start
        if new_hi == hi:
            for j in range(start, end):
                desk.inside[desk.at[j]] = winding != 0
            continue
        pairs = size * _weight(shape, lists.items[hi:new_hi])
        if size > FEW_POINTS and pairs > FEW_PAIRS and depth < SPLITS:
            middle = _split(desk, start, end, left, bottom, right, top)
            if start < middle < end:
                for a, b in ((middle, end), (start, middle)):
                    _push(
                        desk,
                        n_pieces,
                        a,
                        b,
                        depth + 1,
                        hi,
                        new_hi,
                        step_hi,
                        new_step,
                        winding,
                    )
                    n_pieces += 1
                continue
        last, last_step, winding = clip(
            shape,
            lists.items,
            hi,
            new_hi,
            lists.step_y,
            lists.step,
            step_hi,
            new_step,
            winding,
            left,
            bottom,
            right,
            top,
            True,
            lists.pending,
        )
        mark_inside(
            shape,
            lists.items[new_hi:last],
            lists.step_y[new_step:last_step],
            lists.step[new_step:last_step],
            winding,
            desk.x[start:end],
            desk.y[start:end],
            desk.px,
            desk.py,
            desk.wind,
            desk.on,
        )
        for j in range(size):
            found = desk.wind[j] != 0.0 or desk.on[j] != 0.0
            desk.inside[desk.at[start + j]] = found


@compiled
def _push(
    desk: Desk,
    n: int,
    start: int,
    end: int,
    depth: int,
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
) -> None:
    """Put one piece, with its parent's lists, on the stack."""
    row = desk.pieces[n]
    row[0], row[1], row[2], row[3] = start, end, depth, lo
    row[4], row[5], row[6], row[7] = hi, step_lo, step_hi, winding


@compiled
def _box_of(desk: Desk, start: int, end: int) -> tuple[float, float, float, float]:
    """Box of some points."""
    x, y = desk.x, desk.y
    left, bottom, right, top = x[start], y[start], x[start], y[start]
    for j in range(start + 1, end):
        left, right = min(left, x[j]), max(right, x[j])
        bottom, top = min(bottom, y[j]), max(top, y[j])
    return float(left), float(bottom), float(right), float(top)


@compiled
def _split(
    desk: Desk,
    start: int,
    end: int,
    left: float,
    bottom: float,
    right: float,
    top: float,
) -> int:
    """Bring the points of the lower half of the box to the front; return how far."""
    along_x = right - left > top - bottom
    key = desk.x if along_x else desk.y
    border = (left + right) / 2 if along_x else (bottom + top) / 2
    i, j = start, end - 1
    while i <= j:
        if key[i] <= border:
            i += 1
        else:
            desk.x[i], desk.x[j] = desk.x[j], desk.x[i]
            desk.y[i], desk.y[j] = desk.y[j], desk.y[i]
            desk.at[i], desk.at[j] = desk.at[j], desk.at[i]
            j -= 1
    return i


@compiled
def _weight(shape: Outline, items: NDArray[np.int64]) -> int:
    """About how many edges a list stands for: a block is 8, or 64 of blocks."""
    weight = 0
    for item in items:
        block = item - shape.n_vertices
        if block < 0:
            weight += 1
        elif shape.items[shape.kids[block, 0]] < shape.n_vertices:
            weight += BLOCK
        else:
            weight += BLOCK * BLOCK
    return weight
