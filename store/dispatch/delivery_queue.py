"""What the sender works on: claims, reports, and questions about attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select, update

from store.dispatch.claims import claim, has_due
from store.dispatch.contents import content_of
from store.dispatch.progress import n_sent_with
from store.dispatch.reports import apply
from store.sql.chunks import in_chunks
from store.tables.deliveries import (
    IS_AT_CARRIER,
    IS_UNRESOLVED,
    attempts,
    contents,
    deliveries,
    owners,
)
from telephony.delivery import (
    ANSWER_PREFIX,
    LIST_PREFIX,
    AttemptId,
    AttemptReport,
    AttemptState,
    CallContext,
    Channel,
    ClaimedDelivery,
    ContentId,
    DeliveryEvent,
    DeliveryId,
    Lane,
    OpenAttempt,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Row

    from store.dispatch.owners import Owners

_OPEN_ATTEMPT = select(
    attempts.c.id.label("attempt_id"),
    attempts.c.delivery_id,
    attempts.c.attempt_no,
    deliveries.c.n_sent,
    owners.c.owner_ref,
    deliveries.c.recipient_id,
    attempts.c.state,
    deliveries.c.phone,
    deliveries.c.channel,
    attempts.c.carrier,
    attempts.c.carrier_ref,
    attempts.c.intended_at,
    deliveries.c.deadline,
).select_from(
    attempts.join(deliveries, deliveries.c.id == attempts.c.delivery_id).join(
        owners, owners.c.id == deliveries.c.owner_id
    )
)


#: Attempts that a text of their reader may answer.
_MAY_BE_ANSWERED = (
    select(attempts.c.id, attempts.c.intended_at, deliveries.c.phone)
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .join(owners, owners.c.id == deliveries.c.owner_id)
    .where(
        attempts.c.state != int(AttemptState.NOT_SENT),
        ~owners.c.owner_ref.startswith(ANSWER_PREFIX, autoescape=True),
        ~owners.c.owner_ref.startswith(LIST_PREFIX, autoescape=True),
    )
)

_WORKER = func.coalesce(attempts.c.worker, 0)
# Asked at every step of every call: built once.
_CONTENT_OF = (
    select(deliveries.c.content_id)
    .join(attempts, attempts.c.delivery_id == deliveries.c.id)
    .where(attempts.c.id == bindparam("attempt"))
)


class SqlDeliveryQueue:
    """``telephony.ports.DeliveryQueue``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners
        #: Number → when the newest attempt was made, and which; None: none was.
        self._newest: dict[str, tuple[datetime, AttemptId] | None] = {}
        self._answered: Mapping[AttemptId, OpenAttempt] = {}

    def claim(
        self,
        channel: Channel,
        *,
        limit: int,
        now: datetime,
        lease_until: datetime,
        lanes: Sequence[Lane] = tuple(Lane),
        worker: int = 0,
    ) -> Sequence[ClaimedDelivery]:
        """Take the next deliveries of a channel and write down an attempt for each."""
        self._newest.clear()
        return claim(
            self._connection,
            self._owners,
            channel,
            limit=limit,
            now=now,
            lease_until=lease_until,
            lanes=lanes,
            worker=worker,
        )

    def has_due(
        self, channel: Channel, *, lanes: Sequence[Lane], now: datetime
    ) -> bool:
        """Whether a claim of these lanes would find anything; writes nothing."""
        return has_due(self._connection, channel, lanes=lanes, now=now)

    def apply(self, reports: Sequence[AttemptReport]) -> Sequence[DeliveryEvent]:
        """Record what became known about attempts; states only move forward."""
        self._answered = {}
        return apply(self._connection, self._owners, reports)

    def open_attempts(
        self, attempt_ids: Sequence[AttemptId]
    ) -> Mapping[AttemptId, OpenAttempt]:
        """Return the attempts of these ids, in any state; unknown ids are absent."""
        if all(one in self._answered for one in attempt_ids):
            return {one: self._answered[one] for one in attempt_ids}
        return {
            attempt.attempt_id: attempt
            for chunk in in_chunks(attempt_ids)
            for attempt in self._attempts(attempts.c.id.in_(chunk))
        }

    def unresolved(
        self, *, now: datetime, unknown_before: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        """Attempts INTENDED with an expired lease, or UNKNOWN since before a time."""
        is_abandoned = and_(
            attempts.c.state == int(AttemptState.INTENDED),
            attempts.c.lease_until <= now,
        )
        is_lost = and_(
            attempts.c.state == int(AttemptState.UNKNOWN),
            attempts.c.quiet_since < unknown_before,
        )
        return self._attempts(
            IS_UNRESOLVED,
            or_(is_abandoned, is_lost),
            order=[attempts.c.quiet_since],
            limit=limit,
        )

    def silent(
        self, *, accepted_before: datetime, deadline_after: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        """Attempts ACCEPTED before a time, of which nothing was heard since."""
        found: list[OpenAttempt] = []
        for channel in (Channel.VOICE, Channel.SMS):
            found += self._attempts(
                IS_AT_CARRIER,
                attempts.c.channel == int(channel),
                attempts.c.deadline > deadline_after,
                attempts.c.quiet_since < accepted_before,
                order=[attempts.c.deadline, attempts.c.quiet_since],
                limit=limit - len(found),
            )
        return found

    def mark_polled(self, attempt_ids: Sequence[AttemptId], *, now: datetime) -> None:
        """Remember that the carrier was asked, so that the next poll waits again."""
        for chunk in in_chunks(attempt_ids):
            self._connection.execute(
                update(attempts)
                .where(attempts.c.id.in_(chunk), attempts.c.quiet_since < now)
                .values(quiet_since=now)
            )

    def calls_in_progress(
        self, *, deadline_after: datetime
    ) -> Mapping[tuple[str, int], int]:
        """(Carrier, worker) → calls accepted whose end is not yet reported.

        A call that is reported as answered no longer counts: some carriers never
        report its end, and a call that counts for ever would stop all others.
        """
        rows = self._connection.execute(
            select(attempts.c.carrier, _WORKER, func.count())
            .where(
                IS_AT_CARRIER,
                attempts.c.channel == int(Channel.VOICE),
                attempts.c.deadline > deadline_after,
                attempts.c.carrier.is_not(None),
            )
            .group_by(attempts.c.carrier, _WORKER)
        )
        return {(carrier or "", worker): n for carrier, worker, n in rows}

    def content_of(self, attempt_id: AttemptId) -> ContentId | None:
        """Return which text an attempt carries; None for an unknown attempt."""
        found: int | None = self._connection.scalar(
            _CONTENT_OF, {"attempt": int(attempt_id)}
        )
        return None if found is None else ContentId(found)

    def call_context(self, attempt_id: AttemptId) -> CallContext | None:
        """Return what the script of this attempt says; None for an unknown attempt."""
        content_id = self.content_of(attempt_id)
        if content_id is None:
            return None
        spoken = contents.alias("spoken")
        rows = self._connection.execute(
            select(contents, owners.c.owner_ref)
            .join(owners, owners.c.id == contents.c.owner_id)
            .join(
                spoken,
                (spoken.c.owner_id == contents.c.owner_id)
                & (spoken.c.variant == contents.c.variant),
            )
            .where(spoken.c.id == content_id)
            .order_by(contents.c.language)
        ).all()
        texts = {row.id: content_of(row) for row in rows}
        return CallContext(
            attempt_id=attempt_id,
            content_id=content_id,
            content=texts[content_id],
            translations={text.language: text for text in texts.values()},
        )

    def known_refs(self, carrier: str, phone: str) -> frozenset[str]:
        """The carrier's ids that belong to attempts to a number."""
        # By the number and not by the id: an index of ids, which carriers make up by
        # chance, would have every message of a warning write a page of its own.
        refs = self._connection.scalars(
            select(attempts.c.carrier_ref)
            .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
            .where(deliveries.c.phone == phone, attempts.c.carrier == carrier)
        )
        return frozenset(ref for ref in refs if ref is not None)

    def expect_replies(self, phones: Sequence[str], *, since: datetime) -> None:
        """Look up at once what these numbers may answer."""
        self._newest.update(dict.fromkeys(phones))
        for chunk in in_chunks(phones):
            rows = self._connection.execute(
                _MAY_BE_ANSWERED.where(
                    deliveries.c.phone.in_(chunk), attempts.c.intended_at >= since
                ).order_by(attempts.c.intended_at, attempts.c.id)
            )
            for row in rows:
                self._newest[row.phone] = (row.intended_at, AttemptId(row.id))
        newest = [found[1] for found in self._newest.values() if found]
        self._answered = self.open_attempts(newest)

    def latest_attempt_to(self, phone: str, *, since: datetime) -> AttemptId | None:
        """Return the newest attempt that may have reached a number since a time."""
        if phone in self._newest:
            newest = self._newest[phone]
            return newest[1] if newest and newest[0] >= since else None
        found = self._connection.scalar(
            _MAY_BE_ANSWERED.with_only_columns(attempts.c.id)
            .where(deliveries.c.phone == phone, attempts.c.intended_at >= since)
            .order_by(attempts.c.intended_at.desc(), attempts.c.id.desc())
            .limit(1)
        )
        return None if found is None else AttemptId(found)

    def _attempts(
        self,
        *which: ColumnElement[bool],
        order: Sequence[ColumnElement[datetime]] = (),
        limit: int | None = None,
    ) -> list[OpenAttempt]:
        wanted = _OPEN_ATTEMPT.where(*which).order_by(*order).limit(limit)
        return [_open_attempt(row) for row in self._connection.execute(wanted)]


def _open_attempt(row: Row[*tuple[Any, ...]]) -> OpenAttempt:
    return OpenAttempt(
        attempt_id=AttemptId(row.attempt_id),
        delivery_id=DeliveryId(row.delivery_id),
        attempt_no=row.attempt_no,
        n_sent=n_sent_with(row.state, row.n_sent),
        owner_ref=row.owner_ref,
        recipient_id=row.recipient_id,
        state=AttemptState(row.state),
        phone=row.phone,
        channel=Channel(row.channel),
        carrier=row.carrier,
        carrier_ref=row.carrier_ref,
        intended_at=row.intended_at,
        deadline=row.deadline,
    )
