# ruff: noqa: PLR0917 - compiled functions are called by position
"""Filling pages and building the boxes above them."""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import borrowing, compiled
from geofence.pages import FANOUT, PAGE, Store

NOWHERE_LOW, NOWHERE_HIGH = 2**31 - 1, -(2**31)


@compiled
def pack(
    store: Store,
    order: NDArray[np.int64],
    keys: NDArray[np.int64],
    ids: NDArray[np.int64],
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    words: NDArray[np.uint32],
) -> None:
    """Fill the pages of an empty index evenly, and build its tree.

    Parameters
    ----------
    store : Store
        Zeroed; written.
    order : ndarray of int64, shape (n,)
        Points in ascending order of key.
    keys, ids, x, y, words : ndarray, shape (n,)
        The points; `ids` complemented where a person has several places.
    """
    n, n_pages = len(order), len(store.keys)
    for page in range(n_pages):
        first, last = page * n // n_pages, (page + 1) * n // n_pages
        slot = page * PAGE
        for rank in range(first, last):
            i = order[rank]
            store.x[slot], store.y[slot] = x[i], y[i]
            store.ids[slot], store.words[slot] = ids[i], words[i]
            slot += 1
        store.total[page] = last - first
        if first < n and page > 0:
            store.keys[page] = keys[order[first]]
        elif page > 0:
            store.keys[page] = store.keys[page - 1]
        measure_page(store, page)
    for level in range(1, len(store.level_start) - 1):
        for node in range(store.level_start[level + 1] - store.level_start[level]):
            measure_node(store, level, node)


@borrowing
def measure_page(store: Store, page: int) -> None:
    """Find box and or-ed word of one page from its points.

    Parameters
    ----------
    store : Store
        ``total`` of the page is right; its box and word are written.
    page : int
        Which.
    """
    left, bottom = NOWHERE_LOW, NOWHERE_LOW
    right, top = NOWHERE_HIGH, NOWHERE_HIGH
    word = np.uint32(0)
    for slot in range(page * PAGE, page * PAGE + store.total[page]):
        left, right = min(left, store.x[slot]), max(right, store.x[slot])
        bottom, top = min(bottom, store.y[slot]), max(top, store.y[slot])
        word |= store.words[slot]
    box = store.boxes[page]
    box[0], box[1], box[2], box[3] = left, bottom, right, top
    store.any_word[page] = word


@borrowing
def measure_node(store: Store, level: int, node: int) -> None:
    """Find box, total and or-ed word of one node from its children.

    Parameters
    ----------
    store : Store
        The children are right; the node is written.
    level, node : int
        Level (>= 1) and number within it.
    """
    below = store.level_start[level - 1]
    last = min((node + 1) * FANOUT, store.level_start[level] - below)
    left, bottom = NOWHERE_LOW, NOWHERE_LOW
    right, top = NOWHERE_HIGH, NOWHERE_HIGH
    total, word = 0, np.uint32(0)
    for child in range(below + node * FANOUT, below + last):
        box = store.boxes[child]
        left, bottom = min(left, box[0]), min(bottom, box[1])
        right, top = max(right, box[2]), max(top, box[3])
        total += store.total[child]
        word |= store.any_word[child]
    place = store.level_start[level] + node
    box = store.boxes[place]
    box[0], box[1], box[2], box[3] = left, bottom, right, top
    store.total[place], store.any_word[place] = total, word
