"""A call for help leaves within 200 ms though a country's messages are queued.

On a real clock and a real file: the time is what is promised.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from store.database import Database
from store.sql.engine import WRITES
from store.unit_of_work import SqlUnitOfWork
from telephony.callback_urls import CallbackUrls
from telephony.carriers.gateway import OutgoingMessage, SendResult
from telephony.delivery import Channel, Content, Lane, NewDelivery
from telephony.precedence import Precedence
from telephony.sending.breaker import CircuitBreaker
from telephony.sending.carrier import Carrier
from telephony.sending.carriers import CarrierPool
from telephony.sending.listeners import Listeners
from telephony.sending.outcomes import OutcomeReporter
from telephony.sending.pacing import CallSlots, Pacer, TokenBucket
from telephony.sending.retry import RetryPolicy
from telephony.sending.routing import Route, RoutingTable
from telephony.sending.sender import DeliverySender
from telephony.sending.urgency import UrgentPath
from tests.unit.telephony.fake_gateway import FakeGateway
from tests.use_cases.telephony.conftest import Disk

#: ``make soak`` queues a million.
N_QUEUED = int(os.environ.get("SOAK_QUEUED", "100000"))
N_CASES = 9
PER_S = 200
WITHIN_S = 0.2
#: Written by the database itself: in rows of the product it would take a minute.
_QUEUE_UP = text(
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
    INSERT INTO deliveries (
        owner_id, recipient_id, channel, content_id, lane, position, not_before,
        deadline, state, state_at, n_attempts, n_sent, is_followed, phone
    )
    SELECT owner_id, 10000 + i, channel, content_id, lane, i, not_before,
        deadline, 0, state_at, 0, 0, 0, '+85512' || substr('0000000' || i, -7)
    FROM n, (SELECT * FROM deliveries WHERE recipient_id = 1)
    """
)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - what is measured is real time


class Watched(FakeGateway):
    """Notes when it was asked for each number, and keeps nothing else."""

    def __init__(self) -> None:
        super().__init__(now=now, latency_s=0.02)
        self.asked_at: dict[str, float] = {}

    async def send_message(self, message: OutgoingMessage) -> SendResult:
        self.asked_at[message.to] = time.perf_counter()
        return await super().send_message(message)


def order(database: Database, person: int, lane: Lane, **columns: object) -> str:
    """One delivery; its number."""
    owner, phone = f"case:{lane.name}", f"+8559900{person:04d}"
    content = Content(
        owner_ref=owner, variant="x", language="en", sms_text="Come.", script="x"
    )
    with database.unit_of_work() as uow:
        delivery = NewDelivery(
            owner_ref=owner,
            recipient_id=person,
            phone=phone,
            channel=Channel.SMS,
            content_id=uow.outbox.add_content(content),
            lane=lane,
            position=0,
            not_before=now(),
            deadline=now() + timedelta(hours=5),
        )
        uow.outbox.enqueue([delivery])
        uow.commit()
    return phone


@pytest.fixture
def crowded(disk: Disk) -> Database:
    """A database with a full queue of warnings."""
    database = disk.database
    order(database, 1, Lane.WARNING)
    with database._engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.execute(_QUEUE_UP, {"n": N_QUEUED})
        connection.commit()
    return database


def sender_to(
    gateway: FakeGateway,
    database: Database,
    executor: ThreadPoolExecutor,
    urgent: ThreadPoolExecutor,
) -> DeliverySender[SqlUnitOfWork]:
    def pacer(per_s: float) -> Pacer:
        return Pacer(TokenBucket(per_s), now=time.monotonic, wait=asyncio.sleep)

    carrier = Carrier(
        gateway=gateway,
        messages=pacer(PER_S),
        calls=pacer(1),
        call_slots=CallSlots(10),
        breaker=CircuitBreaker(),
    )
    routes = RoutingTable([Route(carrier="main", channels=Channel.SMS)])
    return DeliverySender(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        pool=CarrierPool([carrier], routes, monotonic=time.monotonic),
        urls=CallbackUrls("https://tocsin.example"),
        listeners=Listeners({}),
        reporter=OutcomeReporter(retry=RetryPolicy(), now=now, rng=random.Random(1)),
        executor=executor,
        now=now,
        monotonic=time.monotonic,
        urgent=UrgentPath(
            new_uow=partial(database.unit_of_work, Precedence.URGENT),
            read_uow=database.read_only,
            executor=urgent,
        ),
    )


@pytest.mark.timed
def test_a_call_for_help_does_not_wait_for_a_country(crowded: Database) -> None:
    """From its commit to the carrier, in the middle of the warnings; the median."""
    gateway = Watched()

    async def scene(*executors: ThreadPoolExecutor) -> list[float]:
        stop, waits = asyncio.Event(), []
        sender = sender_to(gateway, crowded, *executors)
        running = asyncio.create_task(sender.run(stop))
        await asyncio.sleep(1)
        for person in range(2, 2 + N_CASES):
            phone = await asyncio.to_thread(order, crowded, person, Lane.DISPATCH)
            ordered_at = time.perf_counter()
            async with asyncio.timeout(10):
                while phone not in gateway.asked_at:
                    await asyncio.sleep(0.005)
            waits.append(gateway.asked_at[phone] - ordered_at)
            await asyncio.sleep(0.1)
        stop.set()
        await running
        return waits

    with ThreadPoolExecutor(1) as executor, ThreadPoolExecutor(1) as urgent:
        waits = asyncio.run(scene(executor, urgent))
    assert len(gateway.asked_at) > N_CASES + PER_S, "warnings left all the while"
    assert statistics.median(waits) <= WITHIN_S, waits
