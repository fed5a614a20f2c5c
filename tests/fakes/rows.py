"""What the store in memory keeps. Values are replaced, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from store.dispatch.progress import AttemptProgress, DeliveryProgress, n_sent_with
from telephony.delivery import (
    AttemptId,
    AttemptState,
    CarrierEvent,
    Channel,
    Content,
    DeliveryId,
    DeliveryState,
    NewDelivery,
    OpenAttempt,
)
from telephony.strange_words import StrangeWord


@dataclass(frozen=True)
class FakeDelivery:
    """What was ordered, and how it stands."""

    order: NewDelivery
    progress: DeliveryProgress

    @property
    def is_queued(self) -> bool:
        return self.progress.state == DeliveryState.QUEUED

    @property
    def channel(self) -> Channel:
        return self.order.channel

    def moved(self, state: DeliveryState) -> FakeDelivery:
        return replace(self, progress=replace(self.progress, state=int(state)))


@dataclass(frozen=True)
class FakeAttempt:
    """One try of a delivery."""

    progress: AttemptProgress
    intended_at: datetime
    lease_until: datetime
    worker: int = 0

    @property
    def state(self) -> AttemptState:
        return AttemptState(self.progress.state)


@dataclass
class Rows:
    """Everything, as one transaction sees it."""

    contents: list[Content] = field(default_factory=list)
    deliveries: dict[int, FakeDelivery] = field(default_factory=dict)
    #: Numbers of deliveries of owners that stand still.
    held: set[int] = field(default_factory=set)
    attempts: dict[int, FakeAttempt] = field(default_factory=dict)
    events: dict[int, CarrierEvent] = field(default_factory=dict)
    folded: set[int] = field(default_factory=set)
    #: Folded events that wait for a person.
    unknown: set[int] = field(default_factory=set)
    strange_words: dict[StrangeWord, int] = field(default_factory=dict)

    def copy(self) -> Rows:
        return Rows(
            contents=list(self.contents),
            deliveries=dict(self.deliveries),
            held=set(self.held),
            attempts=dict(self.attempts),
            events=dict(self.events),
            folded=set(self.folded),
            unknown=set(self.unknown),
            strange_words=dict(self.strange_words),
        )

    def delivery_of(self, attempt_id: int) -> FakeDelivery:
        return self.deliveries[self.attempts[attempt_id].progress.delivery.delivery_id]

    def open_attempt(self, attempt_id: int) -> OpenAttempt:
        attempt, delivery = self.attempts[attempt_id], self.delivery_of(attempt_id)
        return OpenAttempt(
            attempt_id=AttemptId(attempt_id),
            delivery_id=DeliveryId(delivery.progress.delivery_id),
            attempt_no=attempt.progress.attempt_no,
            n_sent=n_sent_with(attempt.state, delivery.progress.n_sent),
            owner_ref=delivery.order.owner_ref,
            recipient_id=delivery.order.recipient_id,
            state=attempt.state,
            phone=delivery.order.phone,
            channel=delivery.channel,
            carrier=attempt.progress.carrier,
            carrier_ref=attempt.progress.carrier_ref,
            intended_at=attempt.intended_at,
            deadline=delivery.order.deadline,
        )
