# ruff: noqa: PLR0917 - compiled functions are called by position
"""From runs of slots to ids, filtered ids and counts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geofence.kernels.jit import compiled


class Filter(NamedTuple):
    """A `geofence.attributes.Mask`, as the kernels take it.

    Parameters
    ----------
    all_of, any_of, none_of : int
        As in the mask; `any_of` 0 asks nothing.
    shift, size_mask, first : ndarray of int64, shape (n_fields,)
        Where each listed field lies in the word, and in `allowed`.
    allowed : ndarray of bool
        For each field, which values are wanted.
    """

    all_of: int
    any_of: int
    none_of: int
    shift: NDArray[np.int64]
    size_mask: NDArray[np.int64]
    first: NDArray[np.int64]
    allowed: NDArray[np.bool_]


@compiled
def wanted(word: int, by: Filter) -> bool:
    """Say if one attribute word satisfies a filter.

    Parameters
    ----------
    word : int
        Attribute word.
    by : Filter
        The conditions.

    Returns
    -------
    bool
    """
    w = np.int64(word)
    if (w & by.all_of) != by.all_of or (w & by.none_of) != 0:
        return False
    if by.any_of != 0 and (w & by.any_of) == 0:
        return False
    for f in range(len(by.shift)):
        if not by.allowed[by.first[f] + ((w >> by.shift[f]) & by.size_mask[f])]:
            return False
    return True


@compiled
def _set_apart(several: NDArray[np.int64], n_several: int, stored: int) -> int:
    """Note a person with several places, while there is room.

    There always is, unless a writer marks people in the middle of this query; then
    the answer is thrown away, but memory must not be overrun.
    """
    if n_several == len(several):
        return n_several
    several[n_several] = ~np.int64(stored)
    return n_several + 1


@compiled
def gather(
    runs: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    out: NDArray[np.int64],
    several: NDArray[np.int64],
) -> tuple[int, int]:
    """Copy the ids of all runs, setting those with several places apart.

    Parameters
    ----------
    runs : ndarray of int64, shape (n_runs, 2)
        First slot and end of each.
    ids : ndarray of int32 or int64
        Ids by slot.
    out, several : ndarray of int64
        Written from the start; `several` gets the true ids, repeated per place.

    Returns
    -------
    n, n_several : int
        How many were written to each.
    """
    n, n_several = 0, 0
    for r in range(len(runs)):
        start, stop = runs[r, 0], runs[r, 1]
        sign = np.int64(0)
        piece = ids[start:stop]
        room = out[n : n + len(piece)]
        for i in range(len(piece)):
            room[i] = piece[i]
            sign |= piece[i]
        if sign >= 0:
            n += len(piece)
            continue
        for i in range(len(piece)):
            value = int(np.int64(piece[i]))
            if value < 0:
                n_several = _set_apart(several, n_several, value)
            else:
                out[n] = value
                n += 1
    return n, n_several


@compiled
def gather_wanted(
    runs: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    words: NDArray[np.uint32],
    by: Filter,
    out: NDArray[np.int64],
    several: NDArray[np.int64],
) -> tuple[int, int]:
    """Copy the ids whose word satisfies a filter; otherwise like `gather`.

    Parameters
    ----------
    runs, ids, out, several : ndarray
        See `gather`.
    words : ndarray of uint32
        Attribute words by slot.
    by : Filter
        The conditions.

    Returns
    -------
    n, n_several : int
        How many were written to each.
    """
    n, n_several = 0, 0
    for r in range(len(runs)):
        for slot in range(runs[r, 0], runs[r, 1]):
            value = int(np.int64(ids[slot]))
            if wanted(words[slot], by):
                if value < 0:
                    n_several = _set_apart(several, n_several, value)
                else:
                    out[n] = value
                    n += 1
    return n, n_several


@compiled
def count_wanted(
    runs: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    words: NDArray[np.uint32],
    by: Filter,
    several: NDArray[np.int64],
) -> tuple[int, int]:
    """Count people who satisfy a filter; like `gather_wanted` without the list.

    Parameters
    ----------
    runs, ids, words, by, several
        See `gather_wanted`.

    Returns
    -------
    n, n_several : int
        People with one place; entries written to `several`.
    """
    n, n_several = 0, 0
    for r in range(len(runs)):
        for slot in range(runs[r, 0], runs[r, 1]):
            if wanted(words[slot], by):
                if ids[slot] < 0:
                    n_several = _set_apart(several, n_several, ids[slot])
                else:
                    n += 1
    return n, n_several


@compiled
def tally(
    runs: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    words: NDArray[np.uint32],
    by: Filter,
    shift: NDArray[np.int64],
    size_mask: NDArray[np.int64],
    first: NDArray[np.int64],
    counts: NDArray[np.int64],
    several: NDArray[np.int64],
    several_words: NDArray[np.uint32],
) -> tuple[int, int]:
    """Count people by the values of some fields of their attribute word.

    Parameters
    ----------
    runs, ids, words, by : see `gather_wanted`
    shift, size_mask, first : ndarray of int64, shape (n_fields,)
        Where each field lies in the word and in `counts`.
    counts : ndarray of int64
        Added to.
    several, several_words : ndarray
        Written: id and word of each place of people with several.

    Returns
    -------
    n, n_several : int
        People with one place; entries written to `several`.
    """
    n, n_several = 0, 0
    for r in range(len(runs)):
        for slot in range(runs[r, 0], runs[r, 1]):
            word = np.int64(words[slot])
            if not wanted(words[slot], by):
                continue
            if ids[slot] < 0:
                if n_several < len(several_words):
                    several_words[n_several] = words[slot]
                n_several = _set_apart(several, n_several, ids[slot])
                continue
            n += 1
            for f in range(len(shift)):
                counts[first[f] + ((word >> shift[f]) & size_mask[f])] += 1
    return n, n_several
