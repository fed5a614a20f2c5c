"""PointIndex: who is inside an area, exactly, among ten million points.

The public face; checks its arguments and loads the compiled parts when first used.
How it works: docs/geofence.md.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from numpy.typing import ArrayLike

from geofence.attributes import as_words
from geofence.errors import IndexFileError
from geofence.grid import as_ids, points_to_grid
from geofence.pages import N_PLACES, REVISION
from geofence.questions import Questions
from geofence.snapshot import Snapshot, WriterLock

if TYPE_CHECKING:
    from geofence.writing import Points, Writer

T = TypeVar("T")


class PointIndex(Questions):
    """Points with ids and attribute words, for questions about areas.

    Made by `build` or `open`. On the 10**-7 degree grid (1.1 cm) the answers are
    exactly those of shapely's ``intersects``, boundary inclusive. Any number of
    threads and processes may ask; one at a time may change, and nobody waits for it.
    """

    def __init__(self, snapshot: Snapshot, path: Path | None = None) -> None:
        self._snapshot = snapshot
        self._path = path
        self._writer: Writer | None = None
        self._lock: WriterLock | None = None
        self._changing = threading.RLock()

    @classmethod
    def build(
        cls,
        ids: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        *,
        attributes: ArrayLike | None = None,
        revision: int = 0,
    ) -> Self:
        """Index points in memory.

        Parameters
        ----------
        ids : array_like of int, shape (n,)
            0 to 2**62 - 1; an id may occur several times (several places).
        lon, lat : array_like of float, shape (n,)
            Degrees, WGS 84.
        attributes : array_like of uint32, shape (n,), optional
            One word per point that travels with it; see `Field` and `Mask`.
        revision : int
            The caller's number of the last change the points include.

        Returns
        -------
        PointIndex

        Raises
        ------
        InvalidArrayError, InvalidCoordinateError, InvalidIdError
            Naming the value and its index.
        """
        from geofence.writing import packed  # noqa: PLC0415 - loads numba

        return cls(packed(_points(ids, lon, lat, attributes), revision))

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Map a saved index; all processes that do share one copy of it.

        Parameters
        ----------
        path : str or Path
            Written by `save`. Everything in it is checked (20 ms per 10 million).

        Returns
        -------
        PointIndex
            Follows the file: changes by a writer are seen at once, and a new file
            at the same path from the next question on.

        Raises
        ------
        FileNotFoundError
            If there is none.
        IndexFileError
            `ForeignIndexError`, `OldIndexError` or `TornIndexError`: rebuild it.
        """
        return cls(Snapshot.open(Path(path)), Path(path))

    def save(self, path: str | Path) -> None:
        """Write the index to a file in one step, for `open`.

        Parameters
        ----------
        path : str or Path
            Replaced if it exists; readers go on undisturbed and then follow.

        Raises
        ------
        IndexLockedError
            If another process is changing the index at that path.
        """
        target = Path(path)
        if target == self._path and self._lock is not None:
            self._snapshot.write(target)
            return
        lock = WriterLock(target)
        try:
            self._snapshot.write(target)
        finally:
            lock.release()

    def close(self) -> None:
        """Give up the right to change a saved index; idempotent."""
        with self._changing:
            self._writer = None
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def __len__(self) -> int:
        """Count points (places, not people)."""
        return int(self._current().store.header[N_PLACES])

    @property
    def revision(self) -> int:
        """The caller's number of the last change that is in the index."""
        return int(self._current().store.header[REVISION])

    @property
    def n_bytes(self) -> int:
        """Size in memory and on disk."""
        return self._current().layout.n_bytes

    def upsert(
        self,
        ids: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        *,
        attributes: ArrayLike | None = None,
        revision: int | None = None,
    ) -> None:
        """Replace all places of each given id by the given ones; idempotent.

        Parameters
        ----------
        ids, lon, lat, attributes
            As for `build`; an id given several times has several places then.
        revision : int, optional
            New revision; None keeps it.

        Raises
        ------
        IndexLockedError
            If another process is changing this saved index.
        InvalidArrayError, InvalidCoordinateError, InvalidIdError
            Nothing is changed then.
        """
        points = _points(ids, lon, lat, attributes)
        with self._changing:
            writer = self._writing()
            if writer.has_room_for(points):
                writer.upsert(points, revision)
            else:
                self._repack(points, revision)

    def remove(self, ids: ArrayLike, *, revision: int | None = None) -> int:
        """Remove all places of the given ids; unknown ids are passed over.

        Parameters
        ----------
        ids : array_like of int
            Any number.
        revision : int, optional
            New revision; None keeps it.

        Returns
        -------
        int
            How many places went.

        Raises
        ------
        IndexLockedError
            If another process is changing this saved index.
        InvalidArrayError, InvalidIdError
            Nothing is changed then.
        """
        gone = as_ids(ids)
        with self._changing:
            return self._writing().remove(gone, revision)

    def repack(self) -> None:
        """Pack all points anew: tight boxes and free slots again; for quiet hours.

        Raises
        ------
        IndexLockedError
            If another process is changing this saved index.
        """
        nobody = _points([], [], [], None)
        with self._changing:
            self._writing()
            self._repack(nobody, None)

    def _current(self) -> Snapshot:
        """Return the snapshot, following a file that was replaced."""
        snapshot = self._snapshot
        if self._path is None or self._lock is not None:
            return snapshot
        if snapshot.is_behind(self._path):
            # An unusable new file is no reason to stop answering from the old one.
            with suppress(IndexFileError, OSError):
                self._snapshot = snapshot = Snapshot.open(self._path)
        return snapshot

    def _ask(self, question: Callable[[Snapshot], T]) -> T:
        """Ask the current snapshot."""
        return self._current().read(question)

    def _writing(self) -> "Writer":
        """Return the writer, with the lock of the file taken first."""
        from geofence.writing import Writer  # noqa: PLC0415 - loads numba

        if self._path is not None and self._lock is None:
            lock = WriterLock(self._path)
            # Nobody else can replace the file from here on.
            try:
                if self._snapshot.is_behind(self._path):
                    self._snapshot = Snapshot.open(self._path)
            except BaseException:
                lock.release()
                raise
            self._lock = lock
        if self._writer is None:
            self._writer = Writer(self._snapshot)
        return self._writer

    def _repack(self, points: "Points", revision: int | None) -> None:
        """Build anew with some points upserted; readers keep the old until then."""
        from geofence.writing import merged, packed  # noqa: PLC0415 - loads numba

        store = self._snapshot.store
        kept = int(store.header[REVISION]) if revision is None else revision
        snapshot = packed(merged(store, points), kept)
        if self._path is not None:
            snapshot.write(self._path)
            snapshot = Snapshot.open(self._path)
        self._writer = None
        self._snapshot = snapshot


def _points(
    ids: ArrayLike, lon: ArrayLike, lat: ArrayLike, attributes: ArrayLike | None
) -> "Points":
    """Check points and put them on the grid."""
    from geofence.writing import Points  # noqa: PLC0415 - loads numba

    x, y = points_to_grid(lon, lat)
    return Points(as_ids(ids, len(x)), x, y, as_words(attributes, len(x)))
