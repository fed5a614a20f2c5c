# ruff: noqa: PLR0917 - compiled functions are called by position
"""Rings of a polygon as directed edges on the grid, under a hierarchy of boxes.

Shells run counter-clockwise and holes clockwise, so that the winding number of a
point is not 0 exactly where at least one part holds it: parts may overlap.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.grid import PER_DEGREE
from geofence.kernels.jit import borrowing, compiled

BLOCK = 8
#: Above this a double is far from 0 whatever its rounding; below, int64 holds it.
SAFE_AREA = 2.0**60


class Outline(NamedTuple):
    """Edges and blocks of one or several rings.

    Edge ``e`` runs from vertex ``e`` to vertex ``e + 1``. Items below ``n_vertices``
    are edges, item ``n_vertices + b`` is block ``b``: a chain of edges, or a group of
    whole rings. The last block is the root.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n_vertices,)
        Whole grid units.
    box : ndarray of float64, shape (n_blocks, 4)
        Left, bottom, right, top.
    ends : ndarray of float64, shape (n_blocks, 2)
        y where the chain starts and ends; equal for closed chains.
    kids : ndarray of int64, shape (n_blocks, 2)
        First child and number of children, as positions in `items`.
    items : ndarray of int64
        Children of all blocks.
    n_vertices, n_blocks : int
        How much of the arrays is in use.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    box: NDArray[np.float64]
    ends: NDArray[np.float64]
    kids: NDArray[np.int64]
    items: NDArray[np.int64]
    n_vertices: int
    n_blocks: int


