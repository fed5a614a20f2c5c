"""One attempt: choose a carrier, wait for the turn, ask.

Knows no database. Nothing is asked after the claim has run out, for then somebody else
may already look into what became of the delivery.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.callback_urls import CallbackUrls
from telephony.carriers.gateway import (
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
    SendResult,
)
from telephony.delivery import Channel, ClaimedDelivery, Content
from telephony.sending.carrier import Carrier
from telephony.sending.carriers import CarrierPool
from telephony.sending.outcomes import Outcome, without_carrier

log = logging.getLogger(__name__)

#: How long a delivery is left alone whose turn did not come, seconds.
GIVEN_BACK_S = 2.0
#: How often those who wait are looked at, seconds.
_WATCH_S = 0.5
#: What a gateway broke down over may have been sent.
_BROKEN = Refused(
    failure=FailureClass.UNKNOWN,
    code="defect",
    reason="The request broke down inside this program; see its log.",
)


class Job(NamedTuple):
    """A delivery that this worker owns, and what it says."""

    delivery: ClaimedDelivery
    content: Content


class AttemptMaker:
    """Makes attempts, each at its turn.

    Parameters
    ----------
    pool : CarrierPool
    urls : CallbackUrls
        Where carriers report.
    now, monotonic
        Aware UTC; seconds that only grow.
    lease_margin : timedelta
        A request starts at least this long before its lease ends: it has to be
        answered and recorded within.
    """

    def __init__(
        self,
        *,
        pool: CarrierPool,
        urls: CallbackUrls,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        lease_margin: timedelta,
    ) -> None:
        self._pool = pool
        self._urls = urls
        self._now = now
        self._monotonic = monotonic
        self._lease_margin = lease_margin
        #: Who waits for a turn, and who is to stop waiting. One watch over all: a timer
        #: for each would cost more than all else in an attempt.
        self._waiting: dict[asyncio.Task[object], ClaimedDelivery] = {}
        self._given_up: set[asyncio.Task[object]] = set()
        self._is_stopping = False

    async def make(self, job: Job) -> Outcome:
        """Make one attempt, or give it back."""
        delivery = job.delivery
        phone, channel = delivery.phone, delivery.channel
        carrier = self._pool.choose(phone, channel, delivery.lane)
        if carrier is None and not self._pool.is_served_now(phone, channel):
            has_route = bool(self._pool.serving(phone, channel))
            return without_carrier(delivery, has_route=has_route)
        if carrier is None or not await self._wait_for_turn(carrier, delivery):
            return Outcome(delivery, None, None, GIVEN_BACK_S)
        if self._left_s(delivery) <= 0:
            carrier.release(channel)
            return Outcome(delivery, None, None, GIVEN_BACK_S)
        result = await self._try_ask(carrier, job)
        carrier.settle(channel, result, now=self._monotonic())
        return Outcome(delivery, carrier, result, answered_at=self._now())

    def give_up_waiting(self) -> None:
        """Give back whatever waits for its turn, now and from now on."""
        self._is_stopping = True
        self._give_up(list(self._waiting))

    async def watch(self, wait: Callable[[float], Awaitable[None]]) -> None:
        """Give back, for ever, what has waited as long as its claim is good for."""
        while True:
            await wait(_WATCH_S)
            waiting = self._waiting.items()
            self._give_up([task for task, one in waiting if self._left_s(one) <= 0])

    def _give_up(self, tasks: Sequence[asyncio.Task[object]]) -> None:
        for task in tasks:
            del self._waiting[task]
            self._given_up.add(task)
            task.cancel()

    async def _wait_for_turn(self, carrier: Carrier, delivery: ClaimedDelivery) -> bool:
        """Wait for the pace; False if the wait was given up.

        Raises
        ------
        asyncio.CancelledError
            If somebody else cancels it.
        """
        if self._is_stopping or self._left_s(delivery) <= 0:
            return False
        task = asyncio.current_task()
        assert task is not None, "runs in a task"
        self._waiting[task] = delivery
        try:
            await carrier.turn(delivery.channel, delivery.lane)
        except asyncio.CancelledError:
            if task not in self._given_up or task.uncancel():
                raise
            return False
        finally:
            self._waiting.pop(task, None)
            self._given_up.discard(task)
        return True

    def _left_s(self, delivery: ClaimedDelivery) -> float:
        """Seconds in which a request may still start."""
        end = min(delivery.lease_until - self._lease_margin, delivery.deadline)
        return (end - self._now()).total_seconds()

    async def _try_ask(self, carrier: Carrier, job: Job) -> SendResult:
        try:
            return await self._ask(carrier, job)
        except Exception as error:  # noqa: BLE001 - one defect must not stop the rest
            # Its kind only: the message may hold a telephone number.
            log.error(  # noqa: TRY400 - as said
                "attempt broke down",
                extra={"carrier": carrier.name, "error": type(error).__name__},
            )
            return _BROKEN

    async def _ask(self, carrier: Carrier, job: Job) -> SendResult:
        delivery, name = job.delivery, carrier.name
        attempt_id = delivery.attempt_id
        if delivery.channel is Channel.VOICE:
            return await carrier.gateway.place_call(
                OutgoingCall(
                    to=delivery.phone,
                    url=self._urls.call_step(name, attempt_id),
                    status_callback=self._urls.call_status(name, attempt_id),
                    answerer_callback=self._answerer_callback(name, delivery),
                )
            )
        left_s = (delivery.deadline - self._now()).total_seconds()
        return await carrier.gateway.send_message(
            OutgoingMessage(
                to=delivery.phone,
                body=job.content.sms_text,
                status_callback=self._urls.message_status(name, attempt_id),
                validity_s=int(left_s),
            )
        )

    def _answerer_callback(self, name: str, delivery: ClaimedDelivery) -> str | None:
        """Where to tell who took a call; an urgent one counts by its keys alone."""
        if delivery.lane.is_urgent:
            return None
        return self._urls.call_answerer(name, delivery.attempt_id)
