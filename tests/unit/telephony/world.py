"""A sender with all that is around it: store, carriers, owners, clocks, chance."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telephony.callback_urls import CallbackUrls
from telephony.callbacks.folding import EventFolder
from telephony.callbacks.reconcile import ReconcileOptions, Reconciler
from telephony.callbacks.verdicts import Verdicts
from telephony.delivery import (
    AttemptId,
    AttemptState,
    CarrierEvent,
    Channel,
    Content,
    DeliveryEvent,
    DeliveryState,
    EventKind,
    Lane,
    NewDelivery,
)
from telephony.sending.breaker import CircuitBreaker
from telephony.sending.carrier import Carrier
from telephony.sending.carriers import CarrierPool
from telephony.sending.listeners import Listeners
from telephony.sending.outcomes import OutcomeReporter
from telephony.sending.pacing import CallSlots, Pacer, TokenBucket
from telephony.sending.retry import RetryPolicy
from telephony.sending.routing import Route, RoutingTable
from telephony.sending.sender import DeliverySender, SenderOptions
from telephony.sending.urgency import UrgentPath
from tests.fakes.store import FakeStore
from tests.unit.telephony.fake_gateway import FakeGateway
from tests.unit.telephony.virtual_time import InlineExecutor, VirtualClock

OWNER = "alert:1"
HEARD_AFTER_S = 10


def phone_of(n: int) -> str:
    return f"+8551200{n:04d}"


def carrier_of(
    gateway: FakeGateway,
    clock: VirtualClock,
    *,
    sms_per_s: float = 10_000,
    calls_per_s: float = 10_000,
    concurrent_calls: int = 1_000,
) -> Carrier:
    """A carrier on virtual time, in no hurry to rest."""

    def pacer(per_s: float) -> Pacer:
        return Pacer(TokenBucket(per_s), now=clock.monotonic, wait=asyncio.sleep)

    return Carrier(
        gateway=gateway,
        messages=pacer(sms_per_s),
        calls=pacer(calls_per_s),
        call_slots=CallSlots(concurrent_calls),
        breaker=CircuitBreaker(),
    )


def pool_of(
    carriers: Sequence[Carrier], clock: VirtualClock, routes: Sequence[Route] = ()
) -> CarrierPool:
    """Carriers of every number, in the order given, unless routes say otherwise."""
    both = Channel.SMS | Channel.VOICE
    table = RoutingTable(
        routes
        or [
            Route(carrier=carrier.name, channels=both, priority=n)
            for n, carrier in enumerate(carriers)
        ]
    )
    return CarrierPool(carriers, table, monotonic=clock.monotonic)


@dataclass
class Ear:
    """An owner that keeps what it hears, and a listener for stray texts."""

    news: list[DeliveryEvent] = field(default_factory=list)
    texts: list[tuple[str, str | None]] = field(default_factory=list)
    alive: set[tuple[str, Channel]] = field(default_factory=set)
    #: Raises for what it cannot take.
    check: Callable[[DeliveryEvent], None] = lambda _: None

    def on_delivery_events(self, uow: object, events: Sequence[DeliveryEvent]) -> None:
        for event in events:
            self.check(event)
        self.news.extend(events)

    def on_text(self, uow: object, phone: str, answer: str | None) -> None:
        self.texts.append((phone, answer))

    def on_life(
        self, uow: object, alive: Set[tuple[str, Channel]], *, at: datetime
    ) -> None:
        self.alive |= alive


#: What people write in these tests, and what it means.
MEANINGS = {
    "1": "CONFIRMED",
    "stop": "OPTED_OUT",
    "start": "OPTED_IN",
    "hm": "UNSURE",
}


class World:
    """Everything of one test."""

    def __init__(
        self, clock: VirtualClock, *gateways: FakeGateway, **pace: Any
    ) -> None:
        self.clock = clock
        self.store = FakeStore()
        self.gateways = list(gateways) or [FakeGateway(now=clock.now)]
        self.carriers = [carrier_of(one, clock, **pace) for one in self.gateways]
        self.pool = pool_of(self.carriers, clock)
        self.ear = Ear()
        self.listeners: Listeners[Any] = Listeners({"alert:": self.ear})
        self.retry = RetryPolicy(jitter=0)
        self.rng = random.Random(1)
        self.executor = InlineExecutor()
        #: Tests put the one of a real store in its place.
        self.new_uow: Callable[[], Any] = self.store.unit_of_work
        self.urgent: UrgentPath[Any] | None = None
        #: Owners who want to hear when a call is over.
        self.ends_for: tuple[str, ...] = ()

    @property
    def gateway(self) -> FakeGateway:
        return self.gateways[0]

    @property
    def carrier(self) -> Carrier:
        return self.carriers[0]

    def verdicts(self) -> Verdicts:
        return Verdicts(
            retry=self.retry,
            heard_after_s=HEARD_AFTER_S,
            now=self.clock.now,
            rng=self.rng,
        )

    def sender(self, **options: Any) -> DeliverySender[Any]:
        return DeliverySender(
            new_uow=self.new_uow,
            read_uow=self.new_uow,
            pool=self.pool,
            urls=CallbackUrls("https://tocsin.example"),
            listeners=self.listeners,
            reporter=OutcomeReporter(
                retry=self.retry, now=self.clock.now, rng=self.rng
            ),
            executor=self.executor,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            options=SenderOptions(**options),
            urgent=self.urgent,
        )

    def reconciler(self, **options: Any) -> Reconciler[Any]:
        return Reconciler(
            new_uow=self.new_uow,
            read_uow=self.new_uow,
            pool=self.pool,
            listeners=self.listeners,
            verdicts=self.verdicts(),
            executor=self.executor,
            now=self.clock.now,
            options=ReconcileOptions(**options),
        )

    def folder(self) -> EventFolder[Any]:
        return EventFolder(
            new_uow=self.new_uow,
            read_uow=self.new_uow,
            listeners=self.listeners,
            texts=self.ear,
            meaning_of=lambda text, _language: MEANINGS.get(text),
            verdicts=self.verdicts(),
            now=self.clock.now,
            on_fault=self.pool.fault,
            life=self.ear,
            ends_for=self.ends_for,
        )

    def order(self, *people: int, text: str = "Go up!", **changes: Any) -> None:
        """Queue one delivery for each of these people."""
        owner_ref = changes.get("owner_ref", OWNER)
        with self.new_uow() as uow:
            content = Content(
                owner_ref=owner_ref,
                variant=text,
                language="en",
                sms_text=text,
                script="warning",
            )
            content_id = uow.outbox.add_content(content)
            now = self.clock.now()
            uow.outbox.enqueue(
                [
                    NewDelivery(
                        **{
                            "owner_ref": owner_ref,
                            "recipient_id": n,
                            "phone": phone_of(n),
                            "channel": Channel.SMS,
                            "content_id": content_id,
                            "lane": Lane.WARNING,
                            "position": n,
                            "not_before": now,
                            "deadline": now + timedelta(hours=2),
                            **changes,
                        }
                    )
                    for n in people
                ]
            )
            uow.commit()

    def claim(
        self, channel: Channel = Channel.SMS, *, lease_s: float = 20
    ) -> list[Any]:
        """Claim everything, as a worker does that then dies."""
        with self.new_uow() as uow:
            claimed = uow.queue.claim(
                channel,
                limit=1_000,
                now=self.clock.now(),
                lease_until=self.clock.now() + timedelta(seconds=lease_s),
            )
            uow.commit()
        return list(claimed)

    async def send_for(self, seconds: float, **options: Any) -> None:
        """Let a sender work for a while, then stop it."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.sender(**options).run(stop))
        await asyncio.wait({running}, timeout=seconds)
        stop.set()
        await running

    def call_back(
        self,
        kind: EventKind,
        attempt_id: int | None,
        *answers: str,
        carrier: str = "main",
        **form: str,
    ) -> None:
        """Keep a callback."""
        event = CarrierEvent(
            kind=kind,
            received_at=self.clock.now(),
            carrier=carrier,
            attempt_id=None if attempt_id is None else AttemptId(attempt_id),
            form=tuple(form.items()),
            answers=answers,
        )
        with self.new_uow() as uow:
            uow.events.append([event])
            uow.commit()

    def states(self) -> list[DeliveryState]:
        """Of every delivery, in the order they were ordered."""
        rows = self.store.rows.deliveries.values()
        return [DeliveryState(row.progress.state) for row in rows]

    def attempts(self) -> list[AttemptState]:
        """Of every attempt, in the order they were claimed."""
        return [row.state for row in self.store.rows.attempts.values()]

    def codes(self) -> list[str | None]:
        return [row.progress.code for row in self.store.rows.attempts.values()]