@compiled
def make_outline(  # noqa: C901 - rings, then levels, then groups of rings
    coords: NDArray[np.float64],
    ring_start: NDArray[np.int64],
    is_shell: NDArray[np.bool_],
    first: int,
    last: int,
) -> Outline:
    """Put rings ``first`` to ``last - 1`` on the grid and build their hierarchy.

    Parameters
    ----------
    coords : ndarray of float64, shape (n, 2)
        Degrees, x = longitude; every ring closed.
    ring_start : ndarray of int64, shape (n_rings + 1,)
        Where each ring starts in `coords`.
    is_shell : ndarray of bool, shape (n_rings,)
        False for holes.
    first, last : int
        Which rings.

    Returns
    -------
    Outline
        Without zero-length edges; a ring that shrinks to a point on the grid stays
        one edge of no length, so that the point itself is still inside.
    """
    n = ring_start[last] - ring_start[first]
    n_rings = last - first
    x, y = np.empty(n + n_rings), np.empty(n + n_rings)
    # Chains of 8 and groups of 8, each level at most an 8th and one more per ring.
    room = n // 4 + 8 * n_rings + 32
    box, ends = np.empty((room, 4)), np.empty((room, 2))
    kids = np.empty((room, 2), np.int64)
    items = np.empty(n + 2 * room, np.int64)
    chain_ends = np.empty((room, 2), np.int64)
    roots = np.empty(n_rings, np.int64)
    n_vertices, n_blocks, n_items = 0, 0, 0
    for ring in range(first, last):
        start = n_vertices
        n_vertices = _copy_ring(
            coords, ring_start[ring], ring_start[ring + 1], x, y, n_vertices
        )
        if (_doubled_area_sign(x, y, start, n_vertices) > 0) != is_shell[ring]:
            _reverse(x, y, start, n_vertices)
        # Blocks are numbered from 0 here; edges take the numbers below once known.
        level = n_blocks
        for edge in range(start, n_vertices - 1, BLOCK):
            stop = min(edge + BLOCK, n_vertices - 1)
            kids[n_blocks, 0], kids[n_blocks, 1] = n_items, stop - edge
            chain_ends[n_blocks, 0], chain_ends[n_blocks, 1] = edge, stop
            _box_of_vertices(x, y, edge, stop, box[n_blocks])
            for e in range(edge, stop):
                items[n_items] = e
                n_items += 1
            n_blocks += 1
        while n_blocks - level > 1:
            level, n_blocks, n_items = _next_level(
                level, n_blocks, n_items, box, kids, items, chain_ends
            )
        roots[ring - first] = n_blocks - 1
    for b in range(n_blocks):
        ends[b, 0], ends[b, 1] = y[chain_ends[b, 0]], y[chain_ends[b, 1]]
    level_items = roots
    while len(level_items) > 1:
        upper = np.empty((len(level_items) + BLOCK - 1) // BLOCK, np.int64)
        for group in range(len(upper)):
            some = level_items[group * BLOCK : (group + 1) * BLOCK]
            kids[n_blocks, 0], kids[n_blocks, 1] = n_items, len(some)
            _box_of_blocks(box, some, box[n_blocks])
            ends[n_blocks, 0] = ends[n_blocks, 1] = 0.0
            for b in some:
                items[n_items] = -1 - b
                n_items += 1
            upper[group] = n_blocks
            n_blocks += 1
        level_items = upper
    for i in range(n_items):
        if items[i] < 0:
            items[i] = n_vertices + (-1 - items[i])
    return Outline(x, y, box, ends, kids, items, n_vertices, n_blocks)


@borrowing
def _copy_ring(
    coords: NDArray[np.float64],
    start: int,
    stop: int,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    at: int,
) -> int:
    """Round a closed ring to the grid without repeated vertices; returns the end."""
    first = at
    for i in range(start, stop):
        vx = np.rint(coords[i, 0] * PER_DEGREE)
        vy = np.rint(coords[i, 1] * PER_DEGREE)
        if at == first or vx != x[at - 1] or vy != y[at - 1]:
            x[at], y[at] = vx, vy
            at += 1
    if at == first + 1:
        x[at], y[at] = x[first], y[first]
        at += 1
    return at


@borrowing
def _doubled_area_sign(
    x: NDArray[np.float64], y: NDArray[np.float64], start: int, stop: int
) -> float:
    """Sign of the ring's area, exact: by doubles if large, else by wrapping int64."""
    about = 0.0
    exact = np.int64(0)
    for i in range(start, stop - 1):
        ax, ay = x[i] - x[start], y[i] - y[start]
        bx, by = x[i + 1] - x[start], y[i + 1] - y[start]
        about += ax * by - bx * ay
        exact += np.int64(ax) * np.int64(by) - np.int64(bx) * np.int64(ay)
    if abs(about) > SAFE_AREA:
        return about
    return float(exact)


@borrowing
def _reverse(
    x: NDArray[np.float64], y: NDArray[np.float64], start: int, stop: int
) -> None:
    """Turn a ring round, in place."""
    i, j = start, stop - 1
    while i < j:
        x[i], x[j] = x[j], x[i]
        y[i], y[j] = y[j], y[i]
        i += 1
        j -= 1


@borrowing
def _box_of_vertices(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    first: int,
    last: int,
    box: NDArray[np.float64],
) -> None:
    """Box of vertices ``first`` to ``last``, both included."""
    left, right, bottom, top = x[first], x[first], y[first], y[first]
    for i in range(first + 1, last + 1):
        left, right = min(left, x[i]), max(right, x[i])
        bottom, top = min(bottom, y[i]), max(top, y[i])
    box[0], box[1], box[2], box[3] = left, bottom, right, top


@borrowing
def _box_of_blocks(
    boxes: NDArray[np.float64], blocks: NDArray[np.int64], box: NDArray[np.float64]
) -> None:
    """Box of some blocks."""
    box[0] = box[1] = np.inf
    box[2] = box[3] = -np.inf
    for b in blocks:
        box[0], box[1] = min(box[0], boxes[b, 0]), min(box[1], boxes[b, 1])
        box[2], box[3] = max(box[2], boxes[b, 2]), max(box[3], boxes[b, 3])


@borrowing
def _box_of_chains(
    boxes: NDArray[np.float64], first: int, end: int, box: NDArray[np.float64]
) -> None:
    """Box of blocks ``first`` to ``end - 1``."""
    box[0] = box[1] = np.inf
    box[2] = box[3] = -np.inf
    for b in range(first, end):
        box[0], box[1] = min(box[0], boxes[b, 0]), min(box[1], boxes[b, 1])
        box[2], box[3] = max(box[2], boxes[b, 2]), max(box[3], boxes[b, 3])


@borrowing
def _next_level(
    level: int,
    n_blocks: int,
    n_items: int,
    box: NDArray[np.float64],
    kids: NDArray[np.int64],
    items: NDArray[np.int64],
    chain_ends: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Join chains ``level`` to ``n_blocks - 1`` by eights."""
    end = n_blocks
    for block in range(level, end, BLOCK):
        stop = min(block + BLOCK, end)
        kids[n_blocks, 0], kids[n_blocks, 1] = n_items, stop - block
        chain_ends[n_blocks, 0] = chain_ends[block, 0]
        chain_ends[n_blocks, 1] = chain_ends[stop - 1, 1]
        _box_of_chains(box, block, stop, box[n_blocks])
        for b in range(block, stop):
            items[n_items] = -1 - b
            n_items += 1
        n_blocks += 1
    return end, n_blocks, n_items
