"""How an alert spreads over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Float, cast, func, select, type_coerce

from store.tables.deliveries import deliveries
from telephony.delivery import DeliveryState
from warning.figures.watch import Movement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Column, ColumnElement, Connection

    from store.dispatch.owners import Owners


class SqlAlertWatch:
    """``warning.figures.watch.WatchRepository``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners

    def movements(
        self, owner_ref: str, *, since: datetime, step: timedelta
    ) -> Sequence[Movement]:
        """Count deliveries by when they left and when they came to their state.

        One look at each delivery of the alert; times are put into steps by the
        database, so that not a million of them come here.
        """
        owner_id = self._owners.find(owner_ref)
        if owner_id is None:
            return []
        sent = self._step(deliveries.c.sent_at, since, step)
        moved = self._step(deliveries.c.state_at, since, step)
        rows = self._connection.execute(
            select(sent, moved, deliveries.c.state, func.count())
            .where(deliveries.c.owner_id == owner_id)
            .group_by(sent, moved, deliveries.c.state)
        )
        return [
            Movement(
                sent_step=sent_step,
                state_step=state_step,
                state=DeliveryState(state),
                n=n,
            )
            for sent_step, state_step, state, n in rows
        ]

    def _step(
        self, column: Column[Any], since: datetime, step: timedelta
    ) -> ColumnElement[int]:
        """In which step of time an instant lies, counted from 0."""
        seconds = step.total_seconds()
        if self._connection.dialect.name == "postgresql":
            passed = func.extract("epoch", column - since)
            return cast(func.floor(passed / seconds), BigInteger)
        begin_us, step_us = int(since.timestamp() * 1e6), seconds * 1e6
        passed_us = type_coerce(column, BigInteger) - begin_us
        return cast(cast(passed_us, Float) / step_us, BigInteger)
