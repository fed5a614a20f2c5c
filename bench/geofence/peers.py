"""The methods the geofence is measured against, behind one small interface.

Each takes points and areas in whole grid units and returns the positions of the
points that intersect. Imports are late: a peer that is not installed is skipped.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class Peer(Protocol):
    """One method on one set of points."""

    def ids(self, area: Any) -> Ids:
        """Positions of the points inside an area."""

    def many(self, areas: Sequence[Any]) -> list[Ids]:
        """The same for many areas, in whatever way suits the method."""


class OneByOne:
    """Peers without a way to answer many areas at once."""

    ids: Callable[[Any], Ids]

    def many(self, areas: Sequence[Any]) -> list[Ids]:
        """Ask for one after the other."""
        return [self.ids(area) for area in areas]


class RtreePerPoint(OneByOne):
    """rtree, one entry per point: box query, then shapely's exact test."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        from rtree import index

        places = np.column_stack([x, y])
        self._xy = places
        self._tree = index.Index((np.arange(len(x)), places, places))

    def ids(self, area: Any) -> Ids:
        """Box, then test."""
        lows, highs = np.array([area.bounds[:2]]), np.array([area.bounds[2:]])
        near = np.asarray(self._tree.intersection_v(lows, highs)[0], dtype=np.int64)
        return tested(area, near, self._xy[:, 0], self._xy[:, 1])


class StrtreeBox(OneByOne):
    """shapely STRtree over points: box query, then the exact test."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._x, self._y = x, y
        self._tree = shapely.STRtree(shapely.points(x, y))

    def ids(self, area: Any) -> Ids:
        """Box, then test."""
        return tested(area, self._tree.query(area), self._x, self._y)


class StrtreePredicate:
    """shapely STRtree over points with ``predicate="intersects"``."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._tree = shapely.STRtree(shapely.points(x, y))

    def ids(self, area: Any) -> Ids:
        """Let the tree do both."""
        return np.sort(self._tree.query(area, predicate="intersects"))

    def many(self, areas: Sequence[Any]) -> list[Ids]:
        """Bulk query."""
        which, found = self._tree.query(areas, predicate="intersects")
        return [np.sort(found[which == k]) for k in range(len(areas))]


class Geoindex(OneByOne):
    """geoindex-rs packed k-d tree (Rust): box query, then the exact test."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        from geoindex_rs import kdtree

        self._range = kdtree.range
        self._x, self._y = x, y
        builder = kdtree.KDTreeBuilder(len(x))
        builder.add(x, y)
        self._tree = builder.finish()

    def ids(self, area: Any) -> Ids:
        """Box, then test."""
        near = np.asarray(self._range(self._tree, *area.bounds)).astype(np.int64)
        return tested(area, near, self._x, self._y)


class GeopandasPointsLeft:
    """``geopandas.sjoin(points, areas)``."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        import geopandas

        self._pandas = geopandas
        self._points = geopandas.GeoDataFrame(geometry=shapely.points(x, y))

    def ids(self, area: Any) -> Ids:
        """Join the points to one area."""
        return self.many([area])[0]

    def many(self, areas: Sequence[Any]) -> list[Ids]:
        """Join the points to all areas."""
        frame = self._pandas.GeoDataFrame(geometry=list(areas))
        pairs = self._pandas.sjoin(self._points, frame, predicate="intersects")
        which, found = pairs["index_right"].to_numpy(), pairs.index.to_numpy()
        return [np.sort(found[which == k]) for k in range(len(areas))]


class GeopandasAreasLeft(GeopandasPointsLeft):
    """``geopandas.sjoin(areas, points)``."""

    def many(self, areas: Sequence[Any]) -> list[Ids]:
        """Join all areas to the points."""
        frame = self._pandas.GeoDataFrame(geometry=list(areas))
        pairs = self._pandas.sjoin(frame, self._points, predicate="intersects")
        which, found = pairs.index.to_numpy(), pairs["index_right"].to_numpy()
        return [np.sort(found[which == k]) for k in range(len(areas))]


class DuckdbBoxes(OneByOne):
    """DuckDB spatial: comparison of box columns, then ``ST_Intersects``."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._base = duckdb_with_spatial()
        columns = {"x": x, "y": y, "id": np.arange(len(x))}
        self._base.register("columns", columns)
        self._base.execute(
            "create table p as select id, x, y, ST_Point(x, y) g from columns"
        )
        self._base.unregister("columns")

    def ids(self, area: Any) -> Ids:
        """Ask in SQL."""
        rows = self._base.execute(
            "select id from p where x between ? and ? and y between ? and ? "
            "and ST_Intersects(ST_GeomFromWKB(?), g)",
            [*np.array(area.bounds)[[0, 2, 1, 3]].tolist(), area.wkb],
        )
        return np.sort(rows.fetchnumpy()["id"])


class DuckdbRtree(DuckdbBoxes):
    """DuckDB spatial with its own R-tree index."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        super().__init__(x, y)
        self._base.execute("create index by_place on p using rtree (g)")

    def ids(self, area: Any) -> Ids:
        """Ask in SQL; the index wants a constant."""
        rows = self._base.execute(
            f"select id from p where ST_Intersects(g, ST_GeomFromText('{area.wkt}'))"
        )
        return np.sort(rows.fetchnumpy()["id"])


def duckdb_with_spatial() -> Any:
    """Return an empty database with the packaged extension loaded, no network."""
    from pathlib import Path

    import duckdb
    import duckdb_extension_spatial as packaged

    folder = Path(packaged.__file__).parent
    file = next(folder.rglob("spatial.duckdb_extension"))
    base = duckdb.connect()
    base.execute("set threads = 2")
    base.execute(f"load '{file}'")
    return base


def tested(area: Any, near: Ids, x: NDArray[np.float64], y: NDArray[np.float64]) -> Ids:
    """Keep the candidates that intersect, by shapely's prepared exact test."""
    near = np.sort(near)
    shapely.prepare(area)
    return near[shapely.intersects_xy(area, x[near], y[near])]


PEERS: dict[str, type[Any]] = {
    "rtree, one entry per point": RtreePerPoint,
    "shapely STRtree, box + test": StrtreeBox,
    "shapely STRtree, predicate": StrtreePredicate,
    "geoindex-rs + shapely": Geoindex,
    "geopandas.sjoin(points, areas)": GeopandasPointsLeft,
    "geopandas.sjoin(areas, points)": GeopandasAreasLeft,
    "DuckDB spatial, box columns": DuckdbBoxes,
    "DuckDB spatial, R-tree": DuckdbRtree,
}
