"""Counting anew what is kept, in SQL: for mending, and as the migration does once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, insert, literal, select, text

from store.tables.alerts import recipients
from store.tables.deliveries import deliveries
from store.tables.tallies import delivery_tallies, recipient_tallies
from telephony.delivery import Channel, DeliveryState

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

_WAS_TRIED = deliveries.c.n_attempts > 0
_CELL = (
    deliveries.c.owner_id,
    deliveries.c.channel,
    deliveries.c.state,
    deliveries.c.code,
)
_N_TRIED = func.sum(case((_WAS_TRIED, 1), else_=0))
_COLUMNS = ["owner_id", "channel", "state", "code", "n", "n_tried", "n_people"]
_STANDING = (
    recipients.c.alert,
    recipients.c.area_code,
    recipients.c.excluded,
    recipients.c.state,
)


def rewrite(connection: Connection, alert: int, owner_id: int | None) -> None:
    """Replace what is kept of an alert by what is counted."""
    if connection.dialect.name == "postgresql":
        # Whoever moves something now waits to write it down until this is done: what
        # is committed is in the count, and what is not comes on top of it.
        names = ", ".join(t.name for t in (delivery_tallies, recipient_tallies))
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    is_kept = recipient_tallies.c.alert == alert
    newest = _newest(connection, recipient_tallies, is_kept)
    connection.execute(
        insert(recipient_tallies).from_select(
            ["alert", "area_code", "excluded", "state", "n"],
            select(*_STANDING, func.count())
            .where(recipients.c.alert == alert)
            .group_by(*_STANDING),
        )
    )
    connection.execute(
        delete(recipient_tallies).where(is_kept, recipient_tallies.c.id <= newest)
    )
    if owner_id is not None:
        _rewrite_deliveries(connection, owner_id)


def _newest(connection: Connection, table: Table, is_kept: ColumnElement[bool]) -> int:
    """What is written after it has a number above it: whoever knows it sees news."""
    return connection.scalar(select(func.max(table.c.id)).where(is_kept)) or 0


def _rewrite_deliveries(connection: Connection, owner_id: int) -> None:
    is_its = deliveries.c.owner_id == owner_id
    is_kept = delivery_tallies.c.owner_id == owner_id
    newest = _newest(connection, delivery_tallies, is_kept)
    connection.execute(
        insert(delivery_tallies).from_select(
            _COLUMNS,
            select(*_CELL, func.count(), _N_TRIED, literal(0))
            .where(is_its)
            .group_by(*_CELL),
        )
    )
    # People stand in a row of their own: one may have deliveries in several cells.
    n_people = connection.scalar(
        select(func.count(deliveries.c.recipient_id.distinct())).where(
            is_its, _WAS_TRIED
        )
    )
    connection.execute(
        insert(delivery_tallies).values(
            owner_id=owner_id,
            channel=int(Channel.SMS),
            state=int(DeliveryState.SENDING),
            code=None,
            n=0,
            n_tried=0,
            n_people=n_people or 0,
        )
    )
    connection.execute(
        delete(delivery_tallies).where(is_kept, delivery_tallies.c.id <= newest)
    )
