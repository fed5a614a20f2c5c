"""Which of the live areas: a small R-tree over polygons, not over people.

For the reverse questions: which live alerts overlap a new one, which hold a person
who has just moved, in which district a place lies.
"""

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from rtree import index as rtree_index

from geofence.area import Area
from geofence.grid import points_to_grid
from geofence.repair import AreaGeometry, require_area


class AreaTree:
    """Areas by key, in a tree of their boxes.

    Parameters
    ----------
    areas : mapping of int to shapely Polygon, MultiPolygon or Area
        Keys are the caller's (an alert's or an admin area's number).

    Raises
    ------
    EmptyGeometryError, InvalidCoordinateError, UnsupportedGeometryError
        If one is not an area on the earth.

    Examples
    --------
    >>> tree = AreaTree({7: shapely.box(0, 0, 2, 2), 8: shapely.box(1, 1, 3, 3)})
    >>> tree.holding(1.5, 1.5), tree.holding(0.5, 0.5), tree.holding(9, 9)
    ([7, 8], [7], [])
    """

    def __init__(self, areas: Mapping[int, AreaGeometry | Area]) -> None:
        self._shapes: dict[int, AreaGeometry] = {}
        self._tree = rtree_index.Index()
        for key, area in areas.items():
            self.put(key, area)

    def __len__(self) -> int:
        """Count areas."""
        return len(self._shapes)

    def put(self, key: int, area: AreaGeometry | Area) -> None:
        """Add an area, or replace the one of the same key.

        Parameters
        ----------
        key : int
            Any.
        area : shapely Polygon, MultiPolygon or Area
            Degrees, x = longitude.
        """
        shape = require_area(area.geometry if isinstance(area, Area) else area)
        self.drop(key)
        shapely.prepare(shape)
        self._shapes[key] = shape
        self._tree.insert(key, shape.bounds)

    def drop(self, key: int) -> None:
        """Remove an area; an unknown key is passed over.

        Parameters
        ----------
        key : int
            Of `put`.
        """
        shape = self._shapes.pop(key, None)
        if shape is not None:
            self._tree.delete(key, shape.bounds)

    def overlapping(self, area: AreaGeometry | Area) -> list[int]:
        """Keys of the areas that share at least a point with one.

        Parameters
        ----------
        area : shapely Polygon, MultiPolygon or Area
            Degrees, x = longitude.

        Returns
        -------
        list of int
            Ascending.
        """
        shape = require_area(area.geometry if isinstance(area, Area) else area)
        near = self._tree.intersection(shape.bounds)
        return sorted(key for key in near if self._shapes[key].intersects(shape))

    def holding(self, lon: float, lat: float) -> list[int]:
        """Keys of the areas that hold a point, boundary inclusive.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS 84.

        Returns
        -------
        list of int
            Ascending.
        """
        return [int(key) for _, key in self.holding_many([lon], [lat])]

    def holding_many(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Which areas hold which of many points, boundary inclusive.

        Parameters
        ----------
        lon, lat : array_like of float, shape (n,)
            Degrees, WGS 84.

        Returns
        -------
        ndarray of int64, shape (m, 2)
            Pairs of point number and key, ascending.

        Raises
        ------
        InvalidArrayError, InvalidCoordinateError
            Naming the value and its index.
        """
        points_to_grid(lon, lat)
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if not len(x):
            return np.empty((0, 2), dtype=np.int64)
        pairs = [np.empty((0, 2), dtype=np.int64)]
        everybody = (x.min(), y.min(), x.max(), y.max())
        for key in self._tree.intersection(everybody):
            at = np.flatnonzero(shapely.intersects_xy(self._shapes[key], x, y))
            pairs.append(np.column_stack([at, np.full(len(at), key)]))
        both = np.concatenate(pairs)
        return both[np.lexsort((both[:, 1], both[:, 0]))]
