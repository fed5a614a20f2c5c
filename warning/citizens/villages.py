"""Which village a place belongs to: the smallest imported area around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import shapely

from warning.people.whereabout import Whereabout
from warning.ports import AreaRow

if TYPE_CHECKING:
    from warning.citizens.citizen_ports import UnitOfWork

#: Nobody looks in on households of another province.
_WIDEST_LEVEL = 2


class Villages:
    """Every area, to be asked by place.

    Parameters
    ----------
    areas : sequence of AreaRow
        Of all levels.
    """

    def __init__(self, areas: Sequence[AreaRow]) -> None:
        self._by_code = {area.code: area for area in areas}
        self._areas = list(areas)
        self._tree = shapely.STRtree([area.geometry for area in areas])

    def at(self, where: Whereabout) -> str:
        """Code of the smallest area of a place; ``""`` if none is known."""
        if where.lon is not None and where.lat is not None:
            point = shapely.Point(where.lon, where.lat)
            found: list[AreaRow] = [
                self._areas[n] for n in self._tree.query(point, "intersects")
            ]
            if found:
                smallest = min(found, key=lambda area: (-area.level, area.code))
                return smallest.code
        return where.area_code or ""

    def around(self, code: str) -> Iterator[str]:
        """An area, and what it lies in up to a district, the smallest first."""
        seen: set[str] = set()
        area = self._by_code.get(code)
        while area is not None and area.code not in seen:
            if area.code != code and area.level < _WIDEST_LEVEL:
                return
            seen.add(area.code)
            yield area.code
            area = self._by_code.get(area.parent or "")

    def name(self, code: str, language: str) -> str:
        """The name of an area in a language, else the one it is imported with."""
        area = self._by_code.get(code)
        if area is None:
            return code
        short = language.partition("-")[0]
        return area.names.get(language) or area.names.get(short) or area.name


class CurrentVillages:
    """The map of villages, read again when areas have changed.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(self, read_uow: Callable[[], UnitOfWork]) -> None:
        self._read_uow = read_uow
        self._villages = Villages(())
        self._revision = -1

    def __call__(self) -> Villages:
        """Return the map of this moment."""
        with self._read_uow() as uow:
            revision = uow.areas.revision()
            if revision != self._revision:
                self._villages = Villages(uow.areas.all())
                self._revision = revision
        return self._villages
