"""What is held against numbers: few rows, asked about whenever people are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from store import counters
from store.dispatch.known_numbers import KnownNumbers
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import upsert
from store.tables.people import subscribers
from store.tables.telephone_faults import IS_RESTING, strikes
from telephony.delivery import Channel
from warning.people.subscribers import Status
from warning.strikes import StrikeRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

#: Channels of a person that rest; there is one row a channel, so their sum is the set.
_RESTING = (
    select(func.coalesce(func.sum(strikes.c.channel), 0))
    .where(IS_RESTING, strikes.c.subscriber_id == subscribers.c.id)
    .scalar_subquery()
)
_IS_ALL_AT_REST = subscribers.c.channels.op("&")(_RESTING) == subscribers.c.channels
_CLEAR = delete(strikes).where(
    strikes.c.subscriber_id == bindparam("of_person"),
    strikes.c.channel == bindparam("of_channel"),
)


class SqlStrikes:
    """``warning.strikes.StrikeBook``."""

    def __init__(
        self, connection: Connection, known: KnownNumbers | None = None
    ) -> None:
        self._connection = connection
        self._numbers = known or KnownNumbers()

    def of(
        self, subscriber_ids: Sequence[int]
    ) -> Mapping[tuple[int, Channel], StrikeRecord]:
        """Return the records of some people."""
        if not _has_any(self._connection):
            return {}
        found = (
            _record(row)
            for chunk in in_chunks(subscriber_ids)
            for row in self._connection.execute(
                select(strikes).where(strikes.c.subscriber_id.in_(chunk))
            )
        )
        return {(record.subscriber_id, record.channel): record for record in found}

    def write(self, records: Sequence[StrikeRecord], *, now: datetime) -> None:
        """Write records over earlier ones; who has no channel left is RESTING."""
        if not records:
            return
        known = self._known({record.subscriber_id for record in records})
        rows = [_row(record) for record in records if record.subscriber_id in known]
        if not rows:
            return
        statement = upsert(
            self._connection,
            strikes,
            key=["subscriber_id", "channel"],
            replace=["n", "code", "struck_at", "resting_until"],
        )
        before = self._resting(known)
        execute_many(self._connection, statement, rows)
        self._settle(known, before, now)

    def clear(self, of: Iterable[tuple[int, Channel]], *, now: datetime) -> int:
        """Forget records; who has a channel again is active. Return how many."""
        wanted = set(of)
        people = {person for person, _ in wanted}
        held = [key for key in self.of(sorted(people)) if key in wanted]
        if not held:
            return 0
        people = {person for person, _ in held}
        before = self._resting(people)
        execute_many(
            self._connection,
            _CLEAR,
            [{"of_person": one, "of_channel": int(channel)} for one, channel in held],
        )
        self._settle(people, before, now)
        return len(held)

    def rested(self, *, now: datetime, limit: int) -> Sequence[StrikeRecord]:
        """Return records whose rest is over, the longest over first."""
        rows = self._connection.execute(
            select(strikes)
            .where(IS_RESTING, strikes.c.resting_until <= now)
            .order_by(strikes.c.resting_until)
            .limit(limit)
        )
        return [_record(row) for row in rows]

    def _known(self, people: set[int]) -> set[int]:
        """Those of them who are registered; an owner may have people of its own."""
        return {
            person
            for chunk in in_chunks(sorted(people))
            for person in self._connection.scalars(
                select(subscribers.c.id).where(
                    subscribers.c.id.in_(chunk),
                    subscribers.c.status != Status.ERASED.value,
                )
            )
        }

    def _resting(self, people: set[int]) -> Mapping[int, int]:
        return resting(self._connection, sorted(people))

    def _settle(
        self, people: set[int], before: Mapping[int, int], now: datetime
    ) -> None:
        """Let status and revision follow; whoever reads people has to see it."""
        self._numbers.forget(people)
        after = self._resting(people)
        moved = [one for one in people if before.get(one, 0) != after.get(one, 0)]
        if moved:
            revision = counters.take_next(self._connection, counters.PEOPLE_REVISION)
            for chunk in in_chunks(sorted(moved)):
                self._connection.execute(
                    update(subscribers)
                    .where(subscribers.c.id.in_(chunk))
                    .values(revision=revision)
                )
            settle_statuses(self._connection, moved, now=now)


def settle_statuses(
    connection: Connection, people: Sequence[int], *, now: datetime
) -> None:
    """RESTING is who is active and has channels, all of them at rest."""
    for chunk in in_chunks(sorted(people)):
        for old, new, applies in (
            (Status.ACTIVE, Status.RESTING, _IS_ALL_AT_REST),
            (Status.RESTING, Status.ACTIVE, ~_IS_ALL_AT_REST),
        ):
            connection.execute(
                update(subscribers)
                .where(
                    subscribers.c.id.in_(chunk),
                    subscribers.c.status == old.value,
                    subscribers.c.channels != 0,
                    applies,
                )
                .values(status=new.value, status_at=now)
            )


def resting(
    connection: Connection, people: Sequence[int] | None = None
) -> Mapping[int, int]:
    """Subscriber id → sum of the channels at rest; those without are absent."""
    if not _has_any(connection, IS_RESTING):
        return {}
    wanted = (
        select(strikes.c.subscriber_id, func.sum(strikes.c.channel))
        .where(IS_RESTING)
        .group_by(strikes.c.subscriber_id)
    )
    if people is None:
        return {person: int(n) for person, n in connection.execute(wanted)}
    return {
        person: int(n)
        for chunk in in_chunks(people)
        for person, n in connection.execute(
            wanted.where(strikes.c.subscriber_id.in_(chunk))
        )
    }


def _has_any(connection: Connection, *which: ColumnElement[bool]) -> bool:
    """Whether there is anything to look for: mostly there is not, and that is quick."""
    wanted = select(strikes.c.subscriber_id).where(*which).limit(1)
    return connection.scalar(wanted) is not None


def _row(record: StrikeRecord) -> dict[str, object]:
    return {
        "subscriber_id": record.subscriber_id,
        "channel": int(record.channel),
        "n": min(record.n, 1_000),
        "code": record.code,
        "struck_at": record.struck_at,
        "resting_until": record.resting_until,
    }


def _record(row: Row[*tuple[Any, ...]]) -> StrikeRecord:
    return StrikeRecord(
        subscriber_id=row.subscriber_id,
        channel=Channel(row.channel),
        n=row.n,
        code=row.code,
        struck_at=row.struck_at,
        resting_until=row.resting_until,
    )
