"""PointIndex: who is inside a polygon, exactly, among millions of points."""

import io
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from rtree import index as rtree_index
from shapely.geometry import box

from geofence.area import Area
from geofence.attributes import Mask, as_words
from geofence.errors import InvalidQueryError, TornIndexError
from geofence.grid import PER_DEGREE, as_ids, points_to_grid, to_grid
from geofence.metric import distance_m
from geofence.repair import AreaGeometry, require_area

LEAF = 256


class Hit(NamedTuple):
    """One point found near another.

    Parameters
    ----------
    id : int
        As given to the index.
    distance_m : float
        Geodesic distance, metres.
    """

    id: int
    distance_m: float


class PointIndex:
    """Points with ids, sorted along a Hilbert curve into leaves with boxes.

    Made by `build` or `open`. On the 10**-7 degree grid the answer is exactly that of
    shapely's ``intersects``, boundary inclusive.
    """

    def __init__(
        self,
        ids: NDArray[np.int64],
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        words: NDArray[np.uint32],
        revision: int,
    ) -> None:
        order = np.argsort(_hilbert_keys(x, y), kind="stable")
        self._ids, self._words = ids[order], words[order]
        self._x = x[order].astype(np.float64)
        self._y = y[order].astype(np.float64)
        self._revision = revision
        self._tree = rtree_index.Index()
        if len(ids):
            first = np.arange(0, len(ids), LEAF)
            low = (
                np.minimum.reduceat(self._x, first),
                np.minimum.reduceat(self._y, first),
            )
            high = (
                np.maximum.reduceat(self._x, first),
                np.maximum.reduceat(self._y, first),
            )
            self._tree = rtree_index.Index(
                (np.arange(len(first)), np.column_stack(low), np.column_stack(high))
            )

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
        """Index points; an id may occur several times (several places)."""
        x, y = points_to_grid(lon, lat)
        return cls(as_ids(ids, len(x)), x, y, as_words(attributes, len(x)), revision)

    def __len__(self) -> int:
        """Count points (places, not people)."""
        return len(self._ids)

    @property
    def revision(self) -> int:
        """The caller's number of the last change that is in the index."""
        return self._revision

    def inside(
        self, geometry: AreaGeometry | Area, *, where: Mask | None = None
    ) -> NDArray[np.int64]:
        """Ids inside or on the boundary, each once, in no particular order."""
        slots = self._slots(geometry)
        if where is not None:
            slots = slots[where.matches(self._words[slots])]
        return np.unique(self._ids[slots])

    def count(self, geometry: AreaGeometry | Area, *, where: Mask | None = None) -> int:
        """How many different ids are inside or on the boundary."""
        return len(self.inside(geometry, where=where))

    def upsert(
        self,
        ids: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        *,
        attributes: ArrayLike | None = None,
        revision: int | None = None,
    ) -> None:
        """Replace all places of the given ids by the given ones."""
        x, y = points_to_grid(lon, lat)
        new = as_ids(ids, len(x))
        words = as_words(attributes, len(x))
        keep = ~np.isin(self._ids, new)
        PointIndex.__init__(
            self,
            np.concatenate([self._ids[keep], new]),
            np.concatenate([self._x[keep].astype(np.int32), x]),
            np.concatenate([self._y[keep].astype(np.int32), y]),
            np.concatenate([self._words[keep], words]),
            self._revision if revision is None else revision,
        )

    def remove(self, ids: ArrayLike, *, revision: int | None = None) -> int:
        """Remove all places of the given ids; returns how many places went."""
        before = len(self)
        gone = as_ids(ids)
        keep = ~np.isin(self._ids, gone)
        PointIndex.__init__(
            self,
            self._ids[keep],
            self._x[keep].astype(np.int32),
            self._y[keep].astype(np.int32),
            self._words[keep],
            self._revision if revision is None else revision,
        )
        return before - len(self)

    def save(self, path: str | Path) -> None:
        """Write the index to a file, atomically."""
        stream = io.BytesIO()
        np.savez(
            stream,
            ids=self._ids,
            x=self._x.astype(np.int32),
            y=self._y.astype(np.int32),
            words=self._words,
            revision=np.int64(self._revision),
        )
        target = Path(path)
        temporary = target.with_name(target.name + ".new")
        temporary.write_bytes(stream.getvalue())
        temporary.replace(target)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a saved index.

        Raises
        ------
        TornIndexError
            If the file cannot be read; rebuild it from the database.
        """
        try:
            with np.load(path) as file:
                return cls(
                    file["ids"],
                    file["x"],
                    file["y"],
                    file["words"],
                    int(file["revision"]),
                )
        except (ValueError, KeyError, EOFError) as error:
            msg = f"{path} is not a whole index file. Rebuild it from the database."
            raise TornIndexError(msg) from error

    def nearest(
        self,
        lon: float,
        lat: float,
        *,
        within_m: float,
        limit: int,
        where: Mask | None = None,
    ) -> list[Hit]:
        """Different ids around a point, nearest first, ties by id.

        Raises
        ------
        InvalidQueryError
            If the limit or the radius is not positive.
        """
        if limit < 1 or not within_m > 0:
            msg = f"limit = {limit} and within_m = {within_m} must be positive."
            raise InvalidQueryError(msg)
        points_to_grid([lon], [lat])
        slots = np.arange(len(self))
        if where is not None:
            slots = slots[where.matches(self._words)]
        metres = distance_m(
            lon, lat, self._x[slots] / PER_DEGREE, self._y[slots] / PER_DEGREE
        )
        found: dict[int, float] = {}
        for at in np.lexsort((self._ids[slots], metres)):
            if metres[at] > within_m or len(found) == limit:
                break
            found.setdefault(int(self._ids[slots[at]]), float(metres[at]))
        return [Hit(*item) for item in found.items()]

    def _slots(self, geometry: AreaGeometry | Area) -> NDArray[np.int64]:
        """Slots of the points inside; whole leaves without a test."""
        shape = geometry.geometry if isinstance(geometry, Area) else geometry
        shape = shapely.transform(require_area(shape), to_grid)
        shapely.prepare(shape)
        found = [np.empty(0, dtype=np.int64)]
        for leaf in self._tree.intersection(shape.bounds):
            slots = np.arange(leaf * LEAF, min((leaf + 1) * LEAF, len(self)))
            x, y = self._x[slots], self._y[slots]
            frame = box(x.min(), y.min(), x.max(), y.max())
            if not shapely.contains_properly(shape, frame):
                slots = slots[shapely.intersects_xy(shape, x, y)]
            found.append(slots)
        return np.concatenate(found)


def _hilbert_keys(x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int64]:
    """Place of each point along a Hilbert curve of 2**16 cells a side."""
    a = (x.astype(np.int64) + 2**31) >> 16
    b = (y.astype(np.int64) + 2**31) >> 16
    key = np.zeros(len(a), dtype=np.int64)
    for bit in range(15, -1, -1):
        rx, ry = (a >> bit) & 1, (b >> bit) & 1
        key = (key << 2) | ((3 * rx) ^ ry)
        flip = (ry == 0) & (rx == 1)
        a, b = np.where(flip, ~a, a), np.where(flip, ~b, b)
        a, b = np.where(ry == 0, b, a), np.where(ry == 0, a, b)
    return key
