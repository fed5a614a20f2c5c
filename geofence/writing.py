"""The one writer of an index: packs points, moves them, makes room."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofence.checksum import body_sum, factors, header_sum
from geofence.kernels.curve import hilbert_keys
from geofence.kernels.ledger import Ledger
from geofence.kernels.pack import pack
from geofence.kernels.patch import remove, upsert
from geofence.kernels.table import fill_table
from geofence.pages import (
    BODY_SUM,
    HEADER_BYTES,
    HEADER_SUM,
    ID_BYTES,
    MAX_NARROW_ID,
    N_PLACES,
    N_SEVERAL,
    PAGE,
    REVISION,
    Store,
    layout_for,
    new_block,
)
from geofence.snapshot import Snapshot

#: Places per slot above which the index is packed anew, with free slots.
FULLEST = 0.94
TABLE_ROOM = 1.25


@dataclass(frozen=True, slots=True)
class Points:
    """Checked points on the grid.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        True ids; an id may occur several times.
    x, y : ndarray of int32, shape (n,)
        Grid coordinates.
    words : ndarray of uint32, shape (n,)
        Attribute words.
    """

    ids: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    words: NDArray[np.uint32]


def packed(points: Points, revision: int) -> Snapshot:
    """Pack points into a new index in memory.

    Parameters
    ----------
    points : Points
        Any number.
    revision : int
        Kept in the header.

    Returns
    -------
    Snapshot
    """
    n = len(points.ids)
    keys = hilbert_keys(points.x, points.y)
    order = np.argsort(keys)
    several = _with_several_places(points.ids)
    ids = points.ids if several is None else np.where(several, ~points.ids, points.ids)
    layout = layout_for(n, int(points.ids.max()) if n else 0)
    snapshot = Snapshot(new_block(layout), layout)
    store = snapshot.store
    pack(store, order, keys, ids, points.x, points.y, points.words)
    header = store.header
    header[N_PLACES], header[REVISION] = n, revision
    header[N_SEVERAL] = 0 if several is None else int(several.sum())
    header[BODY_SUM] = np.uint64(body_sum(snapshot.block, layout.n_bytes)).view(
        np.int64
    )
    header[HEADER_SUM] = header_sum(header)
    return snapshot


def points_of(store: Store) -> Points:
    """Read all points back out of an index.

    Parameters
    ----------
    store : Store
        Not changing meanwhile.

    Returns
    -------
    Points
        In the order of their slots.
    """
    n_pages = len(store.keys)
    filled = np.arange(PAGE) < store.total[:n_pages, None]
    slots = np.flatnonzero(filled.ravel())
    stored = store.ids[slots].astype(np.int64)
    ids = np.where(stored < 0, ~stored, stored)
    return Points(ids, store.x[slots], store.y[slots], store.words[slots])


def merged(store: Store, points: Points) -> Points:
    """Return the points of an index after an upsert.

    Parameters
    ----------
    store : Store
        Not changing meanwhile.
    points : Points
        Replace all places of their ids.

    Returns
    -------
    Points
    """
    old = points_of(store)
    keep = ~np.isin(old.ids, points.ids) if len(points.ids) else slice(None)
    return Points(
        np.concatenate([old.ids[keep], points.ids]),
        np.concatenate([old.x[keep], points.x]),
        np.concatenate([old.y[keep], points.y]),
        np.concatenate([old.words[keep], points.words]),
    )


class Writer:
    """Changes a snapshot in place.

    Parameters
    ----------
    snapshot : Snapshot
        Nobody else changes it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        store, layout = snapshot.store, snapshot.layout
        self._table = np.zeros(int(len(store.x) * TABLE_ROOM) + 16, dtype=np.uint32)
        fill_table(store, self._table)
        row, column = factors((layout.n_bytes - HEADER_BYTES) // 8)
        first = [(at - HEADER_BYTES) // 4 for at, _, _ in layout.parts().values()]
        total = store.header[BODY_SUM : BODY_SUM + 1].view(np.uint64).copy()
        self._ledger = Ledger(total, np.array(first), row, column)

    def has_room_for(self, points: Points) -> bool:
        """Say if points fit, by number and by the size of their ids.

        Parameters
        ----------
        points : Points
            To be upserted.

        Returns
        -------
        bool
            False if the index must be packed anew with them.
        """
        header = self._snapshot.store.header
        most = int(header[N_PLACES]) + len(points.ids)
        wide = len(points.ids) and int(points.ids.max()) > MAX_NARROW_ID
        narrow = header[ID_BYTES] != 8  # noqa: PLR2004 - bytes
        return most <= FULLEST * len(self._snapshot.store.x) and not (wide and narrow)

    def upsert(self, points: Points, revision: int | None) -> None:
        """Replace all places of each id by the given ones.

        Parameters
        ----------
        points : Points
            There is room for them.
        revision : int, optional
            New revision; None keeps it.
        """
        order = np.argsort(points.ids, kind="stable")
        ids = points.ids[order]
        is_first = np.ones(len(ids), dtype=np.bool_)
        is_first[1:] = ids[1:] != ids[:-1]
        groups = np.append(np.flatnonzero(is_first), len(ids))
        x, y, words = points.x[order], points.y[order], points.words[order]
        with self._snapshot.change():
            store = self._snapshot.store
            places, several = upsert(
                store, self._table, self._ledger, groups, ids, x, y, words
            )
            self._close_books(places, several, revision)

    def remove(self, ids: NDArray[np.int64], revision: int | None) -> int:
        """Remove all places of some ids.

        Parameters
        ----------
        ids : ndarray of int64
            Unknown ones are passed over.
        revision : int, optional
            New revision; None keeps it.

        Returns
        -------
        int
            How many places went.
        """
        with self._snapshot.change():
            store = self._snapshot.store
            places, several = remove(store, self._table, self._ledger, ids)
            self._close_books(-places, -several, revision)
        return int(places)

    def _close_books(self, places: int, several: int, revision: int | None) -> None:
        """Bring the header up to date at the end of a change."""
        header = self._snapshot.store.header
        header[N_PLACES] += places
        header[N_SEVERAL] += several
        header[BODY_SUM] = self._ledger.total.view(np.int64)[0]
        if revision is not None:
            header[REVISION] = revision


def _with_several_places(ids: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    """Mark the points whose id occurs more than once; None if there are none."""
    if len(ids) < 2 or (ids[1:] > ids[:-1]).all():  # noqa: PLR2004 - a pair
        return None
    order = np.argsort(ids)
    ranked = ids[order]
    same = ranked[1:] == ranked[:-1]
    if not same.any():
        return None
    marked = np.zeros(len(ids), dtype=np.bool_)
    marked[order[1:][same]] = True
    marked[order[:-1][same]] = True
    return marked
