"""Answers to questions about areas, from one snapshot of an index."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geofence.attributes import ANYBODY, Field, Filter, Mask
from geofence.kernels.collect import gather, tally
from geofence.kernels.descend import find_runs
from geofence.pages import N_SEVERAL, Store
from geofence.rings import Rings
from geofence.snapshot import Snapshot

#: Fields are counted together as long as their table stays in the fastest cache.
SHARED_BITS = 12
#: Slots from which starting a thread costs less than it saves.
WORTH_TWO_THREADS = 1_000_000
#: Points of an outline from which the same holds.
DETAILED = 5_000

T = TypeVar("T")


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
    found = _gathered(store, runs, run_start, where)
    return [_once(ids, several) for ids, several in found]


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
    runs, run_start, _ = _runs(store, rings)
    found = _gathered(store, runs, run_start, where)
    counts = [len(ids) + len(np.unique(several)) for ids, several in found]
    return np.array(counts, dtype=np.int64)


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
    runs, run_start, _ = _runs(store, rings)
    tables, size = _tables_of(fields)
    counts = np.zeros(size, dtype=np.int64)
    places = int(_slots(runs, run_start)[-1])
    several = np.empty(places, dtype=np.int64)
    words = np.empty(places, dtype=np.uint32)
    by = (where or ANYBODY).filter
    n, k = tally(runs, store.ids, store.words, by, tables, counts, several, words)
    once = _least_word_of_each(several[:k], words[:k])
    parts = {}
    for field, row in zip(fields, tables, strict=True):
        part = _summed(counts, tables, row)
        parts[field.name] = part + np.bincount(field.of(once), minlength=field.size)
    return Breakdown(n + len(once), parts)


def _tables_of(fields: Sequence[Field]) -> tuple[NDArray[np.int64], int]:
    """Where each field counts; small fields share a table, which is faster.

    Returns
    -------
    tables : ndarray of int64, shape (n_fields, 4)
        See `geofence.kernels.collect.tally`.
    size : int
        Of all tables together.
    """
    rows, start, bits = [], 0, 0
    for field in fields:
        if bits and bits + field.bits > SHARED_BITS:
            start, bits = start + (1 << bits), 0
        rows.append((field.shift, field.size - 1, start, bits))
        bits += field.bits
    tables = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    return tables, start + (1 << bits)


def _summed(
    counts: NDArray[np.int64], tables: NDArray[np.int64], row: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Counts by the values of one field, over all values of those it shares with."""
    sizes = tables[tables[:, 2] == row[2], 1] + 1
    table = counts[row[2] : row[2] + int(sizes.prod())]
    # The first field varies fastest: C order has it last.
    cube = table.reshape(-1, row[1] + 1, 1 << row[3])
    return np.asarray(cube.sum(axis=(0, 2)), dtype=np.int64)


def _runs(
    store: Store, rings: Rings, *, count_only: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Runs of slots inside each area; see the kernel.

    One detailed area is looked for by two threads, in half of the pages each.
    """
    n_pages = len(store.keys)

    def search(
        first: int, end: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        return find_runs(*rings, store, first, end, count_only)

    n_shapes = len(rings.shape_start) - 1
    if n_shapes != 1 or len(rings.coords) < DETAILED:
        return search(0, n_pages)
    half = n_pages // 2
    (runs, _, found), (more, _, found_more) = by_two(
        lambda: search(0, half), lambda: search(half, n_pages)
    )
    both = np.concatenate([runs, more])
    return both, np.array([0, len(both)]), found + found_more


def by_two(one: Callable[[], T], other: Callable[[], T]) -> tuple[T, T]:
    """Do two things at once, in this thread and in another one.

    Parameters
    ----------
    one, other : callable
        Work in kernels, which let other threads run.

    Returns
    -------
    tuple
        Both results.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        later = pool.submit(other)
        return one(), later.result()


def _slots(runs: NDArray[np.int64], run_start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Slots in the runs before each area's, and in all.

    From the runs, not from the tree: a writer may be changing that meanwhile.
    """
    before = np.zeros(len(runs) + 1, dtype=np.int64)
    np.cumsum(runs[:, 1] - runs[:, 0], out=before[1:])
    return before.take(run_start)


def _gathered(
    store: Store,
    runs: NDArray[np.int64],
    run_start: NDArray[np.int64],
    where: Mask | None,
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Ids of each area: of people with one place, and of others per place."""
    start = _slots(runs, run_start)
    size = int(start[-1])
    out = np.empty(size, dtype=np.int64)
    several = np.empty(size if store.header[N_SEVERAL] else 0, dtype=np.int64)
    by = (where or ANYBODY).filter
    n_areas = len(run_start) - 1
    if n_areas == 1 and size > WORTH_TWO_THREADS:
        n, k = _gather_by_two(store, runs, by, out, several)
        wrote = [[n, k]]
    else:
        wrote = gather(
            runs, run_start, start, store.ids, store.words, by, out, several
        ).tolist()
    # Do not keep a large array alive for small answers.
    own = 2 * sum(n for n, _ in wrote) < size
    found = []
    for at, (n, k) in zip(start.tolist(), wrote, strict=False):
        ids = out[at : at + n]
        found.append((ids.copy() if own else ids, several[at : at + k]))
    return found


def _gather_by_two(
    store: Store,
    runs: NDArray[np.int64],
    by: Filter,
    out: NDArray[np.int64],
    several: NDArray[np.int64],
) -> tuple[int, int]:
    """Gather the ids of one large area in two threads, half of the runs each.

    Most of the time goes into memory that is touched for the first time, which two
    cores do twice as fast. Returns what `gather` does for one area.
    """
    half = np.array([0, len(runs) // 2, len(runs)])
    start = _slots(runs, half)

    def work(h: int) -> list[int]:
        wrote = gather(
            runs,
            half[h : h + 2],
            start[h : h + 2],
            store.ids,
            store.words,
            by,
            out,
            several,
        )
        return [int(value) for value in wrote[0]]

    (n, k), (n_other, k_other) = by_two(lambda: work(0), lambda: work(1))
    at = int(start[1])
    if n < at:
        out[n : n + n_other] = out[at : at + n_other]
    if k_other:
        several[k : k + k_other] = several[at : at + k_other]
    return n + n_other, k + k_other


def _once(ids: NDArray[np.int64], several: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ids of all, each once."""
    return np.concatenate([ids, np.unique(several)]) if len(several) else ids


def _least_word_of_each(
    ids: NDArray[np.int64], words: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return one word per different id, the least."""
    order = np.lexsort((words, ids))
    ids, words = ids[order], words[order]
    first = np.ones(len(ids), dtype=np.bool_)
    first[1:] = ids[1:] != ids[:-1]
    return words[first]
