"""Areas by code: where each is, and under which one its people are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from warning.registry.person_words import MAX_AREAS

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.ports import AreaRow


class AreaTable:
    """Every area there is.

    Parameters
    ----------
    areas : sequence of AreaRow
        Of all levels: somebody may be known by a commune alone.
    level : int
        The level that people are counted by.
    """

    def __init__(self, areas: Sequence[AreaRow], *, level: int) -> None:
        self._by_code = {area.code: area for area in areas}
        counted = [area for area in areas if area.level == level][:MAX_AREAS]
        #: Codes of the areas that are counted by, from 1; 0 is ``""``, none known.
        self.counted: tuple[str, ...] = ("", *(area.code for area in counted))
        self._number = {code: number for number, code in enumerate(self.counted)}
        self._tree = shapely.STRtree([area.geometry for area in counted])

    def geometry(self, code: str) -> Polygon | MultiPolygon | None:
        """Where an area is: lon and lat in WGS 84 degrees; None for an unknown code."""
        area = self._by_code.get(code)
        return area.geometry if area else None

    def by_geocode(self, value_name: str, value: str) -> Polygon | MultiPolygon | None:
        """Where the area is that an alert names by a geocode (``cap_target``).

        Issuers call one system of codes by many names, so only the value is looked up.
        """
        del value_name
        return self.geometry(value)

    def number_of(self, code: str) -> int:
        """The counted area that an area is or lies in; 0 if there is none."""
        seen: set[str] = set()
        area = self._by_code.get(code)
        while area is not None and area.code not in seen:
            if area.code in self._number:
                return self._number[area.code]
            seen.add(area.code)
            area = self._by_code.get(area.parent or "")
        return self._number_inside(code)

    def numbers_at(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """The counted area that each point lies in, the first of several; 0 if none."""
        numbers = np.full(len(lon), MAX_AREAS + 1, dtype=np.int64)
        if len(self.counted) > 1:
            points, areas = self._tree.query(shapely.points(lon, lat), "intersects")
            np.minimum.at(numbers, points, areas + 1)
        numbers[numbers > MAX_AREAS] = 0
        return numbers

    def _number_inside(self, code: str) -> int:
        """By the map, for an area whose parents nobody has named."""
        geometry = self.geometry(code)
        if geometry is None:
            return 0
        inside = geometry.representative_point()
        return int(self.numbers_at(np.array([inside.x]), np.array([inside.y]))[0])
