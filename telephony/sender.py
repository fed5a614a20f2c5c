"""Claim, send, record: three steps, three truths.

*Claim* commits that this worker will try, *send* asks the carrier with no transaction
open, *record* commits what the carrier said. A crash after the claim leaves attempts
that are reconciled (``reconcile``), never blindly sent again and never forgotten.

One pump a channel claims no more than can leave within a tenth of a second, so a more
urgent lane never waits for a full queue. Answers are recorded in whatever batches have
gathered while the last batch was written.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from telephony.callbacks import CallbackUrls
from telephony.carriers import Carrier, CarrierPool
from telephony.delivery import Channel, ClaimedDelivery, Content, ContentId
from telephony.gateway import OutgoingCall, OutgoingMessage, SendResult
from telephony.listeners import Listeners
from telephony.outcomes import Outcome, OutcomeReporter, without_carrier
from telephony.ports import UnitOfWork

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderOptions:
    """How much at once, and how long to wait."""

    #: Requests under way at once, over all carriers and channels.
    max_in_flight: int = 512
    #: Deliveries in one claim at most.
    chunk: int = 400
    #: Pause before an empty queue is looked at again, seconds.
    idle_s: float = 0.05
    #: How often the calls in progress are counted anew, seconds.
    count_calls_s: float = 0.25
    #: Pause after the database refused, seconds.
    trouble_s: float = 1.0
    #: How long a claim is ours. Longer than any request may take.
    lease_s: float = 20.0
    #: A claim with less than this left is given back and not used, seconds.
    lease_margin_s: float = 12.0


class DeliverySender(Generic[U]):
    """Send what is queued, as fast as the carriers allow.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    pool : CarrierPool
    urls : CallbackUrls
        Where carriers report.
    listeners : Listeners
        Told in the transaction that records.
    reporter : OutcomeReporter
        Says what each answer means.
    executor : Executor
        One thread, on which every transaction of this sender runs.
    now, monotonic
        Aware UTC; seconds that only grow.
    options : SenderOptions
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        read_uow: Callable[[], U],
        pool: CarrierPool,
        urls: CallbackUrls,
        listeners: Listeners[U],
        reporter: OutcomeReporter,
        executor: Executor,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        options: SenderOptions | None = None,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._pool = pool
        self._urls = urls
        self._listeners = listeners
        self._reporter = reporter
        self._executor = executor
        self._now = now
        self._monotonic = monotonic
        self._options = options or SenderOptions()
        self._contents: dict[ContentId, Content] = {}
        self._in_flight: set[asyncio.Task[None]] = set()
        self._done: list[Outcome] = []
        self._has_done = asyncio.Event()
        #: Carrier → calls that are asked for and not yet in the rows.
        self._calls_under_way: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; then finish what is under way and record it."""
        recorder = asyncio.create_task(self._record_for_ever())
        pumps = [
            asyncio.create_task(self._pump(Channel.SMS, stop)),
            asyncio.create_task(self._pump(Channel.VOICE, stop)),
            asyncio.create_task(self._count_calls(stop)),
        ]
        try:
            await asyncio.gather(*pumps)
        finally:
            for pump in pumps:
                pump.cancel()
            if self._in_flight:
                await asyncio.wait(self._in_flight)
            recorder.cancel()
            await asyncio.gather(recorder, return_exceptions=True)
            await self._record()

    async def _pump(self, channel: Channel, stop: asyncio.Event) -> None:
        """Claim and start, until told to stop."""
        while not stop.is_set():
            room = self._room(channel)
            claimed = await self._try_claim(channel, room) if room else []
            for delivery in claimed:
                self._start(delivery)
            if len(claimed) < max(1, room):
                await _first(stop.wait(), asyncio.sleep(self._options.idle_s))
            else:
                await asyncio.sleep(0)

    async def _count_calls(self, stop: asyncio.Event) -> None:
        """Correct the carriers' counts by the rows, which learn when calls end."""
        while not stop.is_set():
            rows = await self._on_thread(self._calls_in_rows)
            for name in self._pool.names:
                n_calls = rows.get(name, 0) + self._calls_under_way[name]
                self._pool.set_calls_in_progress(name, n_calls)
            await _first(stop.wait(), asyncio.sleep(self._options.count_calls_s))

    def _calls_in_rows(self) -> Mapping[str, int]:
        with self._read_uow() as uow:
            return uow.queue.calls_in_progress()

    def _room(self, channel: Channel) -> int:
        # What is not recorded yet counts: a database that refuses stops the sending.
        under_way = len(self._in_flight) + len(self._done)
        free = self._options.max_in_flight - under_way
        return max(0, min(free, self._options.chunk, self._pool.room(channel)))

    async def _try_claim(
        self, channel: Channel, limit: int
    ) -> Sequence[ClaimedDelivery]:
        """Claim; a database that refuses is asked again, and what is queued stays."""
        try:
            return await self._claim(channel, limit)
        except Exception:
            log.exception("claim failed", extra={"channel": channel.word})
            await asyncio.sleep(self._options.trouble_s)
            return []

    async def _claim(self, channel: Channel, limit: int) -> Sequence[ClaimedDelivery]:
        def claim() -> Sequence[ClaimedDelivery]:
            now = self._now()
            with self._new_uow() as uow:
                claimed = uow.queue.claim(
                    channel,
                    limit=limit,
                    now=now,
                    lease_until=now + timedelta(seconds=self._options.lease_s),
                )
                if not claimed:
                    return []
                for content_id in {delivery.content_id for delivery in claimed}:
                    if content_id not in self._contents:
                        self._contents[content_id] = uow.outbox.content(content_id)
                uow.commit()
            return claimed

        return await self._on_thread(claim)

    def _start(self, delivery: ClaimedDelivery) -> None:
        task = asyncio.create_task(self._attempt(delivery))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)

    async def _attempt(self, delivery: ClaimedDelivery) -> None:
        carrier = self._pool.choose(delivery.phone, delivery.channel)
        if carrier is None:
            has_route = bool(self._pool.serving(delivery.phone, delivery.channel))
            self._done.append(without_carrier(delivery, has_route=has_route))
        else:
            await carrier.turn(delivery.channel, delivery.lane)
            if delivery.channel is Channel.VOICE:
                self._calls_under_way[carrier.name] += 1
            if self._is_too_late(delivery):
                self._done.append(Outcome(delivery, carrier, None))
                _give_back_slot(carrier, delivery)
            else:
                result = await self._ask(carrier, delivery)
                carrier.settle(delivery.channel, result, now=self._monotonic())
                self._done.append(Outcome(delivery, carrier, result))
        self._has_done.set()

    def _is_too_late(self, delivery: ClaimedDelivery) -> bool:
        margin = timedelta(seconds=self._options.lease_margin_s)
        return self._now() >= min(delivery.lease_until - margin, delivery.deadline)

    async def _ask(self, carrier: Carrier, delivery: ClaimedDelivery) -> SendResult:
        name, attempt_id = carrier.name, delivery.attempt_id
        if delivery.channel is Channel.VOICE:
            return await carrier.gateway.place_call(
                OutgoingCall(
                    to=delivery.phone,
                    url=self._urls.call_step(name, attempt_id),
                    status_callback=self._urls.call_status(name, attempt_id),
                )
            )
        return await carrier.gateway.send_message(
            OutgoingMessage(
                to=delivery.phone,
                body=self._contents[delivery.content_id].sms_text,
                status_callback=self._urls.message_status(name, attempt_id),
                validity_s=int((delivery.deadline - self._now()).total_seconds()),
            )
        )

    async def _record_for_ever(self) -> None:
        while True:
            await self._has_done.wait()
            self._has_done.clear()
            try:
                await self._record()
            except Exception:
                log.exception("answers not recorded yet", extra={"n": len(self._done)})
                await asyncio.sleep(self._options.trouble_s)
                self._has_done.set()

    async def _record(self) -> None:
        """Write down everything that has gathered."""
        outcomes, self._done = self._done, []
        if not outcomes:
            return
        try:
            await self._on_thread(lambda: self._write(outcomes))
        except BaseException:
            self._done[:0] = outcomes
            raise

    def _write(self, outcomes: Sequence[Outcome]) -> None:
        with self._new_uow() as uow:
            news = list(uow.queue.apply([self._reporter.report(o) for o in outcomes]))
            news += [event for o in outcomes if (event := self._reporter.opt_out(o))]
            self._listeners.tell(uow, news)
            uow.commit()
        for one in outcomes:
            if one.carrier and one.delivery.channel is Channel.VOICE:
                self._calls_under_way[one.carrier.name] -= 1

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _give_back_slot(carrier: Carrier, delivery: ClaimedDelivery) -> None:
    if delivery.channel is Channel.VOICE:
        carrier.call_slots.give_back()


async def _first(*waits: Coroutine[object, object, object]) -> None:
    """Return when the first of them is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
