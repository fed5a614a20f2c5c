"""Callbacks as they came: appended at once, thought about later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from store.sql.bulk import execute_many
from store.sql.conflicts import insert_new
from store.sql.locking import locked
from store.tables.carrier_events import IS_UNFOLDED, carrier_events
from telephony.delivery import AttemptId, CarrierEvent, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row


class SqlEventLog:
    """``telephony.ports.EventLog``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, events: Sequence[CarrierEvent]) -> None:
        """Keep callbacks; a text that is here already is left out."""
        if not events:
            return
        execute_many(
            self._connection,
            insert_new(self._connection, carrier_events),
            [
                {
                    "kind": int(event.kind),
                    "received_at": event.received_at,
                    "carrier": event.carrier,
                    "attempt_id": event.attempt_id,
                    "text_ref": event.text_ref,
                    "form": list(event.form),
                    "answers": list(event.answers),
                    "is_unknown": False,
                }
                for event in events
            ],
        )

    def unfolded(self, *, limit: int) -> Sequence[CarrierEvent]:
        """Return the oldest callbacks that nobody has thought about yet."""
        oldest = (
            select(carrier_events)
            .where(IS_UNFOLDED)
            .order_by(carrier_events.c.id)
            .limit(limit)
        )
        # Two workers never fold the same callbacks.
        wanted = locked(self._connection, oldest, skip_locked=True)
        return [_event(row) for row in self._connection.execute(wanted)]

    def n_unfolded(self) -> int:
        """How many callbacks wait to be thought about."""
        return (
            self._connection.scalar(
                select(func.count()).select_from(carrier_events).where(IS_UNFOLDED)
            )
            or 0
        )

    def unfolded_since(self) -> datetime | None:
        """When the oldest of them came; None if there is none."""
        return self._connection.scalar(
            select(carrier_events.c.received_at)
            .where(IS_UNFOLDED)
            .order_by(carrier_events.c.id)
            .limit(1)
        )

    def mark_folded(
        self, event_ids: Sequence[int], *, now: datetime, unknown: Sequence[int] = ()
    ) -> None:
        """Mark callbacks as dealt with; ``unknown`` ones wait for a person."""
        strange = set(unknown)
        marks = [
            {"event": event_id, "is_unknown": event_id in strange, "folded_at": now}
            for event_id in {*event_ids, *unknown}
        ]
        if marks:
            execute_many(self._connection, _MARK, marks)


_MARK = update(carrier_events).where(carrier_events.c.id == bindparam("event"))


def _event(row: Row[*tuple[object, ...]]) -> CarrierEvent:
    return CarrierEvent(
        kind=EventKind(row.kind),
        received_at=row.received_at,
        carrier=row.carrier,
        attempt_id=None if row.attempt_id is None else AttemptId(row.attempt_id),
        form=[(name, value) for name, value in row.form],
        answers=row.answers,
        event_id=row.id,
    )
