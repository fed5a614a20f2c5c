"""A checksum of the whole index that moves with every change.

The body is read as 64-bit words; word ``w`` counts with a pseudo-random odd factor
``row[w >> 16] * column[w & 0xFFFF]``, all modulo 2**64. Changing one word changes the
sum, and the change is known without reading the rest.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import borrowing
from geofence.pages import Store

COLUMN_BITS = 16
COLUMNS = 1 << COLUMN_BITS
LOW_HALF = 0xFFFF_FFFF


class Ledger(NamedTuple):
    """The running sum and what it takes to change it.

    Parameters
    ----------
    total : ndarray of uint64, shape (1,)
        The sum.
    first : ndarray of int64, shape (8,)
        Where each array of the store starts in the body, in 32-bit words.
    row, column : ndarray of uint64
        Factors.
    """

    total: NDArray[np.uint64]
    first: NDArray[np.int64]
    row: NDArray[np.uint64]
    column: NDArray[np.uint64]


@borrowing
def term(ledger: Ledger, at: int, value: int) -> np.uint64:
    """Share of one 32-bit word in the sum.

    Parameters
    ----------
    ledger : Ledger
        For its factors.
    at : int
        Place in the body, in 32-bit words.
    value : int
        Its content, signed or not; a difference of contents gives a difference.

    Returns
    -------
    uint64
    """
    word = at >> 1
    factor = ledger.row[word >> COLUMN_BITS] * ledger.column[word & (COLUMNS - 1)]
    return np.uint64((np.uint64(value) << np.uint64(32 * (at & 1))) * factor)


@borrowing
def _low(value: int) -> int:
    """Bits of a 32-bit number, signed or not."""
    return int(np.int64(value) & LOW_HALF)


@borrowing
def slot_sum(ledger: Ledger, store: Store, slot: int) -> np.uint64:
    """Share of one slot in the sum.

    Parameters
    ----------
    ledger, store
        See there.
    slot : int
        Which.

    Returns
    -------
    uint64
    """
    first = ledger.first
    total = term(ledger, first[0] + slot, _low(store.x[slot]))
    total += term(ledger, first[1] + slot, _low(store.y[slot]))
    if store.ids.itemsize == 4:  # noqa: PLR2004 - bytes
        total += term(ledger, first[2] + slot, _low(store.ids[slot]))
    else:
        total += term(ledger, first[2] + 2 * slot, int(np.int64(store.ids[slot])))
    total += term(ledger, first[3] + slot, _low(store.words[slot]))
    return total


@borrowing
def node_sum(ledger: Ledger, store: Store, place: int) -> np.uint64:
    """Share of one node (box, total, word, and a page's key) in the sum.

    Parameters
    ----------
    ledger, store
        See there.
    place : int
        Which node.

    Returns
    -------
    uint64
    """
    first = ledger.first
    total = term(ledger, first[6] + place, _low(store.total[place]))
    total += term(ledger, first[7] + place, _low(store.any_word[place]))
    for side in range(4):
        at = first[5] + 4 * place + side
        total += term(ledger, at, _low(store.boxes[place, side]))
    if place < len(store.keys):
        total += term(ledger, first[4] + 2 * place, store.keys[place])
    return total
