"""How alerts came in as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from store.tables.feeds import arrivals
from warning.alert import AlertId
from warning.arrival import Arrival

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


class SqlArrivals:
    """``warning.arrival_ports.ArrivalRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, arrival: Arrival) -> None:
        """Store how an alert came in; once an alert."""
        self._connection.execute(
            insert(arrivals).values(
                alert_id=arrival.alert_id,
                source=arrival.source,
                digest=arrival.digest,
                fingerprint=arrival.fingerprint,
                received_at=arrival.received_at,
                duplicate_of=arrival.duplicate_of,
            )
        )

    def find(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        """How these alerts came in; those that did not as a document are absent."""
        rows = self._connection.execute(
            select(arrivals).where(arrivals.c.alert_id.in_(alert_ids))
        ).mappings()
        return {AlertId(row["alert_id"]): Arrival(**row) for row in rows}

    def same(self, fingerprint: str, *, since: datetime) -> AlertId | None:
        """The first alert with this fingerprint that came in since a time.

        Whoever brings the same at this moment waits until this transaction has ended:
        otherwise neither of two would see the other.
        """
        if self._connection.dialect.name == "postgresql":
            # SQLite has one writer anyway.
            key = int(fingerprint[:15], 16)
            self._connection.execute(select(func.pg_advisory_xact_lock(key)))
        found = self._connection.scalar(
            select(arrivals.c.alert_id)
            .where(
                arrivals.c.fingerprint == fingerprint, arrivals.c.received_at >= since
            )
            .order_by(arrivals.c.received_at, arrivals.c.alert_id)
            .limit(1)
        )
        return None if found is None else AlertId(found)
