"""Defibrillators, found by the box they lie in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from responders.ports import Upserted
from responders.roster.aeds import Access, Aed, AedId
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import upsert
from store.tables.responders import aeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

#: Metres per degree of latitude, at least: a box is never too small.
_M_PER_DEGREE = 110_500.0
_FROM_FILE = (
    "lon",
    "lat",
    "location",
    "opening_hours",
    "access",
    "is_indoor",
    "cabinet_code",
    "updated_at",
)


class SqlAeds:
    """``responders.ports.AedRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert(self, found: Sequence[Aed], *, now: datetime) -> Upserted:
        """Write AEDs by ``ref``; one that is out of order stays so."""
        by_ref = {aed.ref: aed for aed in found}
        if not by_ref:
            return Upserted(added=0, updated=0)
        n_known = sum(
            self._connection.scalar(select(func.count()).where(aeds.c.ref.in_(chunk)))
            or 0
            for chunk in in_chunks(by_ref)
        )
        statement = upsert(self._connection, aeds, key=["ref"], replace=_FROM_FILE)
        execute_many(
            self._connection, statement, [_row(aed, now) for aed in by_ref.values()]
        )
        return Upserted(added=len(by_ref) - n_known, updated=n_known)

    def get(self, aed_id: AedId) -> Aed | None:
        """Return one."""
        row = self._connection.execute(
            select(aeds).where(aeds.c.id == aed_id)
        ).one_or_none()
        return None if row is None else _aed(row)

    def near(self, lon: float, lat: float, *, within_m: float) -> Sequence[Aed]:
        """AEDs in a box around a point, ascending by id."""
        north = within_m / _M_PER_DEGREE
        east = north / max(math.cos(math.radians(min(89.0, abs(lat) + north))), 1e-3)
        rows = self._connection.execute(
            select(aeds)
            .where(
                aeds.c.lat.between(lat - north, lat + north),
                aeds.c.lon.between(lon - east, lon + east),
            )
            .order_by(aeds.c.id)
        )
        return [_aed(row) for row in rows]

    def set_out_of_order(self, aed_id: AedId, at: datetime | None) -> bool:
        """Mark one as out of order or in order; False if there is none of this id."""
        marked = self._connection.execute(
            update(aeds).where(aeds.c.id == aed_id).values(out_of_order_at=at)
        )
        return marked.rowcount > 0

    def count(self) -> int:
        """How many there are."""
        return self._connection.scalar(select(func.count()).select_from(aeds)) or 0


def _row(aed: Aed, now: datetime) -> dict[str, object]:
    return {
        "ref": aed.ref,
        "lon": aed.lon,
        "lat": aed.lat,
        "location": aed.location,
        "opening_hours": aed.opening_hours,
        "access": aed.access.value,
        "is_indoor": aed.is_indoor,
        "cabinet_code": aed.cabinet_code,
        "out_of_order_at": aed.out_of_order_at,
        "updated_at": now,
    }


def _aed(row: Row[*tuple[Any, ...]]) -> Aed:
    return Aed(
        aed_id=AedId(row.id),
        ref=row.ref,
        lon=row.lon,
        lat=row.lat,
        location=row.location,
        opening_hours=row.opening_hours,
        access=Access(row.access),
        is_indoor=row.is_indoor,
        cabinet_code=row.cabinet_code,
        out_of_order_at=row.out_of_order_at,
    )
