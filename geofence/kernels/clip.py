# ruff: noqa: PLR0917 - compiled functions are called by position
"""Which edges of an outline still matter to the points in a box.

Nothing is cut and nothing is rounded: an edge is kept, dropped, or turned into
toggles, steps of the winding number at the height of its ends.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import borrowing, compiled, inlined
from geofence.kernels.outline import Outline

#: A double difference of two products is surely right above this share of them.
SURE = 3e-16
EDGE_OUT, EDGE_LEFT, EDGE_NEAR = 0, 1, 2
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
        Blocks that `clip` has yet to look at.
    """

    items: NDArray[np.int64]
    step_y: NDArray[np.float64]
    step: NDArray[np.int64]
    pending: NDArray[np.int64]


@compiled
def make_lists(room: int) -> Lists:
    """Return empty lists.

    Parameters
    ----------
    room : int
        For items; there is twice as much for toggles.

    Returns
    -------
    Lists
    """
    return Lists(
        np.empty(room, np.int64),
        np.empty(2 * room),
        np.empty(2 * room, np.int64),
        np.empty(PENDING, np.int64),
    )


@borrowing
def clip(  # noqa: C901, PLR0912 - one pass over one list, kept in one place
    shape: Outline,
    lists: Lists,
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
    left: float,
    bottom: float,
    right: float,
    top: float,
) -> tuple[int, int, int]:
    """Filter a parent's items for a smaller box.

    The winding number of a point counts the edges to its left that pass its height:
    an edge from y0 to y1 adds ``[py >= y0] - [py >= y1]``, and so does a whole chain.

    Parameters
    ----------
    shape : Outline
        The polygon.
    lists : Lists
        The result follows behind the parent's lists.
    lo, hi, step_lo, step_hi : int
        The parent's list of items, and of toggles.
    winding : int
        Winding number common to all points of the parent.
    left, bottom, right, top : float
        The box.

    Returns
    -------
    end, step_end, winding : int
        Ends of the new lists, and the new common winding number. If no item is left
        the boundary does not touch the box, and `winding` holds for all of it: what
        toggles remain cancel.
    """
    items, step_y, step = lists.items, lists.step_y, lists.step
    out, step_out = hi, step_hi
    for s in range(step_lo, step_hi):
        if step_y[s] <= bottom:
            winding += step[s]
        elif step_y[s] <= top:
            step_y[step_out], step[step_out] = step_y[s], step[s]
            step_out += 1
    for i in range(lo, hi):
        lists.pending[0] = items[i]
        n = 1
        while n > 0:
            n -= 1
            item = lists.pending[n]
            block = item - shape.n_vertices
            if block >= 0:
                x0, y0 = shape.box[block, 0], shape.box[block, 1]
                x1, y1 = shape.box[block, 2], shape.box[block, 3]
                start, end = shape.ends[block, 0], shape.ends[block, 1]
            else:
                start, end = shape.y[item], shape.y[item + 1]
                x0 = min(shape.x[item], shape.x[item + 1])
                x1 = max(shape.x[item], shape.x[item + 1])
                y0, y1 = min(start, end), max(start, end)
            if y1 < bottom or y0 > top or x0 > right:
                continue
            if x1 >= left:
                if block >= 0:
                    # Smaller than the box: its parts can wait for smaller boxes.
                    if x1 - x0 <= right - left and y1 - y0 <= top - bottom:
                        items[out] = item
                        out += 1
                        continue
                    first = shape.kids[block, 0]
                    for k in range(first + shape.kids[block, 1] - 1, first - 1, -1):
                        lists.pending[n] = shape.items[k]
                        n += 1
                    continue
                where = _edge_against_box(shape, item, left, bottom, right, top)
                if where == EDGE_NEAR:
                    items[out] = item
                    out += 1
                    continue
                if where == EDGE_OUT:
                    continue
            if start == end:
                continue
            winding, step_out = _toggle(
                start, 1, bottom, top, step_y, step, step_hi, step_out, winding
            )
            winding, step_out = _toggle(
                end, -1, bottom, top, step_y, step, step_hi, step_out, winding
            )
    return out, step_out, winding


@inlined
def _toggle(
    height: float,
    sign: int,
    bottom: float,
    top: float,
    step_y: NDArray[np.float64],
    step: NDArray[np.int64],
    first: int,
    end: int,
    winding: int,
) -> tuple[int, int]:
    """Add one step; what lies below the box is common, equal heights cancel."""
    if height <= bottom:
        return winding + sign, end
    if height > top:
        return winding, end
    for s in range(end - 1, first - 1, -1):
        if step_y[s] == height and step[s] == -sign:
            step_y[s], step[s] = step_y[end - 1], step[end - 1]
            return winding, end - 1
    step_y[end], step[end] = height, sign
    return winding, end + 1


@inlined
def _edge_against_box(
    shape: Outline, edge: int, left: float, bottom: float, right: float, top: float
) -> int:
    """Say if an edge's line leaves the whole box on its right, its left, or neither.

    Both extremes of the cross product over the box lie in corners; where rounding
    could decide, the edge is near.
    """
    ax, ay = shape.x[edge], shape.y[edge]
    dx, dy = shape.x[edge + 1] - ax, shape.y[edge + 1] - ay
    far_y, near_y = (top, bottom) if dx > 0 else (bottom, top)
    far_x, near_x = (left, right) if dy > 0 else (right, left)
    p, q = dx * (far_y - ay), dy * (far_x - ax)
    if p - q < -SURE * (abs(p) + abs(q)):
        return EDGE_LEFT if dy > 0 else EDGE_OUT
    p, q = dx * (near_y - ay), dy * (near_x - ax)
    if p - q > SURE * (abs(p) + abs(q)):
        return EDGE_LEFT if dy < 0 else EDGE_OUT
    return EDGE_NEAR
