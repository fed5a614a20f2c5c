"""What operators said about carriers that are stopped, for every worker to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.sql.conflicts import upsert
from store.tables.telephone_faults import carrier_resumes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


class SqlCarrierResumes:
    """``ops.ports.CarrierResumes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, carrier: str, *, now: datetime) -> None:
        """Note that a carrier is mended."""
        self._connection.execute(
            upsert(self._connection, carrier_resumes, key=["carrier"], replace=["at"]),
            {"carrier": carrier, "at": now},
        )

    def since(self, then: datetime) -> Sequence[str]:
        """Carriers of which that was said after a time."""
        return self._connection.scalars(
            select(carrier_resumes.c.carrier)
            .where(carrier_resumes.c.at > then)
            .order_by(carrier_resumes.c.carrier)
        ).all()
