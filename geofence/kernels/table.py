"""Which slots belong to an id: open addressing, an id once per place.

Only the one writer needs it, so it is built when the first change comes.
"""

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import borrowing, compiled
from geofence.pages import PAGE, Store

SPREAD = np.uint64(0x9E37_79B9_7F4A_7C15)


@borrowing
def true_id(stored: int) -> int:
    """Return the id of a stored value, complemented or not.

    Parameters
    ----------
    stored : int
        From ``store.ids``.

    Returns
    -------
    int
    """
    value = int(np.int64(stored))
    return ~value if value < 0 else value


@borrowing
def home(identity: int, size: int) -> int:
    """Return where the search for an id starts.

    Parameters
    ----------
    identity : int
        True id.
    size : int
        Of the table.

    Returns
    -------
    int
        0 to ``size - 1``.
    """
    mixed = (np.uint64(identity) * SPREAD) >> np.uint64(32)
    return int(np.int64((mixed * np.uint64(size)) >> np.uint64(32)))


@compiled
def fill_table(store: Store, table: NDArray[np.uint32]) -> None:
    """Enter every point of the index.

    Parameters
    ----------
    store : Store
        Read.
    table : ndarray of uint32
        Zeroed, longer than the number of slots; written: slot + 1, or 0.
    """
    for page in range(len(store.keys)):
        for slot in range(page * PAGE, page * PAGE + store.total[page]):
            enter(store, table, slot)


@borrowing
def enter(store: Store, table: NDArray[np.uint32], slot: int) -> None:
    """Enter one filled slot.

    Parameters
    ----------
    store, table
        See `fill_table`.
    slot : int
        Which.
    """
    size = len(table)
    at = home(true_id(store.ids[slot]), size)
    while table[at] != 0:
        at = at + 1 if at + 1 < size else 0
    table[at] = slot + 1


@borrowing
def entry_of(store: Store, table: NDArray[np.uint32], slot: int) -> int:
    """Return the place in the table of a filled slot.

    Parameters
    ----------
    store, table, slot
        See `enter`; the slot must have been entered.

    Returns
    -------
    int
    """
    size = len(table)
    at = home(true_id(store.ids[slot]), size)
    while table[at] != slot + 1:
        at = at + 1 if at + 1 < size else 0
    return at


@compiled
def slots_of(
    store: Store, table: NDArray[np.uint32], identity: int, out: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Find all places of an id.

    Parameters
    ----------
    store, table
        See `fill_table`.
    identity : int
        True id.
    out : ndarray of int64
        Room; replaced by a larger array if need be.

    Returns
    -------
    out, n : ndarray of int64, int
        Slots, and how many.
    """
    size, n = len(table), 0
    at = home(identity, size)
    while table[at] != 0:
        slot = np.int64(table[at]) - 1
        if true_id(store.ids[slot]) == identity:
            if n == len(out):
                larger = np.empty(2 * n, np.int64)
                larger[:n] = out
                out = larger
            out[n] = slot
            n += 1
        at = at + 1 if at + 1 < size else 0
    return out, n


@borrowing
def leave(store: Store, table: NDArray[np.uint32], slot: int) -> None:
    """Take one slot out of the table, before its id is overwritten.

    Parameters
    ----------
    store, table, slot
        See `enter`.

    Notes
    -----
    Entries behind it move up, so that no search ever ends too early.
    """
    size = len(table)
    hole = entry_of(store, table, slot)
    at = hole
    while True:
        at = at + 1 if at + 1 < size else 0
        if table[at] == 0:
            break
        start = home(true_id(store.ids[np.int64(table[at]) - 1]), size)
        if (at - start) % size >= (at - hole) % size:
            table[hole] = table[at]
            hole = at
    table[hole] = 0
