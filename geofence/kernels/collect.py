# ruff: noqa: PLR0917 - compiled functions are called by position
"""From runs of slots to ids, filtered ids and counts."""

import numpy as np
from numpy.typing import NDArray

from geofence.attributes import Filter
from geofence.kernels.jit import borrowing, compiled, inlined

#: Slots looked at together: their flags stay in the fastest cache.
CHUNK = 256


@borrowing
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
def gather(
    runs: NDArray[np.int64],
    run_start: NDArray[np.int64],
    out_start: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    words: NDArray[np.uint32],
    by: Filter,
    out: NDArray[np.int64],
    several: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Copy the ids of the runs of each area, those with several places apart.

    Parameters
    ----------
    runs : ndarray of int64, shape (n_runs, 2)
        First slot and end of each.
    run_start : ndarray of int64, shape (n_areas + 1,)
        Where the runs of each area start.
    out_start : ndarray of int64, shape (n_areas + 1,)
        Where the ids of each area start in `out` and in `several`: all its slots fit.
    ids : ndarray of int32 or int64
        Ids by slot; negative for people with several places.
    words : ndarray of uint32
        Attribute words by slot.
    by : Filter
        Which words are wanted.
    out, several : ndarray of int64
        Written; `several` gets the true ids, repeated per place.

    Returns
    -------
    ndarray of int64, shape (n_areas, 2)
        How many were written to `out` and to `several`.
    """
    keep = np.ones(CHUNK, np.bool_)
    wrote = np.zeros((len(run_start) - 1, 2), np.int64)
    for s in range(len(run_start) - 1):
        n = n_several = out_start[s]
        for r in range(run_start[s], run_start[s + 1]):
            for first in range(runs[r, 0], runs[r, 1], CHUNK):
                last = min(first + CHUNK, runs[r, 1])
                if by.asks:
                    _mark_wanted(words, first, last, by, keep)
                    took, sign = _copy_kept(ids, first, last, keep, out, n)
                else:
                    took, sign = _copy_all(ids, first, last, out, n)
                if sign < 0:
                    took, apart = _copy_apart(
                        ids, first, last, keep, out, n, several, n_several
                    )
                    n_several += apart
                n += took
        wrote[s, 0], wrote[s, 1] = n - out_start[s], n_several - out_start[s]
    return wrote


@compiled
def tally(
    runs: NDArray[np.int64],
    ids: NDArray[np.signedinteger],
    words: NDArray[np.uint32],
    by: Filter,
    fields: NDArray[np.int64],
    counts: NDArray[np.int64],
    several: NDArray[np.int64],
    several_words: NDArray[np.uint32],
) -> tuple[int, int]:
    """Count people by the values of some fields of their attribute word.

    Parameters
    ----------
    runs, ids, words, by
        Of one area; see `gather`.
    fields : ndarray of int64, shape (n_fields, 4)
        Shift and mask of each field in the word, where its table starts in `counts`,
        and by how much its value is shifted there: several fields share a table.
    counts : ndarray of int64
        Added to: tables of people by the values of the fields that share them.
    several, several_words : ndarray
        Written: id and word of each place of people with several.

    Returns
    -------
    n, n_several : int
        People with one place; entries written to `several`.
    """
    keep = np.ones(CHUNK, np.bool_)
    key = np.empty(CHUNK, np.int64)
    n, n_several = 0, 0
    for r in range(len(runs)):
        for first in range(runs[r, 0], runs[r, 1], CHUNK):
            last = min(first + CHUNK, runs[r, 1])
            _mark_wanted(words, first, last, by, keep)
            for j in range(last - first):
                slot = first + j
                if ids[slot] < 0 and keep[j]:
                    keep[j] = False
                    if n_several < len(several):
                        several_words[n_several] = words[slot]
                    n_several = _set_apart(several, n_several, ids[slot])
                n += keep[j]
            f = 0
            while f < len(fields):
                f = _make_keys(words, first, last, fields, f, key)
                for j in range(last - first):
                    counts[np.uint64(key[j])] += keep[j]
    return n, n_several


@inlined
def _mark_wanted(
    words: NDArray[np.uint32],
    first: int,
    last: int,
    by: Filter,
    keep: NDArray[np.bool_],
) -> None:
    """Say for each slot of a chunk if its word satisfies a filter; no branches."""
    n = last - first
    if not by.asks:
        keep[:n] = True
        return
    all_of, none_of = np.uint32(by.all_of), np.uint32(by.none_of)
    any_of, whatever = np.uint32(by.any_of), by.any_of == 0
    some = words[first:last]
    for j in range(len(some)):
        good = (some[j] & all_of) == all_of
        good &= (some[j] & none_of) == 0
        keep[j] = good & (whatever | ((some[j] & any_of) != 0))
    for f in range(len(by.shift)):
        shift, size_mask = np.uint32(by.shift[f]), np.uint32(by.size_mask[f])
        allowed = by.allowed[by.first[f] : by.first[f] + by.size_mask[f] + 1]
        for j in range(len(some)):
            keep[j] &= allowed[(some[j] >> shift) & size_mask]


@inlined
def _copy_all(
    ids: NDArray[np.signedinteger],
    first: int,
    last: int,
    out: NDArray[np.int64],
    n: int,
) -> tuple[int, int]:
    """Copy a chunk; returns how many, and a negative number if an id was negative."""
    piece = ids[first:last]
    room = out[n : n + len(piece)]
    sign = np.int64(0)
    for j in range(len(piece)):
        room[j] = piece[j]
        sign |= piece[j]
    return len(piece), int(sign)


@inlined
def _copy_kept(
    ids: NDArray[np.signedinteger],
    first: int,
    last: int,
    keep: NDArray[np.bool_],
    out: NDArray[np.int64],
    n: int,
) -> tuple[int, int]:
    """Like `_copy_all` for the marked slots: each is written, and then kept or not."""
    took = np.uint64(n)
    sign = np.int64(0)
    for j in range(last - first):
        stored = np.int64(ids[first + j])
        out[took] = stored
        took += np.uint64(keep[j])
        sign |= stored
    return int(took) - n, int(sign)


@borrowing
def _copy_apart(
    ids: NDArray[np.signedinteger],
    first: int,
    last: int,
    keep: NDArray[np.bool_],
    out: NDArray[np.int64],
    n: int,
    several: NDArray[np.int64],
    n_several: int,
) -> tuple[int, int]:
    """Copy marked slots one by one; returns how many to `out` and to `several`."""
    took, end = n, n_several
    for j in range(last - first):
        if not keep[j]:
            continue
        stored = np.int64(ids[first + j])
        if stored < 0:
            end = _set_apart(several, end, int(stored))
        else:
            out[took] = stored
            took += 1
    return took - n, end - n_several


@borrowing
def _set_apart(several: NDArray[np.int64], n_several: int, stored: int) -> int:
    """Note a person with several places, while there is room.

    There always is, unless a writer marks people in the middle of this query; then
    the answer is thrown away, but memory must not be overrun.
    """
    if n_several >= len(several):
        return n_several
    several[n_several] = ~np.int64(stored)
    return n_several + 1


@inlined
def _make_keys(
    words: NDArray[np.uint32],
    first: int,
    last: int,
    fields: NDArray[np.int64],
    f: int,
    key: NDArray[np.int64],
) -> int:
    """Find where each word of a chunk counts in the table of field `f`.

    Returns the first field of the next table.
    """
    table = fields[f, 2]
    key[: last - first] = table
    while f < len(fields) and fields[f, 2] == table:
        shift, size_mask, up = fields[f, 0], fields[f, 1], fields[f, 3]
        for j in range(last - first):
            key[j] += ((np.int64(words[first + j]) >> shift) & size_mask) << up
        f += 1
    return f
