"""People with a place of which only an administrative area is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.registry.area_table import AreaTable

#: What ``shapely.relate_pattern`` calls two areas whose insides overlap: provinces that
#: only share a border with a polygon are not in it.
_OVERLAPS = "T********"


class KnownByArea:
    """Finds them by a polygon.

    Parameters
    ----------
    people : mapping
        Area code → ids, ascending.
    areas : AreaTable
        Where areas are.

    Notes
    -----
    Never changes; who follows the database makes a new one.
    """

    def __init__(
        self, people: Mapping[str, NDArray[np.int64]], areas: AreaTable
    ) -> None:
        self.people = dict(people)
        placed = [
            (geometry, ids)
            for code, ids in self.people.items()
            if (geometry := areas.geometry(code)) is not None
        ]
        self._shapes = np.array([geometry for geometry, _ in placed], dtype=object)
        self._ids = [ids for _, ids in placed]

    def __bool__(self) -> bool:
        """Whether there is anybody, be it of an area that nobody has drawn."""
        return bool(self.people)

    def inside(self, geometry: Polygon | MultiPolygon) -> NDArray[np.int64]:
        """Whoever may be inside; ids, some perhaps several times.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.

        Notes
        -----
        Inside when any of the area is: better one person too many than one lost.
        """
        inside = shapely.intersects(self._shapes, geometry)
        inside[inside] = shapely.relate_pattern(
            self._shapes[inside], geometry, _OVERLAPS
        )
        touched = [self._ids[number] for number in np.flatnonzero(inside)]
        return np.concatenate(touched) if touched else np.empty(0, dtype=np.int64)
