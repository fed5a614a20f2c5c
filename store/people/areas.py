"""Administrative areas: names, and shapes as WKB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from sqlalchemy import select

from store import counters
from store.sql.conflicts import upsert
from store.tables.people import areas as areas_table
from warning.ports import AreaRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_VALUES = ("name", "names", "level", "parent", "geometry")


class SqlAreas:
    """``warning.ports.AreaRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert(self, areas: Sequence[AreaRow]) -> int:
        """Write areas by code; return how many."""
        # By code: PostgreSQL refuses one row twice in one statement; the last wins.
        rows = {
            area.code: {
                "code": area.code,
                "name": area.name,
                "names": dict(area.names),
                "level": area.level,
                "parent": area.parent,
                "geometry": shapely.to_wkb(area.geometry),
            }
            for area in areas
        }
        if rows:
            counters.take_next(self._connection, counters.AREAS_REVISION)
            self._connection.execute(
                upsert(self._connection, areas_table, key=["code"], replace=_VALUES),
                list(rows.values()),
            )
        return len(rows)

    def revision(self) -> int:
        """A number that grows with every change of areas."""
        return counters.current(self._connection, counters.AREAS_REVISION)

    def names(self) -> Mapping[str, str]:
        """Code → name, without reading any outline."""
        wanted = select(areas_table.c.code, areas_table.c.name)
        return {row.code: row.name for row in self._connection.execute(wanted)}

    def all(self, *, level: int | None = None) -> Sequence[AreaRow]:
        """Every area, or those of one level, by code."""
        wanted = select(areas_table).order_by(areas_table.c.code)
        if level is not None:
            wanted = wanted.where(areas_table.c.level == level)
        return [
            AreaRow(
                code=row.code,
                name=row.name,
                names=row.names,
                level=row.level,
                parent=row.parent,
                geometry=shapely.from_wkb(row.geometry),
            )
            for row in self._connection.execute(wanted)
        ]
