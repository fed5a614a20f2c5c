# ruff: noqa: PLR0917 - compiled functions are called by position
"""From the root of the points' tree down to pages, carrying the edges that matter."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import clip
from geofence.kernels.jit import compiled
from geofence.kernels.outline import Outline, make_outline
from geofence.kernels.page import PENDING, SPLITS, Lists, make_desk, sift_page
from geofence.pages import FANOUT, PAGE, Store


@compiled
def find_runs(
    coords: NDArray[np.float64],
    ring_start: NDArray[np.int64],
    is_shell: NDArray[np.bool_],
    shape_start: NDArray[np.int64],
    store: Store,
    count_only: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the points inside some polygons, as runs of slots.

    Parameters
    ----------
    coords, ring_start, is_shell : ndarray
        Rings of all shapes; see `geofence.kernels.outline.make_outline`.
    shape_start : ndarray of int64, shape (n_shapes + 1,)
        Where the rings of each shape start.
    store : Store
        The points.
    count_only : bool
        Leave the runs out.

    Returns
    -------
    runs : ndarray of int64, shape (n_runs, 2)
        First slot and end of each run, ascending per shape; none crosses a gap.
    run_start : ndarray of int64, shape (n_shapes + 1,)
        Where the runs of each shape start.
    found : ndarray of int64, shape (n_shapes,)
        Points inside each shape.
    """
    n_shapes = len(shape_start) - 1
    runs = np.empty((1024, 2), np.int64)
    run_start = np.zeros(n_shapes + 1, np.int64)
    found = np.zeros(n_shapes, np.int64)
    n_runs = 0
    for s in range(n_shapes):
        shape = make_outline(
            coords, ring_start, is_shell, shape_start[s], shape_start[s + 1]
        )
        runs, n_runs, found[s] = _runs_of_shape(shape, store, count_only, runs, n_runs)
        run_start[s + 1] = n_runs
    return runs[:n_runs], run_start, found


@compiled
def _runs_of_shape(
    shape: Outline,
    store: Store,
    count_only: bool,
    runs: NDArray[np.int64],
    n_runs: int,
) -> tuple[NDArray[np.int64], int, int]:
    """Depth first, left to right; children find their parent's lists in place."""
    n_levels = len(store.level_start) - 1
    # Room for the deepest descent; memory that is not needed is never touched.
    room = (n_levels + SPLITS + 4) * (shape.n_vertices + 1)
    lists = Lists(
        np.empty(room, np.int64),
        np.empty(2 * room),
        np.empty(2 * room, np.int64),
        np.empty(PENDING, np.int64),
    )
    # Level, node, the parent's item list and toggle list, its winding number.
    stack = np.empty((FANOUT * (n_levels + 1), 7), np.int64)
    desk = make_desk()
    first_run, found = n_runs, 0
    lists.items[0] = shape.n_vertices + shape.n_blocks - 1
    _push(stack, 0, n_levels - 1, 0, 0, 1, 0, 0, 0)
    depth = 1
    while depth > 0:
        depth -= 1
        level, node, lo, hi, step_lo, step_hi, winding = stack[depth]
        place = store.level_start[level] + node
        size = store.total[place]
        if size == 0:
            continue
        left, bottom, right, top = store.boxes[place]
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
            float(left),
            float(bottom),
            float(right),
            float(top),
            False,
            lists.pending,
        )
        if new_hi == hi:
            if winding != 0:
                found += size
                if not count_only:
                    runs, n_runs = _add_node(
                        store, level, node, runs, first_run, n_runs
                    )
            continue
        if level > 0:
            n_below = store.level_start[level] - store.level_start[level - 1]
            last = min((node + 1) * FANOUT, n_below)
            for child in range(last - 1, node * FANOUT - 1, -1):
                _push(
                    stack,
                    depth,
                    level - 1,
                    child,
                    hi,
                    new_hi,
                    step_hi,
                    new_step,
                    winding,
                )
                depth += 1
            continue
        start = node * PAGE
        sift_page(
            shape,
            lists,
            desk,
            store.x[start : start + size],
            store.y[start : start + size],
            hi,
            new_hi,
            step_hi,
            new_step,
            winding,
        )
        runs = _with_room(runs, n_runs, PAGE)
        n_runs, inside = _add_marked(
            desk.inside[:size], start, count_only, runs, first_run, n_runs
        )
        found += inside
    return runs, n_runs, found


@compiled
def _push(
    stack: NDArray[np.int64],
    depth: int,
    level: int,
    node: int,
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
) -> None:
    """Put one node, with its parent's lists, on the stack."""
    row = stack[depth]
    row[0], row[1], row[2], row[3] = level, node, lo, hi
    row[4], row[5], row[6] = step_lo, step_hi, winding


@compiled
def _add_node(
    store: Store,
    level: int,
    node: int,
    runs: NDArray[np.int64],
    first_run: int,
    n_runs: int,
) -> tuple[NDArray[np.int64], int]:
    """Add all points of a node, page by page."""
    span = FANOUT**level
    last = min((node + 1) * span, len(store.keys))
    runs = _with_room(runs, n_runs, last - node * span)
    for page in range(node * span, last):
        size = store.total[page]
        if size > 0:
            begin = page * PAGE
            n_runs = _add_run(runs, first_run, n_runs, begin, begin + size)
    return runs, n_runs


@compiled
def _add_marked(
    inside: NDArray[np.bool_],
    start: int,
    count_only: bool,
    runs: NDArray[np.int64],
    first_run: int,
    n_runs: int,
) -> tuple[int, int]:
    """Add the points of a page that are inside, and count them."""
    begin, found = -1, 0
    for j in range(len(inside)):
        if inside[j]:
            found += 1
            if begin < 0:
                begin = j
        elif begin >= 0:
            if not count_only:
                n_runs = _add_run(runs, first_run, n_runs, start + begin, start + j)
            begin = -1
    if begin >= 0 and not count_only:
        n_runs = _add_run(runs, first_run, n_runs, start + begin, start + len(inside))
    return n_runs, found


@compiled
def _with_room(runs: NDArray[np.int64], n_runs: int, more: int) -> NDArray[np.int64]:
    """Return the runs with room for more, doubled if need be."""
    if n_runs + more <= len(runs):
        return runs
    larger = np.empty((2 * (n_runs + more), 2), np.int64)
    larger[:n_runs] = runs[:n_runs]
    return larger


@compiled
def _add_run(
    runs: NDArray[np.int64], first_run: int, n_runs: int, start: int, stop: int
) -> int:
    """Append a run, or lengthen the last one of this shape."""
    if n_runs > first_run and runs[n_runs - 1, 1] == start:
        runs[n_runs - 1, 1] = stop
        return n_runs
    runs[n_runs, 0], runs[n_runs, 1] = start, stop
    return n_runs + 1
