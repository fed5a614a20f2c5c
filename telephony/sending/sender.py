"""Claim, send, record: three steps, three truths.

*Claim* commits that this worker will try, *send* asks the carrier with no transaction
open, *record* commits what the carrier said. A crash after the claim leaves attempts
that are reconciled (``reconcile``), never blindly sent again and never forgotten.

One pump a channel claims no more than can leave in a moment, so a more urgent lane
never waits for a full queue; and some room is always kept free for urgent lanes, so
that it does not wait for a carrier that hangs either.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from telephony.callback_urls import CallbackUrls
from telephony.delivery import Channel, Content, ContentId, Lane
from telephony.ports import UnitOfWork
from telephony.sending.attempting import AttemptMaker, Job
from telephony.sending.call_counting import CallCounter
from telephony.sending.carriers import CarrierPool
from telephony.sending.listeners import Listeners
from telephony.sending.outcomes import Outcome, OutcomeReporter
from telephony.sending.recording import OutcomeRecorder, standing_still
from telephony.sending.urgency import URGENT_LANES, UrgentPath

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")

#: Texts kept in memory at most; there are few, one a language of each alert.
_MAX_CONTENTS = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderOptions:
    """How much at once, and how long to wait."""

    #: Requests under way at once, over all carriers and channels.
    max_in_flight: int = 640
    #: Of these, for calls: a carrier that hangs over texts must not stop them.
    for_calls: int = 96
    #: And for urgent lanes of either channel.
    for_urgent: int = 32
    #: Answers not recorded yet at most: a database that refuses stops the sending.
    max_unrecorded: int = 1_000
    #: Deliveries in one claim at most.
    chunk: int = 400
    #: The same after a pause.
    first_chunk: int = 16
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
    wait : callable
        Returns when that many seconds have passed.
    options : SenderOptions
    urgent : UrgentPath, optional
        By which urgent lanes pass the transactions of all others.

    Notes
    -----
    Runs once; make a new one to run again.
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
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        options: SenderOptions | None = None,
        urgent: UrgentPath[U] | None = None,
    ) -> None:
        self._new_uow = new_uow
        self._urgent = urgent
        self._pool = pool
        self._executor = executor
        self._now = now
        self._wait = wait
        self._options = options or SenderOptions()
        self._maker = AttemptMaker(
            pool=pool,
            urls=urls,
            now=now,
            monotonic=monotonic,
            lease_margin=timedelta(seconds=self._options.lease_margin_s),
        )
        self._recorder = OutcomeRecorder(
            new_uow=new_uow,
            listeners=listeners,
            reporter=reporter,
            executor=executor,
            on_recorded=self._recorded,
            wait=wait,
            monotonic=monotonic,
            trouble_s=self._options.trouble_s,
        )
        self._call_counter = CallCounter(
            read_uow=read_uow, pool=pool, executor=executor, now=now
        )
        #: By channel, why its last claim failed; empty if it did not.
        self._claim_trouble = dict.fromkeys(Channel, "")
        self._contents: dict[ContentId, Content] = {}
        self._tasks: set[asyncio.Task[Outcome]] = set()
        #: Claimed and not yet answered.
        self._under_way: Counter[Channel] = Counter()
        self._n_unrecorded = 0
        #: Channels that had no room, and what tells them that they have again.
        self._is_full: set[Channel] = set()
        self._has_room = {channel: asyncio.Event() for channel in Channel}
        #: How many to claim next: few after a pause, so that the first leaves at once
        #: and not when hundreds have been made ready; then twice as many each time.
        self._next = dict.fromkeys(Channel, self._options.first_chunk)

    @property
    def trouble(self) -> str:
        """One sentence on why nothing leaves now; empty if the database works."""
        return self._recorder.trouble or next(
            filter(None, self._claim_trouble.values()), ""
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; then finish what is under way and record it.

        Cancelled, it drops everything as a crash would, to be reconciled.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._recorder.run())
            group.create_task(self._send(stop))

    async def _send(self, stop: asyncio.Event) -> None:
        watching = asyncio.create_task(self._maker.watch(self._wait))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(Channel.SMS, stop))
                group.create_task(self._pump(Channel.VOICE, stop))
                group.create_task(self._count_calls(stop))
                if self._urgent is not None:
                    group.create_task(self._pump_urgent(self._urgent, stop))
            self._maker.give_up_waiting()
            if self._tasks:
                await asyncio.wait(self._tasks)
            self._recorder.end()
        finally:
            for task in (watching, *self._tasks):
                task.cancel()

    async def _pump(self, channel: Channel, stop: asyncio.Event) -> None:
        """Claim and start, until told to stop."""
        while not stop.is_set():
            if await self._claim_and_start(channel):
                await asyncio.sleep(0)
            else:
                room = self._has_room[channel]
                idle = self._wait(self._options.idle_s)
                await _first(stop.wait(), room.wait(), idle)
                room.clear()

    async def _pump_urgent(self, path: UrgentPath[U], stop: asyncio.Event) -> None:
        """Claim what is urgent, whatever the others wait for, until told to stop."""
        while not stop.is_set():
            for channel in await path.waiting(self._now()):
                if room := self._urgent_room(channel):
                    claim = partial(self._claim, channel, URGENT_LANES, room)
                    for job in await path.claim(partial(claim, path.new_uow)):
                        self._start(job)
            await _first(stop.wait(), self._wait(path.every_s))

    async def _claim_and_start(self, channel: Channel) -> bool:
        """Claim once; whether as much came as was asked for."""
        lanes, room = tuple(Lane), self._room(channel)
        if not room:
            lanes, room = URGENT_LANES, self._urgent_room(channel)
        room = min(room, self._next[channel])
        jobs = await self._try_claim(channel, lanes, room) if room else []
        for job in jobs:
            self._start(job)
        is_full = len(jobs) == room > 0
        if is_full:
            self._next[channel] = min(2 * self._next[channel], self._options.chunk)
        elif room:
            self._next[channel] = self._options.first_chunk
        return is_full

    def _room(self, channel: Channel) -> int:
        """How many deliveries of any lane to claim now."""
        limit = self._limit(channel)
        free = min(
            limit - self._under_way[channel],
            self._n_free() - self._options.for_urgent,
        )
        # Nothing rather than a few, for each claim is a transaction.
        if 4 * free < limit or self._n_unrecorded >= self._options.max_unrecorded:
            self._is_full.add(channel)
            return 0
        return max(0, min(free, self._options.chunk, self._pool.room(channel)))

    def _urgent_room(self, channel: Channel) -> int:
        room = self._pool.room(channel, is_urgent=True)
        return max(0, min(self._n_free(), self._options.chunk, room))

    def _limit(self, channel: Channel) -> int:
        options = self._options
        if channel is Channel.VOICE:
            return options.for_calls
        return options.max_in_flight - options.for_calls - options.for_urgent

    def _n_free(self) -> int:
        return self._options.max_in_flight - self._under_way.total()

    async def _try_claim(
        self, channel: Channel, lanes: Sequence[Lane], limit: int
    ) -> Sequence[Job]:
        """Claim; a database that refuses is asked again, and what is queued stays."""
        try:
            claim = partial(self._claim, channel, lanes, limit, self._new_uow)
            jobs = await self._on_thread(claim)
        except Exception as error:
            log.exception("claim failed", extra={"channel": channel.word})
            self._claim_trouble[channel] = standing_still(error)
            await self._wait(self._options.trouble_s)
            return []
        self._claim_trouble[channel] = ""
        return jobs

    def _claim(
        self,
        channel: Channel,
        lanes: Sequence[Lane],
        limit: int,
        new_uow: Callable[[], U],
    ) -> Sequence[Job]:
        now = self._now()
        lease_until = now + timedelta(seconds=self._options.lease_s)
        with new_uow() as uow:
            claimed = uow.queue.claim(
                channel,
                limit=limit,
                now=now,
                lease_until=lease_until,
                lanes=lanes,
                worker=self._pool.worker,
            )
            if not claimed:
                return []
            jobs = [Job(one, self._content(uow, one.content_id)) for one in claimed]
            uow.commit()
        return jobs

    def _content(self, uow: U, content_id: ContentId) -> Content:
        """Look a text up; it never changes."""
        content = self._contents.get(content_id)  # another thread may clear it
        if content is None:
            if len(self._contents) >= _MAX_CONTENTS:
                self._contents.clear()
            content = self._contents[content_id] = uow.outbox.content(content_id)
        return content

    def _start(self, job: Job) -> None:
        channel = job.delivery.channel
        self._under_way[channel] += 1
        task = asyncio.create_task(self._maker.make(job))
        self._tasks.add(task)
        task.add_done_callback(partial(self._made, channel))

    def _made(self, channel: Channel, task: asyncio.Task[Outcome]) -> None:
        self._tasks.discard(task)
        self._under_way[channel] -= 1
        if task.cancelled() or task.exception() is not None:
            # Nothing was asked; its attempt is reconciled when the lease has ended.
            log.error("attempt was not made", extra={"channel": channel.word})
        else:
            self._n_unrecorded += 1
            self._recorder.add(task.result())
        self._tell_of_room(channel)

    def _recorded(self, outcome: Outcome) -> None:
        channel = outcome.delivery.channel
        if outcome.carrier is not None and outcome.result is not None:
            outcome.carrier.recorded(channel, outcome.result)
        self._n_unrecorded -= 1
        self._tell_of_room(channel)

    def _tell_of_room(self, channel: Channel) -> None:
        """Let a channel that was full claim again once half of its room is free."""
        if (
            channel in self._is_full
            and 2 * self._under_way[channel] <= self._limit(channel)
            and self._n_unrecorded < self._options.max_unrecorded
        ):
            self._is_full.discard(channel)
            self._has_room[channel].set()

    async def _count_calls(self, stop: asyncio.Event) -> None:
        async def pause() -> bool:
            await _first(stop.wait(), self._wait(self._options.count_calls_s))
            return stop.is_set()

        await self._call_counter.run(pause)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


async def _first(*waits: Awaitable[object]) -> None:
    """Return when the first of them is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
