# ruff: noqa: PLR0917 - compiled functions are called by position
"""Points that move, come and go, in place."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.curve import hilbert_key
from geofence.kernels.jit import borrowing, compiled
from geofence.kernels.ledger import Ledger, node_sum, slot_sum, term
from geofence.kernels.pack import measure_node, measure_page
from geofence.kernels.spread import spread
from geofence.kernels.table import enter, entry_of, leave, slots_of
from geofence.pages import PAGE, Store

#: A node's number is its page's number shifted by this much per level.
SHIFT_PER_LEVEL = 3


@compiled
def upsert(
    store: Store,
    table: NDArray[np.uint32],
    ledger: Ledger,
    group_start: NDArray[np.int64],
    ids: NDArray[np.int64],
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    words: NDArray[np.uint32],
) -> tuple[int, int]:
    """Replace all places of each id by the given ones.

    Parameters
    ----------
    store, table, ledger
        Written.
    group_start : ndarray of int64, shape (n_groups + 1,)
        Where the places of each id start in the next arrays.
    ids, x, y, words : ndarray, shape (n,)
        Grouped by id.

    Returns
    -------
    places, several : int
        By how much the number of places, and of places of people with several, grew.
    """
    found = np.empty(16, np.int64)
    places, several = 0, 0
    for g in range(len(group_start) - 1):
        first, last = group_start[g], group_start[g + 1]
        found, n_old = slots_of(store, table, ids[first], found)
        n_new = last - first
        several += (n_new if n_new > 1 else 0) - (n_old if n_old > 1 else 0)
        places += n_new - n_old
        stored = ids[first] if n_new == 1 else ~ids[first]
        # Slots shift when one is removed, so the old places are asked for again.
        while n_old > n_new:
            _remove_slot(store, table, ledger, found[n_old - 1])
            found, n_old = slots_of(store, table, ids[first], found)
        for k in range(n_old):
            slot, i = found[k], first + k
            if _in_box(store, slot // PAGE, x[i], y[i]):
                _overwrite(store, ledger, slot, stored, x[i], y[i], words[i])
                found[k] = -1
        for k in range(n_old):
            if found[k] < 0:
                continue
            _remove_slot(store, table, ledger, found[k])
            # The last point of that page took the free slot: it may be one of ours.
            page = found[k] // PAGE
            gone = page * PAGE + store.total[page]
            for other in range(k + 1, n_old):
                if found[other] == gone:
                    found[other] = found[k]
            i = first + k
            _insert(store, table, ledger, stored, x[i], y[i], words[i])
        for i in range(first + n_old, last):
            _insert(store, table, ledger, stored, x[i], y[i], words[i])
    return places, several


@compiled
def remove(
    store: Store,
    table: NDArray[np.uint32],
    ledger: Ledger,
    ids: NDArray[np.int64],
) -> tuple[int, int]:
    """Remove all places of some ids; unknown ids are passed over.

    Parameters
    ----------
    store, table, ledger
        Written.
    ids : ndarray of int64
        True ids.

    Returns
    -------
    places, several : int
        Places removed, and how many of them were of people with several.
    """
    found = np.empty(16, np.int64)
    places, several = 0, 0
    for identity in ids:
        found, n = slots_of(store, table, identity, found)
        places += n
        several += n if n > 1 else 0
        while n > 0:
            _remove_slot(store, table, ledger, found[n - 1])
            found, n = slots_of(store, table, identity, found)
    return places, several


@borrowing
def _in_box(store: Store, page: int, x: int, y: int) -> bool:
    """Say if a page can take a point without growing."""
    box = store.boxes[page]
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


@borrowing
def _overwrite(
    store: Store, ledger: Ledger, slot: int, stored: int, x: int, y: int, word: int
) -> None:
    """Write a slot whose id stays the same, and the words above it."""
    ledger.total[0] -= slot_sum(ledger, store, slot)
    store.x[slot], store.y[slot] = x, y
    store.ids[slot], store.words[slot] = stored, word
    ledger.total[0] += slot_sum(ledger, store, slot)
    _cover(store, ledger, slot // PAGE, x, y, word)


@borrowing
def _cover(store: Store, ledger: Ledger, page: int, x: int, y: int, word: int) -> None:
    """Make boxes and words above a point hold it; stops where they do."""
    for level in range(len(store.level_start) - 1):
        place = store.level_start[level] + (page >> (SHIFT_PER_LEVEL * level))
        box = store.boxes[place]
        known = np.uint32(store.any_word[place] | np.uint32(word))
        holds = box[0] <= x <= box[2] and box[1] <= y <= box[3]
        if holds and known == store.any_word[place]:
            return
        ledger.total[0] -= node_sum(ledger, store, place)
        box[0], box[1] = min(box[0], x), min(box[1], y)
        box[2], box[3] = max(box[2], x), max(box[3], y)
        store.any_word[place] = known
        ledger.total[0] += node_sum(ledger, store, place)


@borrowing
def _add_to_totals(store: Store, ledger: Ledger, page: int, change: int) -> None:
    """Change the number of points on the way from a page to the root."""
    for level in range(len(store.level_start) - 1):
        place = store.level_start[level] + (page >> (SHIFT_PER_LEVEL * level))
        store.total[place] += change
        ledger.total[0] += term(ledger, ledger.first[6] + place, change)


@borrowing
def _remove_slot(
    store: Store, table: NDArray[np.uint32], ledger: Ledger, slot: int
) -> None:
    """Free a slot: the last point of the page moves into it."""
    page = slot // PAGE
    last = page * PAGE + store.total[page] - 1
    box, x, y = store.boxes[page], store.x[slot], store.y[slot]
    was_on_edge = x == box[0] or y == box[1] or x == box[2] or y == box[3]
    leave(store, table, slot)
    ledger.total[0] -= slot_sum(ledger, store, slot)
    if last != slot:
        at = entry_of(store, table, last)
        ledger.total[0] -= slot_sum(ledger, store, last)
        store.x[slot], store.y[slot] = store.x[last], store.y[last]
        store.ids[slot], store.words[slot] = store.ids[last], store.words[last]
        table[at] = slot + 1
        ledger.total[0] += slot_sum(ledger, store, slot)
    store.x[last] = store.y[last] = 0
    store.ids[last], store.words[last] = 0, 0
    _add_to_totals(store, ledger, page, -1)
    if was_on_edge:
        _shrink(store, ledger, page)


@borrowing
def _shrink(store: Store, ledger: Ledger, page: int) -> None:
    """Make boxes above a page tight again; stops where they already are.

    Without this a page would keep the extent of everybody who ever was in it.
    """
    for level in range(len(store.level_start) - 1):
        node = page >> (SHIFT_PER_LEVEL * level)
        place = store.level_start[level] + node
        box = store.boxes[place]
        left, bottom, right, top = box[0], box[1], box[2], box[3]
        ledger.total[0] -= node_sum(ledger, store, place)
        if level == 0:
            measure_page(store, page)
        else:
            measure_node(store, level, node)
        ledger.total[0] += node_sum(ledger, store, place)
        if box[0] == left and box[1] == bottom and box[2] == right and box[3] == top:
            return


@compiled
def _insert(
    store: Store,
    table: NDArray[np.uint32],
    ledger: Ledger,
    stored: int,
    x: int,
    y: int,
    word: int,
) -> None:
    """Put a new point into its page, making room in it if it is full."""
    key = hilbert_key(x, y)
    page = _page_for(store, key)
    if store.total[page] == PAGE:
        spread(store, table, ledger, page)
        page = _page_with_room(store, _page_for(store, key))
    slot = page * PAGE + store.total[page]
    store.x[slot], store.y[slot] = x, y
    store.ids[slot], store.words[slot] = stored, word
    ledger.total[0] += slot_sum(ledger, store, slot)
    _add_to_totals(store, ledger, page, 1)
    _cover(store, ledger, page, x, y, word)
    enter(store, table, slot)


@borrowing
def _page_for(store: Store, key: int) -> int:
    """Last page whose least key is not above a key."""
    low, high = 0, len(store.keys)
    while high - low > 1:
        middle = (low + high) // 2
        if store.keys[middle] <= key:
            low = middle
        else:
            high = middle
    return low


@borrowing
def _page_with_room(store: Store, page: int) -> int:
    """Nearest page along the curve with a free slot.

    The page itself, unless more people than it can take share one place.
    """
    away = 0
    while True:
        for near in (page - away, page + away):
            if 0 <= near < len(store.keys) and store.total[near] < PAGE:
                return near
        away += 1
