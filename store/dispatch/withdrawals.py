"""Closing deliveries that are still queued, and what that changes in the tallies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from store.dispatch.delivery_changes import DeliveryChanges
from store.tables.deliveries import deliveries
from telephony.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Row

    from store.dispatch.owners import Owners

_QUEUED = int(DeliveryState.QUEUED)
_CANCELLED = int(DeliveryState.CANCELLED)
_CELL = (deliveries.c.owner_id, deliveries.c.channel, deliveries.c.code)


def withdraw(
    connection: Connection,
    owners: Owners,
    *which: ColumnElement[bool],
    now: datetime,
) -> int:
    """Withdraw the deliveries of these conditions; return how many.

    Parameters
    ----------
    *which : ColumnElement
        One of them says that the delivery is queued.
    """
    changes, n_all = DeliveryChanges(connection, owners), 0
    for owner_id, channel, code, n in _closed(connection, which, now):
        changes.add((owner_id, channel, _QUEUED, code), -n)
        changes.add((owner_id, channel, _CANCELLED, code), n)
        n_all += n
    changes.write()
    return n_all


def _closed(
    connection: Connection, which: Sequence[ColumnElement[bool]], now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Withdraw; return owner, channel, code and how many: never a million rows."""
    close = update(deliveries).where(*which).values(state=_CANCELLED, state_at=now)
    if connection.dialect.name == "postgresql":
        # Counted as it is done: another worker may claim some of them meanwhile.
        gone = close.returning(*_CELL).cte("gone")
        return connection.execute(select(*gone.c, func.count()).group_by(*gone.c)).all()
    found = connection.execute(
        select(*_CELL, func.count()).where(*which).group_by(*_CELL)
    ).all()
    if found:
        connection.execute(close)
    return found
