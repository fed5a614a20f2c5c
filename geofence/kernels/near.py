# ruff: noqa: PLR0917 - compiled functions are called by position
"""Best-first search for the nearest points that satisfy a filter.

Works with haversine angles, which bracket the geodesic; see `geofence.nearby`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from geofence.attributes import Filter
from geofence.grid import PER_DEGREE
from geofence.kernels.collect import wanted
from geofence.kernels.jit import borrowing, compiled
from geofence.kernels.table import true_id
from geofence.pages import FANOUT, PAGE, Store

RADIANS = math.pi / 180.0 / PER_DEGREE
#: Radians (6 micrometres): who is at one place but for rounding stays a candidate.
HAIR = 1e-12
#: Up to so many wanted ids are kept in order, each new one put in its place; more are
#: looked through now and then, since that would take their square.
FEW = 64
#: Least candidates between two looks.
BATCH = 256
FULL_TURN = 360.0 * PER_DEGREE


@compiled
def find_near(  # noqa: C901, PLR0912 - the loop of the search, kept in one place
    store: Store,
    lon: float,
    lat: float,
    limit: int,
    most: float,
    slack: float,
    by: Filter,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find every point that may be among the nearest.

    Parameters
    ----------
    store : Store
        The index.
    lon, lat : float
        Grid units.
    limit : int
        How many different ids are wanted.
    most : float
        Haversine ``sin(angle / 2) ** 2`` above which nobody counts.
    slack : float
        Factor on the angle of the last wanted, above which nobody can be nearer.
    by : Filter
        Which words are wanted.

    Returns
    -------
    slots : ndarray of int64
        Candidates, unordered; all of the true nearest are among them.
    found : ndarray of float64
        Their haversines.
    """
    # Taken out of their tuple once: every look into one counts a reference.
    xs, ys, ids, words = store.x, store.y, store.ids, store.words
    total, boxes, any_word = store.total, store.boxes, store.any_word
    level_start, n_pages = store.level_start, len(store.keys)
    n_levels = len(level_start) - 1
    heap_of = np.empty(256)
    heap = np.empty(256, np.int64)
    slots, found = np.empty(256, np.int64), np.empty(256)
    # The best different ids so far, ascending.
    n_best = limit if limit <= FEW else 1
    best, best_id = np.full(n_best, np.inf), np.full(n_best, -1, np.int64)
    n_heap, n, n_look = 1, 0, limit + BATCH
    heap_of[0], heap[0] = 0.0, level_start[n_levels] - 1
    cos_lat = math.cos(lat * RADIANS)
    while n_heap > 0 and heap_of[0] <= most:
        place = heap[0]
        n_heap = _pop(heap_of, heap, n_heap)
        if place < n_pages:
            for slot in range(place * PAGE, place * PAGE + total[place]):
                if not wanted(words[slot], by):
                    continue
                h = _haversine(lon, lat, cos_lat, xs[slot], ys[slot])
                if h > most:
                    continue
                if n == len(slots):
                    slots, found = _twice(slots), _twice_float(found)
                slots[n], found[n] = slot, h
                n += 1
                if limit <= FEW:
                    _keep(best, best_id, h, true_id(ids[slot]))
                    most = min(most, _wider(best[limit - 1], slack))
            if limit > FEW and n >= n_look:
                most = min(
                    most, _wider(_last_wanted(ids, slots, found, n, limit), slack)
                )
                n = _drop_beyond(slots, found, n, most)
                n_look = n + max(limit // 2, BATCH)
            continue
        level = 1
        while place >= level_start[level + 1]:
            level += 1
        below = level_start[level - 1]
        first = below + (place - level_start[level]) * FANOUT
        for child in range(first, min(first + FANOUT, level_start[level])):
            if total[child] == 0 or not _may_hold(any_word[child], by):
                continue
            h = _haversine_to_box(lon, lat, cos_lat, boxes, child)
            if h <= most:
                if n_heap == len(heap):
                    heap, heap_of = _twice(heap), _twice_float(heap_of)
                n_heap = _push(heap_of, heap, n_heap, h, child)
    if limit > FEW:
        last = _last_wanted(ids, slots, found, n, limit)
        most = min(most, _wider(last, slack))
    n = _drop_beyond(slots, found, n, most)
    return slots[:n].copy(), found[:n].copy()


@borrowing
def _may_hold(any_word: int, by: Filter) -> bool:
    """Say if a node's or-ed word leaves hope for a wanted point."""
    word = np.int64(any_word)
    if (word & by.all_of) != by.all_of:
        return False
    return by.any_of == 0 or (word & by.any_of) != 0


@borrowing
def _haversine(lon: float, lat: float, cos_lat: float, x: float, y: float) -> float:
    """``sin(angle / 2) ** 2`` between two points in grid units."""
    across = math.sin((x - lon) * RADIANS / 2)
    along = math.sin((y - lat) * RADIANS / 2)
    return along * along + cos_lat * math.cos(y * RADIANS) * across * across


@borrowing
def _haversine_to_box(
    lon: float, lat: float, cos_lat: float, boxes: NDArray[np.int32], place: int
) -> float:
    """Lower bound of the haversine to any point of a box, also round the back."""
    left, bottom = float(boxes[place, 0]), float(boxes[place, 1])
    right, top = float(boxes[place, 2]), float(boxes[place, 3])
    away = max(0.0, bottom - lat, lat - top)
    aside = 0.0
    if lon < left or lon > right:
        aside = min(abs(left - lon), abs(lon - right))
        aside = min(aside, FULL_TURN - max(abs(left - lon), abs(lon - right)))
    along = math.sin(away * RADIANS / 2)
    across = math.sin(max(0.0, aside) * RADIANS / 2)
    narrowest = math.cos(max(abs(bottom), abs(top)) * RADIANS)
    # A hair lower, for what the sines round.
    bound = along * along + cos_lat * max(0.0, narrowest) * across * across
    return bound * (1.0 - 1e-12)


@borrowing
def _wider(h: float, slack: float) -> float:
    """Haversine of an angle enlarged by a factor."""
    if not h < 1.0:
        return np.inf
    angle = math.asin(math.sqrt(h)) * slack + HAIR
    return math.sin(angle) ** 2 if angle < math.pi / 2 else np.inf


@borrowing
def _keep(
    best: NDArray[np.float64], best_id: NDArray[np.int64], h: float, identity: int
) -> None:
    """Enter an id among the best, once, at its nearest place."""
    limit = len(best)
    if h >= best[limit - 1]:
        return
    at = limit - 1
    for k in range(limit):
        if best_id[k] == identity:
            if best[k] <= h:
                return
            at = k
            break
    while at > 0 and best[at - 1] > h:
        best[at], best_id[at] = best[at - 1], best_id[at - 1]
        at -= 1
    best[at], best_id[at] = h, identity


@compiled
def _last_wanted(
    ids: NDArray[np.int64],
    slots: NDArray[np.int64],
    found: NDArray[np.float64],
    n: int,
    limit: int,
) -> float:
    """Haversine of the last wanted id, each at its nearest; inf if there are fewer."""
    if n < limit:
        return np.inf
    whose = np.empty(n, np.int64)
    for at in range(n):
        whose[at] = true_id(ids[slots[at]])
    order = np.argsort(whose)
    least, n_ids = np.full(n, np.inf), 0
    for turn in range(n):
        at = order[turn]
        if turn == 0 or whose[at] != whose[order[turn - 1]]:
            n_ids += 1
        least[n_ids - 1] = min(least[n_ids - 1], found[at])
    return float(np.partition(least, limit - 1)[limit - 1])


@borrowing
def _drop_beyond(
    slots: NDArray[np.int64], found: NDArray[np.float64], n: int, most: float
) -> int:
    """Keep the candidates up to a haversine; returns how many."""
    kept = 0
    for at in range(n):
        if found[at] <= most:
            slots[kept], found[kept] = slots[at], found[at]
            kept += 1
    return kept


@borrowing
def _push(
    heap_of: NDArray[np.float64],
    heap: NDArray[np.int64],
    n: int,
    value: float,
    place: int,
) -> int:
    """Add to the heap; returns its new size."""
    at = n
    while at > 0 and heap_of[(at - 1) // 2] > value:
        heap_of[at], heap[at] = heap_of[(at - 1) // 2], heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap_of[at], heap[at] = value, place
    return n + 1


@borrowing
def _pop(heap_of: NDArray[np.float64], heap: NDArray[np.int64], n: int) -> int:
    """Take the least off the heap; returns its new size."""
    n -= 1
    value, place = heap_of[n], heap[n]
    at = 0
    while 2 * at + 1 < n:
        child = 2 * at + 1
        if child + 1 < n and heap_of[child + 1] < heap_of[child]:
            child += 1
        if heap_of[child] >= value:
            break
        heap_of[at], heap[at] = heap_of[child], heap[child]
        at = child
    heap_of[at], heap[at] = value, place
    return n


@compiled
def _twice(array: NDArray[np.int64]) -> NDArray[np.int64]:
    """Copy with twice the room."""
    larger = np.empty(2 * len(array), np.int64)
    larger[: len(array)] = array
    return larger


@compiled
def _twice_float(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Copy with twice the room."""
    larger = np.empty(2 * len(array))
    larger[: len(array)] = array
    return larger
