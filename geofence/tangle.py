"""Shapes that would take the geometry engine for ever, found before it is asked.

Checking and joining polygons costs about as many steps as there are pairs of edges
close to each other, and mending one as many as there are crossings. Real hazards have a
few of either per point; a hostile or broken file of 10,000 points can have 50 million
and minutes of work in it. Counting them first is cheap and can stop early.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

#: Pairs of edges whose boxes touch, neighbours in a ring aside, over all shapes. The
#: largest real alerts (93,040 points, shared borders) have about 400,000.
MAX_PAIRS = 1_000_000
#: Pairs of edges that truly cross. Real outlines cross themselves a few dozen times.
MAX_CROSSINGS = 20_000
# Edges looked up at once; bounds what one step can bring to 200,000 times this.
_CHUNK = 32

_Edges = NDArray[np.float64]


def is_tangled(shapes: Sequence[Polygon | MultiPolygon]) -> bool:
    """Whether the shapes cross themselves or each other too often to be places.

    Parameters
    ----------
    shapes : sequence of shapely Polygon or MultiPolygon
        Degrees; need not be valid. Holes are looked at like shells.

    Returns
    -------
    bool
        True if there are more than `MAX_PAIRS` close pairs of edges or more than
        `MAX_CROSSINGS` crossings.

    Notes
    -----
    About 1 s for 200,000 points at worst, 0.1 s for a real outline of 41,000, and
    nothing for what an operator draws: 200 edges cannot cross too often.
    """
    edges, rings = _edges(shapes)
    if len(edges) * (len(edges) - 1) // 2 <= MAX_CROSSINGS:
        return False
    n_pairs = n_crossings = 0
    for first, second in _close_pairs(edges, rings):
        n_pairs += len(first)
        if n_pairs > MAX_PAIRS:
            return True
        n_crossings += _n_crossings(edges[first], edges[second])
        if n_crossings > MAX_CROSSINGS:
            return True
    return False


def _edges(
    shapes: Sequence[Polygon | MultiPolygon],
) -> tuple[_Edges, NDArray[np.int64]]:
    """Return edges ``(n, 4)`` as x, y, x, y, and the number of each edge's ring."""
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    rings = shapely.get_rings(parts)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    joined = ring_of[1:] == ring_of[:-1]
    edges = np.hstack([points[:-1][joined], points[1:][joined]])
    return edges, ring_of[1:][joined]


def _close_pairs(
    edges: _Edges, rings: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return pairs of edges with touching boxes, each once, without ring neighbours."""
    if not len(edges):
        return
    boxes = shapely.box(
        np.minimum(edges[:, 0], edges[:, 2]),
        np.minimum(edges[:, 1], edges[:, 3]),
        np.maximum(edges[:, 0], edges[:, 2]),
        np.maximum(edges[:, 1], edges[:, 3]),
    )
    tree = shapely.STRtree(boxes)
    for start in range(0, len(boxes), _CHUNK):
        first, second = tree.query(boxes[start : start + _CHUNK])
        first = first + start
        neighbours = (second == first + 1) & (rings[first] == rings[second])
        kept = (second > first) & ~neighbours
        yield first[kept], second[kept]


def _n_crossings(one: _Edges, other: _Edges) -> int:
    """Count pairs of edges that cross at an inner point of both."""
    apart = _side(one, other[:, :2]) * _side(one, other[:, 2:]) < 0
    apart &= _side(other, one[:, :2]) * _side(other, one[:, 2:]) < 0
    return int(np.count_nonzero(apart))


def _side(edges: _Edges, points: _Edges) -> NDArray[np.float64]:
    """Return the sign of the side of each edge on which each point lies."""
    along = edges[:, 2:] - edges[:, :2]
    to = points - edges[:, :2]
    return np.sign(along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0])
