"""``telephony.ports.Outbox`` in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from store.dispatch.progress import DeliveryProgress
from telephony.delivery import (
    ANSWER_PREFIX,
    Channel,
    Content,
    ContentId,
    DeliveryEvent,
    DeliveryState,
    Lane,
    NewDelivery,
)
from telephony.errors import ContentError
from tests.fakes.rows import FakeDelivery, Rows


class FakeOutbox:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add_content(self, content: Content) -> ContentId:
        for number, known in enumerate(self._rows.contents, 1):
            if _key(known) == _key(content):
                return ContentId(number)
        self._rows.contents.append(content)
        return ContentId(len(self._rows.contents))

    def content(self, content_id: ContentId) -> Content:
        if not 1 <= content_id <= len(self._rows.contents):
            raise ContentError(f"There is no text with the number {content_id}.")
        return self._rows.contents[content_id - 1]

    def post(self, content: Content, delivery: NewDelivery) -> None:
        known = self.add_content(content)
        self.enqueue([delivery._replace(content_id=known)])

    def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        known = {_person(d.order) for d in self._rows.deliveries.values()}
        n_before = len(known)
        for order in deliveries:
            if _person(order) not in known:
                known.add(_person(order))
                number = len(self._rows.deliveries) + 1
                self._rows.deliveries[number] = _queued(number, order)
        return len(known) - n_before

    def cancel(self, owner_ref: str, *, now: datetime) -> int:
        return self._withdraw(lambda order: order.owner_ref == owner_ref)

    def withdraw(
        self, owner_ref: str, recipient_ids: Sequence[int], *, now: datetime
    ) -> int:
        return self._withdraw(
            lambda order: (
                order.owner_ref == owner_ref and order.recipient_id in recipient_ids
            )
        )

    def withdraw_everywhere(self, phones: Sequence[str], *, now: datetime) -> int:
        return self._withdraw(
            lambda order: (
                order.phone in phones
                and order.lane is not Lane.STAND_DOWN
                and not order.owner_ref.startswith(ANSWER_PREFIX)
            )
        )

    def hold(self, owner_ref: str) -> int:
        return len(self._held_change(owner_ref, is_held=True))

    def release(self, owner_ref: str, lane: Lane) -> int:
        return len(self._held_change(owner_ref, is_held=False))

    def prolong(self, owner_ref: str, until: datetime) -> int:
        early = {
            number: replace(one, order=one.order._replace(deadline=until))
            for number, one in self._rows.deliveries.items()
            if one.order.owner_ref == owner_ref and one.order.deadline < until
        }
        self._rows.deliveries.update(early)
        return len(early)

    def _held_change(self, owner_ref: str, *, is_held: bool) -> set[int]:
        changed = {
            number
            for number, one in self._rows.deliveries.items()
            if one.order.owner_ref == owner_ref
            and (number in self._rows.held) is not is_held
            and (one.progress.state < DeliveryState.CANCELLED or not is_held)
        }
        self._rows.held ^= changed
        return changed

    def expire(self, *, now: datetime) -> Sequence[DeliveryEvent]:
        late = [
            (number, delivery)
            for number, delivery in self._rows.deliveries.items()
            if delivery.is_queued and delivery.order.deadline <= now
        ]
        for number, delivery in late:
            self._rows.deliveries[number] = delivery.moved(DeliveryState.EXPIRED)
        return [
            DeliveryEvent(
                owner_ref=delivery.order.owner_ref,
                recipient_id=delivery.order.recipient_id,
                channel=delivery.channel,
                state=DeliveryState.EXPIRED,
                at=now,
                code=delivery.progress.code,
            )
            for _, delivery in late
        ]

    def counts(self, owner_ref: str) -> Mapping[tuple[Channel, int, str | None], int]:
        return Counter(
            (delivery.channel, delivery.progress.state, delivery.progress.code)
            for delivery in self._of(owner_ref)
        )

    def queued(self) -> Mapping[tuple[Channel, Lane], int]:
        return Counter(
            (delivery.channel, delivery.order.lane)
            for number, delivery in self._rows.deliveries.items()
            if delivery.is_queued and number not in self._rows.held
        )

    def attempted(self, owner_ref: str) -> Mapping[Channel, int]:
        return Counter(
            delivery.channel
            for delivery in self._of(owner_ref)
            if delivery.progress.n_attempts
        )

    def people_attempted(self, owner_ref: str) -> int:
        return len(
            {
                delivery.order.recipient_id
                for delivery in self._of(owner_ref)
                if delivery.progress.n_attempts
            }
        )

    def sending_span(self, owner_ref: str) -> tuple[datetime, datetime] | None:
        taken = [
            attempt.progress.accepted_at
            for number, attempt in self._rows.attempts.items()
            if attempt.progress.accepted_at is not None
            and self._rows.delivery_of(number).order.owner_ref == owner_ref
        ]
        return (min(taken), max(taken)) if taken else None

    def _of(self, owner_ref: str) -> list[FakeDelivery]:
        return [
            delivery
            for delivery in self._rows.deliveries.values()
            if delivery.order.owner_ref == owner_ref
        ]

    def _withdraw(self, is_meant: Callable[[NewDelivery], bool]) -> int:
        meant = {
            number: delivery.moved(DeliveryState.CANCELLED)
            for number, delivery in self._rows.deliveries.items()
            if delivery.is_queued and is_meant(delivery.order)
        }
        self._rows.deliveries.update(meant)
        return len(meant)


def _key(content: Content) -> tuple[str, str, str]:
    return content.owner_ref, content.variant, content.language


def _person(order: NewDelivery) -> tuple[str, int, Channel, int]:
    return order.owner_ref, order.recipient_id, order.channel, order.round


def _queued(number: int, order: NewDelivery) -> FakeDelivery:
    progress = DeliveryProgress(
        delivery_id=number,
        owner_id=0,
        recipient_id=order.recipient_id,
        channel=int(order.channel),
        state=int(DeliveryState.QUEUED),
        n_attempts=0,
        n_sent=0,
        code=None,
        not_before=order.not_before,
        sent_at=None,
        state_at=order.not_before,
    )
    return FakeDelivery(order, progress)
