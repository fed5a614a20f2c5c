"""Answers to questions about areas, from one snapshot of an index."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofence.attributes import Field, Mask
from geofence.kernels.collect import (
    Filter,
    count_wanted,
    gather,
    gather_wanted,
    tally,
)
from geofence.kernels.descend import find_runs
from geofence.pages import N_SEVERAL, Store
from geofence.rings import Rings
from geofence.snapshot import Snapshot


@dataclass(frozen=True)
class Breakdown:
    """How many people are inside, by the values of some fields.

    Parameters
    ----------
    total : int
        Different people.
    counts : dict of str to ndarray of int64
        By field name: people for each value of the field. A person with several
        places counts once, with the least attribute word of them.
    """

    total: int
    counts: dict[str, NDArray[np.int64]]


def filter_of(where: Mask | None) -> Filter:
    """Turn a mask into what the kernels take.

    Parameters
    ----------
    where : Mask or None
        None asks nothing.

    Returns
    -------
    Filter
    """
    mask = where or Mask()
    fields = list(mask.among)
    sizes = [field.size for field in fields]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    allowed = np.zeros(int(first[-1]), dtype=np.bool_)
    for field, start in zip(fields, first, strict=False):
        for value in mask.among[field]:
            allowed[start + value] = True
    shift = np.array([field.shift for field in fields], dtype=np.int64)
    size_mask = np.array(sizes, dtype=np.int64) - 1
    return Filter(
        mask.all_of, mask.any_of, mask.none_of, shift, size_mask, first[:-1], allowed
    )


def ids_inside(
    snapshot: Snapshot, rings: Rings, where: Mask | None
) -> list[NDArray[np.int64]]:
    """Ids inside each area, each id once.

    Parameters
    ----------
    snapshot : Snapshot
        The index.
    rings : Rings
        The areas.
    where : Mask or None
        Which points count.

    Returns
    -------
    list of ndarray of int64
        Fresh arrays.
    """
    store = snapshot.store
    runs, run_start, _ = _runs(store, rings)
    return [
        _ids_of(store, runs[run_start[s] : run_start[s + 1]], where)
        for s in range(len(run_start) - 1)
    ]


def counts_inside(
    snapshot: Snapshot, rings: Rings, where: Mask | None
) -> NDArray[np.int64]:
    """How many different ids are inside each area.

    Parameters
    ----------
    snapshot, rings, where
        See `ids_inside`.

    Returns
    -------
    ndarray of int64, shape (n_areas,)
    """
    store = snapshot.store
    if where is None and store.header[N_SEVERAL] == 0:
        return _runs(store, rings, count_only=True)[2]
    runs, run_start, found = _runs(store, rings)
    by = filter_of(where)
    counts = np.empty(len(found), dtype=np.int64)
    for s in range(len(found)):
        several = np.empty(int(found[s]), dtype=np.int64)
        part = runs[run_start[s] : run_start[s + 1]]
        n, k = count_wanted(part, store.ids, store.words, by, several)
        counts[s] = n + len(np.unique(several[:k]))
    return counts


def breakdown_inside(
    snapshot: Snapshot, rings: Rings, fields: Sequence[Field], where: Mask | None
) -> Breakdown:
    """Count people inside one area by the values of fields.

    Parameters
    ----------
    snapshot, where
        See `ids_inside`.
    rings : Rings
        One area.
    fields : sequence of Field
        What to count by.

    Returns
    -------
    Breakdown
    """
    store = snapshot.store
    runs, _, found = _runs(store, rings)
    sizes = [field.size for field in fields]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    counts = np.zeros(int(first[-1]), dtype=np.int64)
    shift = np.array([field.shift for field in fields], dtype=np.int64)
    size_mask = np.array(sizes, dtype=np.int64) - 1
    several = np.empty(int(found[0]), dtype=np.int64)
    words = np.empty(int(found[0]), dtype=np.uint32)
    n, k = tally(
        runs,
        store.ids,
        store.words,
        filter_of(where),
        shift,
        size_mask,
        first,
        counts,
        several,
        words,
    )
    once = _least_word_of_each(several[:k], words[:k])
    parts = {}
    for field, start in zip(fields, first, strict=False):
        part = counts[start : start + field.size]
        part += np.bincount(field.of(once), minlength=field.size)
        parts[field.name] = part
    return Breakdown(n + len(once), parts)


def _runs(
    store: Store, rings: Rings, *, count_only: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Runs of slots inside each area; see the kernel."""
    return find_runs(
        rings.coords,
        rings.ring_start,
        rings.is_shell,
        rings.shape_start,
        store,
        count_only,
    )


def _ids_of(
    store: Store, runs: NDArray[np.int64], where: Mask | None
) -> NDArray[np.int64]:
    """Ids of some runs, each once."""
    # From the runs, not from the tree: a writer may be changing that meanwhile.
    found = int((runs[:, 1] - runs[:, 0]).sum())
    out = np.empty(found, dtype=np.int64)
    # Never touched, hence free, where nobody has several places.
    several = np.empty(found, dtype=np.int64)
    if where is None:
        n, k = gather(runs, store.ids, out, several)
    else:
        by = filter_of(where)
        n, k = gather_wanted(runs, store.ids, store.words, by, out, several)
    if k:
        once = np.unique(several[:k])
        out[n : n + len(once)] = once
        n += len(once)
    # Do not keep a large array alive for a small answer.
    return out[:n] if 2 * n >= found else out[:n].copy()


def _least_word_of_each(
    ids: NDArray[np.int64], words: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return one word per different id, the least."""
    order = np.lexsort((words, ids))
    ids, words = ids[order], words[order]
    first = np.ones(len(ids), dtype=np.bool_)
    first[1:] = ids[1:] != ids[:-1]
    return words[first]
