"""What of our alerts the public may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from store.alerts.alert_rows import case_of
from store.tables.alerts import alerts
from warning.alert import AlertState
from warning.cap import CapStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from warning.alert import AlertCase


class SqlPublications:
    """``warning.publishing.publication_ports.PublicationRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, *, ended_since: datetime, limit: int) -> Sequence[AlertCase]:
        """Actual alerts that are live, or went live and closed since a time."""
        is_live = alerts.c.state == AlertState.LIVE.value
        closed = (AlertState.ENDED.value, AlertState.CANCELLED.value)
        has_ended = (
            alerts.c.state.in_(closed)
            & (alerts.c.closed_at >= ended_since)
            & alerts.c.live_at.is_not(None)
        )
        rows = self._connection.execute(
            select(alerts)
            .where(
                alerts.c.cap_status == CapStatus.ACTUAL.value, or_(is_live, has_ended)
            )
            .order_by(alerts.c.approved_at.desc(), alerts.c.id.desc())
            .limit(limit)
        )
        return [case_of(row) for row in rows]
