# ruff: noqa: PLR0917 - compiled functions are called by position
"""From the root of the points' tree down to pages, carrying the edges that matter."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.clip import Lists, clip, make_lists
from geofence.kernels.jit import borrowing, compiled, inlined
from geofence.kernels.outline import Outline, make_outline
from geofence.kernels.page import Desk, make_desk, sift_page
from geofence.pages import FANOUT, PAGE, Store

#: Level, node, the parent's item list and toggle list, its winding number.
STACK_ROW = 7
ALL_EIGHT, NONE = np.uint64(0x0101010101010101), np.uint64(0)


@compiled
def find_runs(
    coords: NDArray[np.float64],
    ring_start: NDArray[np.int64],
    is_shell: NDArray[np.bool_],
    shape_start: NDArray[np.int64],
    store: Store,
    first_page: int,
    end_page: int,
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
    first_page, end_page : int
        Only points in these pages, so that several threads may share the work.
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
    n_levels = len(store.level_start) - 1
    room = _vertices_of_largest(ring_start, shape_start)
    # One list for each level of the descent; what is not needed is never touched.
    lists = make_lists((n_levels + 1) * room)
    desk = make_desk()
    stack = np.empty((FANOUT * (n_levels + 1), STACK_ROW), np.int64)
    for s in range(n_shapes):
        shape = make_outline(
            coords, ring_start, is_shell, shape_start[s], shape_start[s + 1]
        )
        lists.items[0] = shape.n_vertices + shape.n_blocks - 1
        _push(stack, 0, n_levels - 1, 0, 0, 1, 0, 0, 0)
        depth = 1
        while depth > 0:
            depth, n_runs, inside = _walk(
                shape,
                store,
                first_page,
                end_page,
                lists,
                desk,
                stack,
                depth,
                count_only,
                runs,
                n_runs,
            )
            found[s] += inside
            if depth > 0:
                larger = np.empty((2 * len(runs) + len(store.keys), 2), np.int64)
                larger[:n_runs] = runs[:n_runs]
                runs = larger
        run_start[s + 1] = n_runs
    return runs[:n_runs], run_start, found


@borrowing
def _vertices_of_largest(
    ring_start: NDArray[np.int64], shape_start: NDArray[np.int64]
) -> int:
    """Vertices of the largest outline, and one for its root; see `make_outline`."""
    most = 0
    for s in range(len(shape_start) - 1):
        first, last = shape_start[s], shape_start[s + 1]
        most = max(most, ring_start[last] - ring_start[first] + last - first)
    return most + 1


@borrowing
def _walk(  # noqa: C901 - one pass over one stack
    shape: Outline,
    store: Store,
    first_page: int,
    end_page: int,
    lists: Lists,
    desk: Desk,
    stack: NDArray[np.int64],
    depth: int,
    count_only: bool,
    runs: NDArray[np.int64],
    n_runs: int,
) -> tuple[int, int, int]:
    """Depth first, left to right; children find their parent's lists in place.

    Returns what is left on the stack: nothing, or what there was no room for in
    `runs`; the number of runs; and how many points were found on the way.
    """
    found, n_pages = 0, len(store.keys)
    while depth > 0:
        depth -= 1
        level, node, lo, hi, step_lo, step_hi, winding = _row(stack, depth)
        place = store.level_start[level] + node
        size = store.total[place]
        begin, end = node * FANOUT**level, (node + 1) * FANOUT**level
        if size == 0 or begin >= end_page or end <= first_page:
            continue
        left, bottom = float(store.boxes[place, 0]), float(store.boxes[place, 1])
        right, top = float(store.boxes[place, 2]), float(store.boxes[place, 3])
        new_hi, new_step, winding = clip(
            shape,
            lists,
            lo,
            hi,
            step_lo,
            step_hi,
            winding,
            left,
            bottom,
            right,
            top,
        )
        if new_hi == hi and winding == 0:
            continue
        # A node that lies only partly in the wanted pages is opened all the same.
        if new_hi == hi and first_page <= begin and min(end, n_pages) <= end_page:
            if not count_only:
                if n_runs + FANOUT**level > len(runs):
                    return depth + 1, n_runs, found
                n_runs = _add_node(store, level, node, runs, n_runs)
            found += size
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
        if n_runs + PAGE > len(runs):
            return depth + 1, n_runs, found
        first = node * PAGE
        sift_page(
            shape,
            lists,
            desk,
            store.x[first : first + size],
            store.y[first : first + size],
            left,
            bottom,
            right,
            top,
            hi,
            new_hi,
            step_hi,
            new_step,
            winding,
        )
        for j in range(size):
            found += desk.inside[j]
        if not count_only:
            n_runs = _add_marked(desk, size, first, runs, n_runs)
    return 0, n_runs, found


@inlined
def _row(
    stack: NDArray[np.int64], depth: int
) -> tuple[int, int, int, int, int, int, int]:
    """Take one node, with its parent's lists, from the stack."""
    row = stack[depth]
    return row[0], row[1], row[2], row[3], row[4], row[5], row[6]


@inlined
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


@borrowing
def _add_node(
    store: Store, level: int, node: int, runs: NDArray[np.int64], n_runs: int
) -> int:
    """Add all points of a node, page by page."""
    span = FANOUT**level
    for page in range(node * span, min((node + 1) * span, len(store.keys))):
        size = store.total[page]
        if size > 0:
            runs[n_runs, 0], runs[n_runs, 1] = page * PAGE, page * PAGE + size
            n_runs += 1
    return n_runs


@borrowing
def _add_marked(
    desk: Desk, size: int, first: int, runs: NDArray[np.int64], n_runs: int
) -> int:
    """Add the points of a page that are inside; neighbours mostly agree."""
    open_run = False
    # One more than the points, so that a run up to the last one ends.
    for group in range(size // 8 + 1):
        if desk.eights[group] == (ALL_EIGHT if open_run else NONE):
            continue
        for j in range(8 * group, 8 * group + 8):
            if (desk.inside[j] != 0) == open_run:
                continue
            if open_run:
                runs[n_runs, 1] = first + j
                n_runs += 1
            else:
                runs[n_runs, 0] = first + j
            open_run = not open_run
    return n_runs
