# ruff: noqa: PLR0917 - compiled functions are called by position
"""Make room where many have moved to: share a stretch of pages evenly again.

A packed memory array: the stretch doubles until it is sparse enough, so that a
village that takes in a city costs little more per person than a single move.
"""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.curve import hilbert_key
from geofence.kernels.jit import borrowing, compiled
from geofence.kernels.ledger import Ledger, node_sum, slot_sum
from geofence.kernels.pack import measure_node, measure_page
from geofence.kernels.table import entry_of
from geofence.pages import FANOUT, PAGE, Store

#: Points per page at which a stretch is sparse enough: most for short stretches,
#: fewer for long ones, so that a long one does not fill up again at once.
DENSEST = 240
SMALLEST_STRETCH = 8


@compiled
def spread(store: Store, table: NDArray[np.uint32], ledger: Ledger, page: int) -> None:
    """Share out the smallest stretch around a page that is sparse enough.

    Parameters
    ----------
    store, table, ledger
        Written. At least one slot in 20 of the whole index must be free.
    page : int
        A full page.
    """
    n_pages = len(store.keys)
    width = SMALLEST_STRETCH
    while True:
        first = page // width * width
        last = min(first + width, n_pages)
        n = 0
        for p in range(first, last):
            n += store.total[p]
        if n <= DENSEST * (last - first) or last - first == n_pages:
            _share_out(store, table, ledger, first, last, n)
            return
        width *= 2


@compiled
def _share_out(
    store: Store,
    table: NDArray[np.uint32],
    ledger: Ledger,
    first: int,
    last: int,
    n: int,
) -> None:
    """Sort the points of some pages by key and fill the pages evenly."""
    keys, entry = np.empty(n, np.int64), np.empty(n, np.int64)
    x, y = np.empty(n, np.int32), np.empty(n, np.int32)
    ids, words = np.empty(n, np.int64), np.empty(n, np.uint32)
    i = 0
    for page in range(first, last):
        ledger.total[0] -= node_sum(ledger, store, page)
        for slot in range(page * PAGE, page * PAGE + store.total[page]):
            ledger.total[0] -= slot_sum(ledger, store, slot)
            entry[i] = entry_of(store, table, slot)
            keys[i] = hilbert_key(store.x[slot], store.y[slot])
            x[i], y[i] = store.x[slot], store.y[slot]
            ids[i], words[i] = store.ids[slot], store.words[slot]
            i += 1
    order = np.argsort(keys)
    width, n_pages = last - first, len(store.keys)
    for page in range(first, last):
        begin, end = (page - first) * n // width, (page - first + 1) * n // width
        # The first page keeps its key: the stretch still begins where it did.
        if page > first:
            key = max(keys[order[begin]], store.keys[page - 1])
            # Guests from beyond the stretch must not lift a key over the next one.
            store.keys[page] = min(key, store.keys[last]) if last < n_pages else key
        for rank in range(PAGE):
            slot = page * PAGE + rank
            if rank < end - begin:
                i = order[begin + rank]
                store.x[slot], store.y[slot] = x[i], y[i]
                store.ids[slot], store.words[slot] = ids[i], words[i]
                table[entry[i]] = slot + 1
                ledger.total[0] += slot_sum(ledger, store, slot)
            else:
                store.x[slot] = store.y[slot] = 0
                store.ids[slot], store.words[slot] = 0, 0
        store.total[page] = end - begin
        measure_page(store, page)
        ledger.total[0] += node_sum(ledger, store, page)
    _measure_above(store, ledger, first, last)


@borrowing
def _measure_above(store: Store, ledger: Ledger, first: int, last: int) -> None:
    """Find boxes, totals and words again above some pages."""
    for level in range(1, len(store.level_start) - 1):
        first, last = first // FANOUT, (last - 1) // FANOUT + 1
        for node in range(first, last):
            place = store.level_start[level] + node
            ledger.total[0] -= node_sum(ledger, store, place)
            measure_node(store, level, node)
            ledger.total[0] += node_sum(ledger, store, place)
