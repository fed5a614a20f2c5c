"""``telephony.ports.DeliveryQueue`` in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from store.dispatch.progress import AttemptProgress, take
from telephony.delivery import (
    ANSWER_PREFIX,
    AttemptId,
    AttemptReport,
    AttemptState,
    CallContext,
    Channel,
    ClaimedDelivery,
    ContentId,
    DeliveryEvent,
    DeliveryId,
    DeliveryState,
    Lane,
    OpenAttempt,
)
from tests.fakes.rows import FakeAttempt, FakeDelivery, Rows


class FakeQueue:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

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
        due = sorted(self._due(channel, lanes, now), key=_turn)
        return [self._take(one, now, lease_until, worker) for one in due[:limit]]

    def has_due(
        self, channel: Channel, *, lanes: Sequence[Lane], now: datetime
    ) -> bool:
        return bool(self._due(channel, lanes, now))

    def _due(
        self, channel: Channel, lanes: Sequence[Lane], now: datetime
    ) -> list[FakeDelivery]:
        return [
            delivery
            for number, delivery in self._rows.deliveries.items()
            if delivery.is_queued
            and number not in self._rows.held
            and delivery.channel is channel
            and delivery.order.lane in lanes
            and delivery.progress.not_before <= now < delivery.order.deadline
        ]

    def apply(self, reports: Sequence[AttemptReport]) -> Sequence[DeliveryEvent]:
        events: dict[int, DeliveryEvent] = {}
        for report in reports:
            if report.attempt_id not in self._rows.attempts:
                continue
            event = self._learn(report)
            if event is not None:
                number = self._rows.attempts[
                    report.attempt_id
                ].progress.delivery.delivery_id
                events.pop(number, None)
                events[number] = event
        return list(events.values())

    def open_attempts(
        self, attempt_ids: Sequence[AttemptId]
    ) -> Mapping[AttemptId, OpenAttempt]:
        return {
            number: self._rows.open_attempt(number)
            for number in attempt_ids
            if number in self._rows.attempts
        }

    def unresolved(
        self, *, now: datetime, unknown_before: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        return self._quiet(
            lambda one: (
                (one.state is AttemptState.INTENDED and one.lease_until <= now)
                or (
                    one.state is AttemptState.UNKNOWN
                    and one.progress.quiet_since < unknown_before
                )
            )
        )[:limit]

    def silent(
        self, *, accepted_before: datetime, deadline_after: datetime, limit: int
    ) -> Sequence[OpenAttempt]:
        found = [
            attempt
            for attempt in self._quiet(
                lambda one: (
                    one.state is AttemptState.ACCEPTED
                    and one.progress.quiet_since < accepted_before
                )
            )
            if attempt.deadline > deadline_after
        ]
        found.sort(key=lambda attempt: (-attempt.channel, attempt.deadline))
        return found[:limit]

    def mark_polled(self, attempt_ids: Sequence[AttemptId], *, now: datetime) -> None:
        for number in attempt_ids:
            attempt = self._rows.attempts.get(number)
            if attempt is not None and attempt.progress.quiet_since < now:
                progress = replace(attempt.progress, quiet_since=now)
                self._rows.attempts[number] = replace(attempt, progress=progress)

    def calls_in_progress(
        self, *, deadline_after: datetime
    ) -> Mapping[tuple[str, int], int]:
        return Counter(
            (attempt.progress.carrier, attempt.worker)
            for number, attempt in self._rows.attempts.items()
            if attempt.state is AttemptState.ACCEPTED
            and attempt.progress.carrier is not None
            and self._rows.delivery_of(number).channel is Channel.VOICE
            and self._rows.delivery_of(number).order.deadline > deadline_after
        )

    def content_of(self, attempt_id: AttemptId) -> ContentId | None:
        """Return which text an attempt carries; None for an unknown attempt."""
        context = self.call_context(attempt_id)
        return None if context is None else context.content_id

    def call_context(self, attempt_id: AttemptId) -> CallContext | None:
        if attempt_id not in self._rows.attempts:
            return None
        content_id = self._rows.delivery_of(attempt_id).order.content_id
        content = self._rows.contents[content_id - 1]
        return CallContext(
            attempt_id=attempt_id,
            content_id=content_id,
            content=content,
            translations={
                text.language: text
                for text in self._rows.contents
                if (text.owner_ref, text.variant)
                == (content.owner_ref, content.variant)
            },
        )

    def known_refs(self, carrier: str, phone: str) -> frozenset[str]:
        return frozenset(
            attempt.progress.carrier_ref
            for attempt in self._rows.attempts.values()
            if attempt.progress.carrier == carrier
            and attempt.progress.carrier_ref is not None
            and self._rows.deliveries[attempt.progress.delivery.delivery_id].order.phone
            == phone
        )

    def expect_replies(self, phones: Sequence[str], *, since: datetime) -> None:
        """Everything is in memory."""

    def latest_attempt_to(self, phone: str, *, since: datetime) -> AttemptId | None:
        found = [
            (attempt.intended_at, number)
            for number, attempt in self._rows.attempts.items()
            if attempt.intended_at >= since
            and attempt.state is not AttemptState.NOT_SENT
            and self._rows.delivery_of(number).order.phone == phone
            and not self._rows.delivery_of(number).order.owner_ref.startswith(
                ANSWER_PREFIX
            )
        ]
        return AttemptId(max(found)[1]) if found else None

    def _take(
        self,
        delivery: FakeDelivery,
        now: datetime,
        lease_until: datetime,
        worker: int,
    ) -> ClaimedDelivery:
        order = delivery.order
        number = len(self._rows.attempts) + 1
        progress = replace(
            delivery.progress,
            state=int(DeliveryState.SENDING),
            n_attempts=delivery.progress.n_attempts + 1,
            n_sent=delivery.progress.n_sent + 1,
        )
        self._rows.deliveries[progress.delivery_id] = replace(
            delivery, progress=progress
        )
        self._rows.attempts[number] = FakeAttempt(
            AttemptProgress(
                attempt_id=number,
                delivery=progress,
                attempt_no=progress.n_attempts,
                state=int(AttemptState.INTENDED),
                quiet_since=now,
                accepted_at=None,
                carrier=None,
                carrier_ref=None,
                code=None,
                http_status=None,
                duration_s=None,
            ),
            intended_at=now,
            lease_until=lease_until,
            worker=worker,
        )
        return ClaimedDelivery(
            delivery_id=DeliveryId(progress.delivery_id),
            attempt_id=AttemptId(number),
            attempt_no=progress.n_attempts,
            n_sent=progress.n_sent,
            owner_ref=order.owner_ref,
            recipient_id=order.recipient_id,
            phone=order.phone,
            channel=order.channel,
            content_id=order.content_id,
            lane=order.lane,
            deadline=order.deadline,
            lease_until=lease_until,
        )

    def _learn(self, report: AttemptReport) -> DeliveryEvent | None:
        attempt = self._rows.attempts[report.attempt_id]
        delivery = self._rows.delivery_of(report.attempt_id)
        standing = replace(delivery.progress)
        progress = replace(attempt.progress, delivery=standing)
        is_news = take(progress, report)
        self._rows.attempts[report.attempt_id] = replace(attempt, progress=progress)
        self._rows.deliveries[standing.delivery_id] = replace(
            delivery, progress=standing
        )
        if not is_news:
            return None
        return DeliveryEvent(
            owner_ref=delivery.order.owner_ref,
            recipient_id=delivery.order.recipient_id,
            channel=delivery.channel,
            state=DeliveryState(standing.state),
            at=report.at,
            code=standing.code,
        )

    def _quiet(self, is_meant: Callable[[FakeAttempt], bool]) -> list[OpenAttempt]:
        meant = [
            (attempt.progress.quiet_since, number)
            for number, attempt in self._rows.attempts.items()
            if is_meant(attempt)
        ]
        return [self._rows.open_attempt(number) for _, number in sorted(meant)]


def _turn(delivery: FakeDelivery) -> tuple[int, datetime, int, int]:
    progress = delivery.progress
    return (
        int(delivery.order.lane),
        progress.not_before,
        delivery.order.position,
        progress.delivery_id,
    )
