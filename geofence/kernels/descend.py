# ruff: noqa: PLR0917 - compiled functions are called by position
"""From the root of the points' tree down to pages, carrying the edges that matter."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import clip
from geofence.kernels.jit import compiled
from geofence.kernels.leaf import mark_inside
from geofence.kernels.outline import BLOCK, Outline, make_outline
from geofence.pages import FANOUT, PAGE, Store

#: A piece of a page is halved while it has more points than this, and testing it
#: would cost more than so many pairs of point and edge.
FEW_POINTS = 8
FEW_PAIRS = 512
#: Halvings of a page, at most.
HALVINGS = 6
#: Blocks waiting to be resolved: 7 siblings on each of at most 16 levels.
PENDING = 128
#: Level of a piece of a page; pages are level 0.
PIECE = -1


class Work(NamedTuple):
    """Room to work in, for one outline.

    Parameters
    ----------
    items, step_y, step : ndarray
        Stacks of item and toggle lists; a node's lists lie behind its parent's.
    pending : ndarray of int64
        For `clip`.
    points : ndarray of float64, shape (4, PAGE)
        For `mark_inside`.
    stack : ndarray of int64, shape (n, 8)
        Nodes to visit: level, node (or first slot), end slot, the parent's item list
        and toggle list, its winding number.
    """

    items: NDArray[np.int64]
    step_y: NDArray[np.float64]
    step: NDArray[np.int64]
    pending: NDArray[np.int64]
    points: NDArray[np.float64]
    stack: NDArray[np.int64]


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
    work = _work_for(shape, n_levels)
    first_run, found = n_runs, 0
    work.items[0] = shape.n_vertices + shape.n_blocks - 1
    _push(work, 0, n_levels - 1, 0, 0, 0, 1, 0, 0, 0)
    depth = 1
    while depth > 0:
        depth -= 1
        level, node, end, lo, hi, step_lo, step_hi, winding = work.stack[depth]
        if level >= 0 and store.total[store.level_start[level] + node] == 0:
            continue
        start, stop, left, bottom, right, top = _extent(store, level, node, end)
        new_hi, new_step_hi, winding = clip(
            shape,
            work.items,
            lo,
            hi,
            work.step_y,
            work.step,
            step_lo,
            step_hi,
            winding,
            left,
            bottom,
            right,
            top,
            False,
            work.pending,
        )
        if new_hi == hi:
            if winding != 0:
                found += stop - start
                if not count_only:
                    runs, n_runs = _add_node(
                        store, level, node, start, stop, runs, first_run, n_runs
                    )
            continue
        if level > 0:
            depth = _push_children(
                work,
                store,
                depth,
                level,
                node,
                hi,
                new_hi,
                step_hi,
                new_step_hi,
                winding,
            )
            continue
        size = stop - start
        weight = _weight(shape, work.items[hi:new_hi])
        if size > FEW_POINTS and size * weight > FEW_PAIRS:
            half = (start + stop) // 2
            for a, b in ((half, stop), (start, half)):
                _push(
                    work, depth, PIECE, a, b, hi, new_hi, step_hi, new_step_hi, winding
                )
                depth += 1
            continue
        last, last_step, winding = clip(
            shape,
            work.items,
            hi,
            new_hi,
            work.step_y,
            work.step,
            step_hi,
            new_step_hi,
            winding,
            left,
            bottom,
            right,
            top,
            True,
            work.pending,
        )
        mark_inside(
            shape,
            work.items[new_hi:last],
            work.step_y[new_step_hi:last_step],
            work.step[new_step_hi:last_step],
            winding,
            store.x[start:stop],
            store.y[start:stop],
            work.points,
        )
        runs, n_runs, inside = _add_marked(
            work.points, start, size, count_only, runs, first_run, n_runs
        )
        found += inside
    return runs, n_runs, found


@compiled
def _work_for(shape: Outline, n_levels: int) -> Work:
    """Room for the deepest descent; memory that is not needed is never touched."""
    depth = n_levels + HALVINGS + 3
    room = depth * (shape.n_vertices + 1)
    return Work(
        np.empty(room, np.int64),
        np.empty(2 * room),
        np.empty(2 * room, np.int64),
        np.empty(PENDING, np.int64),
        np.empty((4, PAGE)),
        np.empty((FANOUT * depth, 8), np.int64),
    )


@compiled
def _extent(
    store: Store, level: int, node: int, end: int
) -> tuple[int, int, float, float, float, float]:
    """First slot, end and box of a node; for inner nodes the slots only count."""
    if level >= 0:
        place = store.level_start[level] + node
        left, bottom, right, top = store.boxes[place]
        start = node * PAGE
        stop = start + store.total[place]
        return start, stop, float(left), float(bottom), float(right), float(top)
    left, right = store.x[node], store.x[node]
    bottom, top = store.y[node], store.y[node]
    for j in range(node + 1, end):
        left, right = min(left, store.x[j]), max(right, store.x[j])
        bottom, top = min(bottom, store.y[j]), max(top, store.y[j])
    return node, end, float(left), float(bottom), float(right), float(top)


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


@compiled
def _push(
    work: Work,
    depth: int,
    level: int,
    node: int,
    end: int,
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
) -> None:
    """Put one node, with its parent's lists, on the stack."""
    row = work.stack[depth]
    row[0], row[1], row[2], row[3] = level, node, end, lo
    row[4], row[5], row[6], row[7] = hi, step_lo, step_hi, winding


@compiled
def _push_children(
    work: Work,
    store: Store,
    depth: int,
    level: int,
    node: int,
    lo: int,
    hi: int,
    step_lo: int,
    step_hi: int,
    winding: int,
) -> int:
    """Put the children of a node on the stack, the first on top; returns its depth."""
    n_below = store.level_start[level] - store.level_start[level - 1]
    last = min((node + 1) * FANOUT, n_below)
    for child in range(last - 1, node * FANOUT - 1, -1):
        _push(work, depth, level - 1, child, 0, lo, hi, step_lo, step_hi, winding)
        depth += 1
    return depth


@compiled
def _add_node(
    store: Store,
    level: int,
    node: int,
    start: int,
    stop: int,
    runs: NDArray[np.int64],
    first_run: int,
    n_runs: int,
) -> tuple[NDArray[np.int64], int]:
    """Add all points of a node, page by page."""
    if level <= 0:
        runs = _with_room(runs, n_runs, 1)
        return runs, _add_run(runs, first_run, n_runs, start, stop)
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
    points: NDArray[np.float64],
    start: int,
    size: int,
    count_only: bool,
    runs: NDArray[np.int64],
    first_run: int,
    n_runs: int,
) -> tuple[NDArray[np.int64], int, int]:
    """Add the points `mark_inside` found inside, and count them."""
    runs = _with_room(runs, n_runs, PAGE)
    wind, on = points[2], points[3]
    begin, found = -1, 0
    for j in range(size):
        if wind[j] != 0.0 or on[j] != 0.0:
            found += 1
            if begin < 0:
                begin = start + j
        elif begin >= 0:
            if not count_only:
                n_runs = _add_run(runs, first_run, n_runs, begin, start + j)
            begin = -1
    if begin >= 0 and not count_only:
        n_runs = _add_run(runs, first_run, n_runs, begin, start + size)
    return runs, n_runs, found


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
