"""Who an alert concerns: fixed at approval as one array, written out later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import insert, select, update

from store.conflicts import insert_new
from store.tables.alerts import audience_members, audiences
from warning.errors import TransitionError
from warning.recipients import Audience

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: How ids are kept, on every machine.
_STORED = np.dtype("<i8")


def fix(connection: Connection, alert: int, audience: Audience) -> None:
    """Write an alert's audience, once.

    Raises
    ------
    TransitionError
        If it is fixed already.
    """
    added = connection.execute(
        insert_new(connection, audiences).values(
            alert=alert,
            n_affected=audience.n_affected,
            n_planned=audience.n_planned,
            subscribers_total=audience.subscribers_total,
            by_language=dict(audience.by_language),
            by_area=dict(audience.by_area),
            excluded=dict(audience.excluded),
            geofence_ms=audience.geofence_ms,
            fixed_at=audience.fixed_at,
        )
    )
    if added.rowcount == 0:
        raise TransitionError(
            "Who is concerned was fixed when this alert was approved; for other "
            "people write an update."
        )
    ids = np.ascontiguousarray(audience.subscriber_ids, dtype=_STORED)
    connection.execute(
        insert(audience_members).values(alert=alert, subscriber_ids=ids.tobytes())
    )


def find(connection: Connection, alert: int) -> Audience | None:
    """Return an alert's audience; None before it is fixed."""
    row = connection.execute(
        select(audiences, audience_members.c.subscriber_ids)
        .join(audience_members, audience_members.c.alert == audiences.c.alert)
        .where(audiences.c.alert == alert)
    ).one_or_none()
    if row is None:
        return None
    return Audience(
        subscriber_ids=np.frombuffer(row.subscriber_ids, _STORED).astype(np.int64),
        subscribers_total=row.subscribers_total,
        by_language=row.by_language,
        by_area=row.by_area,
        excluded=row.excluded,
        geofence_ms=row.geofence_ms,
        fixed_at=row.fixed_at,
        n_planned=row.n_planned,
    )


def n_planned(connection: Connection, alert: int) -> int:
    """How many of an audience are written out; 0 before it is fixed."""
    planned = connection.scalar(
        select(audiences.c.n_planned).where(audiences.c.alert == alert)
    )
    return planned or 0


def set_planned(connection: Connection, alert: int, n: int) -> None:
    """Note how far writing out has come."""
    connection.execute(
        update(audiences).where(audiences.c.alert == alert).values(n_planned=n)
    )
