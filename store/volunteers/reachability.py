"""How volunteers can be reached: one row for each of whom anything is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, or_, select

from responders.roster.reach import Reach
from responders.roster.volunteer import ResponderId, Standing
from store.sql.chunks import in_chunks
from store.sql.conflicts import upsert
from store.tables.responders import responder_reach, responders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

_FACTS = ("asked_at", "called_at", "heard_at", "n_missed", "delay_s", "not_before")
_JOINED = responders.outerjoin(
    responder_reach, responder_reach.c.responder_id == responders.c.id
)
_IS_ACTIVE = responders.c.standing == Standing.ACTIVE.value


class SqlReachability:
    """``responders.reachability_ports.ReachabilityRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, responder_id: ResponderId) -> Reach | None:
        """Return what is known of one; None if nothing is."""
        return self.get_many([responder_id]).get(responder_id)

    def get_many(self, ids: Sequence[ResponderId]) -> Mapping[ResponderId, Reach]:
        """The same of several; those of whom nothing is known are absent."""
        found = [
            _reach_of(row)
            for chunk in in_chunks(ids)
            for row in self._connection.execute(
                select(responder_reach).where(responder_reach.c.responder_id.in_(chunk))
            )
        ]
        return {one.responder_id: one for one in found}

    def save(self, reach: Reach) -> None:
        """Write what is known of one."""
        statement = upsert(
            self._connection, responder_reach, key=["responder_id"], replace=_FACTS
        )
        row = {name: getattr(reach, name) for name in ("responder_id", *_FACTS)}
        self._connection.execute(statement, row)

    def forget(self, responder_id: ResponderId) -> None:
        """Delete what is known of one."""
        self._connection.execute(
            delete(responder_reach).where(
                responder_reach.c.responder_id == responder_id
            )
        )

    def due(
        self, *, quiet_since: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        """Active people, on duty, neither asked nor heard of since; longest first."""
        reach, people = responder_reach.c, responders.c
        is_quiet = and_(
            or_(reach.asked_at.is_(None), reach.asked_at < quiet_since),
            or_(reach.heard_at.is_(None), reach.heard_at < quiet_since),
            or_(reach.not_before.is_(None), reach.not_before <= now),
        )
        is_on = and_(
            people.is_on, or_(people.paused_until.is_(None), people.paused_until <= now)
        )
        found = self._connection.scalars(
            select(people.id)
            .select_from(_JOINED)
            .where(_IS_ACTIVE, is_on, is_quiet)
            # Databases differ on where what is unknown belongs.
            .order_by(reach.asked_at.is_not(None), reach.asked_at, people.id)
            .limit(limit)
        )
        return [ResponderId(number) for number in found]

    def to_call(
        self, *, asked_before: datetime, now: datetime, limit: int
    ) -> Sequence[ResponderId]:
        """Whose open test began before a time and was not followed by a call."""
        reach = responder_reach.c
        found = self._connection.scalars(
            select(reach.responder_id)
            .where(
                reach.n_missed > 0,
                reach.called_at.is_(None),
                reach.asked_at <= asked_before,
                or_(reach.not_before.is_(None), reach.not_before <= now),
            )
            .order_by(reach.asked_at, reach.responder_id)
            .limit(limit)
        )
        return [ResponderId(number) for number in found]

    def n_asked_since(self, since: datetime) -> int:
        """How many tests have begun since a time."""
        return (
            self._connection.scalar(
                select(func.count()).where(responder_reach.c.asked_at > since)
            )
            or 0
        )

    def missed(self, *, asked_before: datetime, limit: int) -> Sequence[Reach]:
        """Of active people, tests open since before a time; most missed first."""
        reach = responder_reach.c
        rows = self._connection.execute(
            select(responder_reach)
            .join(responders, responders.c.id == reach.responder_id)
            .where(_IS_ACTIVE, reach.n_missed > 0, reach.asked_at <= asked_before)
            .order_by(reach.n_missed.desc(), reach.asked_at, reach.responder_id)
            .limit(limit)
        )
        return [_reach_of(row) for row in rows]


def _reach_of(row: Row[*tuple[Any, ...]]) -> Reach:
    facts = {name: getattr(row, name) for name in _FACTS}
    return Reach(responder_id=ResponderId(row.responder_id), **facts)
