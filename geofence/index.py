"""PointIndex: who is inside an area, exactly, among ten million points.

The public face; checks its arguments and loads the compiled parts when first used.
How it works: docs/geofence.md.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofence.area import Area
from geofence.arrival import as_arrivals, earliest_of
from geofence.attributes import Field, Mask, as_words
from geofence.errors import IndexFileError
from geofence.grid import as_ids, points_to_grid
from geofence.pages import N_PLACES, REVISION
from geofence.repair import AreaGeometry
from geofence.rings import rings_of, united
from geofence.snapshot import Snapshot, WriterLock

if TYPE_CHECKING:
    from geofence.nearby import Hit
    from geofence.reading import Breakdown
    from geofence.writing import Points, Writer

T = TypeVar("T")


class PointIndex:
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

    def inside(
        self, geometry: AreaGeometry | Area, *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside an area or on its boundary.

        Parameters
        ----------
        geometry : shapely Polygon or MultiPolygon, or Area
            Degrees, x = longitude. Parts that overlap count as united; other invalid
            geometry should be repaired first (`area_of`), which also tells.
        where : Mask, optional
            Only points whose attribute word satisfies it.

        Returns
        -------
        ndarray of int64
            Each id once, in no particular order; a fresh array.

        Raises
        ------
        EmptyGeometryError, InvalidCoordinateError, UnsupportedGeometryError
            If it is not an area on the earth.
        """
        return self.inside_many([geometry], where=where)[0]

    def inside_many(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> list[NDArray[np.int64]]:
        """Ids inside each of many areas; see `inside`.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            Any number.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        list of ndarray of int64
            One per area.
        """
        from geofence.reading import ids_inside  # noqa: PLC0415 - loads numba

        rings = rings_of(geometries)
        return self._ask(lambda held: ids_inside(held, rings, where))

    def inside_any(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside at least one of several areas, each once; see `inside`.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            May overlap; no union is computed.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        ndarray of int64
        """
        from geofence.reading import ids_inside  # noqa: PLC0415 - loads numba

        rings = united(rings_of(geometries))
        return self._ask(lambda held: ids_inside(held, rings, where)[0])

    def count(self, geometry: AreaGeometry | Area, *, where: Mask | None = None) -> int:
        """How many different ids are inside an area or on its boundary.

        Parameters
        ----------
        geometry, where
            As for `inside`.

        Returns
        -------
        int
        """
        return int(self.count_many([geometry], where=where)[0])

    def count_many(
        self, geometries: Sequence[AreaGeometry | Area], *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """How many different ids are inside each of many areas.

        Parameters
        ----------
        geometries, where
            As for `inside_many`.

        Returns
        -------
        ndarray of int64
            One per area.
        """
        from geofence.reading import counts_inside  # noqa: PLC0415 - loads numba

        rings = rings_of(geometries)
        return self._ask(lambda held: counts_inside(held, rings, where))

    def breakdown(
        self,
        geometry: AreaGeometry | Area | Sequence[AreaGeometry | Area],
        fields: Sequence[Field],
        *,
        where: Mask | None = None,
    ) -> "Breakdown":
        """Count people inside by the values of fields, without a list of ids.

        Parameters
        ----------
        geometry : shapely Polygon or MultiPolygon, Area, or a sequence of them
            Several mean their union.
        fields : sequence of Field
            What to count by, for example language, channel, area number.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        Breakdown
            ``total`` and, by field name, an array of counts per value.
        """
        from geofence.reading import breakdown_inside  # noqa: PLC0415 - loads numba

        several = geometry if isinstance(geometry, Sequence) else [geometry]
        rings = united(rings_of(several))
        return self._ask(lambda held: breakdown_inside(held, rings, fields, where))

    def earliest(
        self,
        geometries: Sequence[AreaGeometry | Area],
        arrival_s: ArrayLike,
        *,
        where: Mask | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Whom a hazard reaches, and when first.

        Parameters
        ----------
        geometries : sequence of shapely Polygon, MultiPolygon or Area
            Areas reached; may overlap.
        arrival_s : array_like of float
            When each is reached, seconds from any common origin.
        where : Mask, optional
            As for `inside`.

        Returns
        -------
        ids : ndarray of int64
            Everybody in any area once, ascending.
        arrival_s : ndarray of float64
            The earliest arrival of each, over all their places.

        Raises
        ------
        InvalidArrayError
            If there is not one time per area, or one is NaN.
        """
        times = as_arrivals(arrival_s, len(geometries))
        return earliest_of(self.inside_many(geometries, where=where), times)

    def nearest(
        self,
        lon: float,
        lat: float,
        *,
        within_m: float,
        limit: int,
        where: Mask | None = None,
    ) -> "list[Hit]":
        """Different ids around a point, nearest first.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS 84, x before y.
        within_m : float
            Geodesic radius, metres, > 0.
        limit : int
            At most this many, >= 1.
        where : Mask, optional
            As for `inside`: skills, availability.

        Returns
        -------
        list of Hit
            ``(id, distance_m)``, ascending distance, ties by id; a person with
            several places stands at the nearest. Empty if there is nobody.

        Raises
        ------
        InvalidCoordinateError, InvalidQueryError
            If the point is not on the earth, or limit or radius not positive.
        """
        from geofence.nearby import nearest  # noqa: PLC0415 - loads numba

        return self._ask(
            lambda held: nearest(
                held, lon, lat, within_m=within_m, limit=limit, where=where
            )
        )

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
