# ruff: noqa: PLR0917 - compiled functions are called by position
"""One page on the boundary: each edge meets only the points at its height.

Where many edges are left the points are put into rows by their height, so that a
short edge is tested against a few of them. Rows go by place, not by slot, so that it
does not matter how those who moved now lie in their page.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import Lists
from geofence.kernels.jit import borrowing, compiled
from geofence.kernels.leaf import mark_edge, mark_step, row_of
from geofence.kernels.outline import BLOCK, Outline
from geofence.pages import PAGE

#: Rows a page is cut into where it has more edges than a few.
ROWS = 64
FEW_EDGES = 6


class Desk(NamedTuple):
    """Room for the points of one page.

    Parameters
    ----------
    x, y : ndarray of float64, shape (PAGE,)
        The points, row by row.
    wind : ndarray of float64, shape (PAGE,)
        Winding number of each, and a trace of every edge it lies on.
    row, place : ndarray of uint64, shape (PAGE,)
        For each point of the page its row, and where it stands in the arrays above.
    start : ndarray of int64, shape (ROWS + 1,)
        Where each row starts.
    above : ndarray of float64, shape (ROWS + 1,)
        What toggles add to all points from a row upward.
    inside : ndarray of uint8, shape (PAGE + 8,)
        The result, by place in the page: 1 inside, else 0, also behind the last.
    eights : ndarray of uint64
        The same memory.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    wind: NDArray[np.float64]
    row: NDArray[np.uint64]
    place: NDArray[np.uint64]
    start: NDArray[np.int64]
    above: NDArray[np.float64]
    inside: NDArray[np.uint8]
    eights: NDArray[np.uint64]


@compiled
def make_desk() -> Desk:
    """Return room for any page.

    Returns
    -------
    Desk
    """
    eights = np.zeros(PAGE // 8 + 1, np.uint64)
    return Desk(
        np.empty(PAGE),
        np.empty(PAGE),
        np.empty(PAGE),
        np.empty(PAGE, np.uint64),
        np.empty(PAGE, np.uint64),
        np.empty(ROWS + 1, np.int64),
        np.empty(ROWS + 1),
        eights.view(np.uint8),
        eights,
    )


@borrowing
def sift_page(  # noqa: C901 - one pass over the edges
    shape: Outline,
    lists: Lists,
    desk: Desk,
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    left: float,
    bottom: float,
    right: float,
    top: float,
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
    left, bottom, right, top : float
        Box of the page.
    lo, hi, step_lo, step_hi, winding : int
        What is left of the polygon here.
    """
    rows = ROWS if _weight(shape, lists.items[lo:hi]) > FEW_EDGES else 1
    scale = rows / (top - bottom + 1.0)
    _lay_out(desk, x, y, bottom, scale, rows)
    px, py, wind, start, above = desk.x, desk.y, desk.wind, desk.start, desk.above
    above[: rows + 1] = 0.0
    above[0] = winding
    for s in range(step_lo, step_hi):
        height, sign = lists.step_y[s], float(lists.step[s])
        mark_step(height, sign, py, wind, start, above, bottom, scale, rows)
    for i in range(lo, hi):
        lists.pending[0] = lists.items[i]
        waiting = 1
        while waiting > 0:
            waiting -= 1
            item = lists.pending[waiting]
            block = item - shape.n_vertices
            first, count = item, 1
            if block >= 0:
                if shape.box[block, 1] > top or shape.box[block, 3] < bottom:
                    continue
                if shape.box[block, 0] > right:
                    continue
                if shape.box[block, 2] < left:
                    begin, end = shape.ends[block, 0], shape.ends[block, 1]
                    mark_step(begin, 1.0, py, wind, start, above, bottom, scale, rows)
                    mark_step(end, -1.0, py, wind, start, above, bottom, scale, rows)
                    continue
                first, count = shape.items[shape.kids[block, 0]], shape.kids[block, 1]
                if first >= shape.n_vertices:
                    for k in range(shape.kids[block, 0], shape.kids[block, 0] + count):
                        lists.pending[waiting] = shape.items[k]
                        waiting += 1
                    continue
            for e in range(first, first + count):
                ax, ay, bx, by = shape.x[e], shape.y[e], shape.x[e + 1], shape.y[e + 1]
                if max(ay, by) < bottom or min(ay, by) > top or min(ax, bx) > right:
                    continue
                if max(ax, bx) < left:
                    mark_step(ay, 1.0, py, wind, start, above, bottom, scale, rows)
                    mark_step(by, -1.0, py, wind, start, above, bottom, scale, rows)
                    continue
                mark_edge(ax, ay, bx, by, px, py, wind, start, bottom, scale, rows)
    _read_off(desk, len(x), rows)


@borrowing
def _lay_out(
    desk: Desk,
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    bottom: float,
    scale: float,
    rows: int,
) -> None:
    """Put the points on the desk, row by row."""
    px, py, wind = desk.x, desk.y, desk.wind
    row, place, start = desk.row, desk.place, desk.start
    n = len(x)
    wind[:n] = 0.0
    if rows == 1:
        for j in range(n):
            px[j], py[j] = x[j], y[j]
        start[0], start[1] = 0, n
        return
    for j in range(n):
        row[j] = row_of(float(y[j]), bottom, scale, rows)
    start[:] = 0
    for j in range(n):
        start[row[j] + np.uint64(1)] += 1
    # Shifted by one row while they are filled, so that they end up in place.
    before = 0
    for r in range(rows):
        size = start[r + 1]
        start[r + 1] = before
        before += size
    for j in range(n):
        k = start[row[j] + np.uint64(1)]
        start[row[j] + np.uint64(1)] = k + 1
        px[k], py[k], place[j] = x[j], y[j], k


@borrowing
def _read_off(desk: Desk, n: int, rows: int) -> None:
    """Turn winding numbers into the answer."""
    wind, row, place = desk.wind, desk.row, desk.place
    above, inside = desk.above, desk.inside
    inside[n : n + 8] = 0
    if rows == 1:
        common = above[0]
        for j in range(n):
            inside[j] = wind[j] + common != 0.0
        return
    for r in range(1, rows):
        above[r] += above[r - 1]
    for j in range(n):
        inside[j] = wind[place[j]] + above[row[j]] != 0.0


@borrowing
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
