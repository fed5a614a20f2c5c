"""One carrier with its pace, its health, and what waits for it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony.carriers.gateway import (
    Accepted,
    FailureClass,
    Gateway,
    Refused,
    SendResult,
)
from telephony.delivery import Channel, Lane
from telephony.sending.breaker import BreakerState, CircuitBreaker
from telephony.sending.pacing import CallSlots, Pacer
from telephony.sending.sharing import Share

#: How much of a carrier's work is claimed ahead, seconds of its pace. It must outlast
#: the sender's pause between two claims, or the pace is not kept.
CLAIM_AHEAD_S = 0.2
#: A carrier for which this many times that wait is given no more: others may be idle.
_SWAMPED = 4
#: One in so many calls at once is kept free for urgent lanes.
_URGENT_SHARE = 10


@dataclass(kw_only=True, slots=True, eq=False)
class Carrier:
    """One carrier with its pace, its health, and what waits for it.

    Belongs to one event loop.
    """

    gateway: Gateway
    messages: Pacer
    calls: Pacer
    #: As built: nothing in use.
    call_slots: CallSlots
    breaker: CircuitBreaker
    #: By channel, stopped while the carrier refuses our sender there.
    _senders: Mapping[Channel, CircuitBreaker] = field(
        default_factory=lambda: {channel: CircuitBreaker() for channel in Channel},
        init=False,
        repr=False,
    )
    #: Deliveries that wait for their turn, by channel, then by lane.
    _waiting: Mapping[Channel, list[int]] = field(
        default_factory=lambda: {channel: [0] * len(Lane) for channel in Channel},
        init=False,
        repr=False,
    )
    #: Calls with a slot that the rows do not count yet.
    _n_calls_held: int = field(default=0, init=False, repr=False)
    #: Calls at once, of all workers together.
    _n_lines: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._n_lines = self.call_slots.limit

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self.gateway.name

    async def turn(self, channel: Channel, lane: Lane) -> None:
        """Return when the pace lets a request of this lane leave.

        A call holds a slot from then on, until ``release`` or ``recorded``. A cancelled
        wait holds nothing.
        """
        waiting = self._waiting[channel]
        waiting[lane] += 1
        try:
            if channel is Channel.VOICE:
                await self._call_turn(lane)
            else:
                await self.messages.turn(lane)
        finally:
            waiting[lane] -= 1

    def release(self, channel: Channel) -> None:
        """Give a turn back that was not used."""
        if channel is Channel.VOICE:
            self._n_calls_held -= 1
            self.call_slots.give_back()

    def settle(self, channel: Channel, result: SendResult, *, now: float) -> None:
        """Learn from an answer: health and pace."""
        self.breaker.record(result, now)
        sender = self._senders[channel]
        if isinstance(result, Refused) and result.failure is FailureClass.SENDER:
            sender.stop(result.reason, now)
        elif sender.state is not BreakerState.CLOSED and isinstance(result, Accepted):
            sender.record(result, now)
        # A refused connection says nothing about our pace; an answer does.
        if (
            isinstance(result, Refused)
            and result.failure is FailureClass.NOT_PROCESSED
            and result.http_status is not None
        ):
            self._pacer(channel).slow_down(result.retry_after_s)

    def is_available(self, channel: Channel, now: float) -> bool:
        """Whether a request of this channel would be let through now."""
        sender = self._senders[channel]
        return self.breaker.is_available(now) and sender.is_available(now)

    def try_pass(self, channel: Channel, now: float) -> bool:
        """Ask to send one request; True lets it through, after a rest as the probe."""
        return (
            self.is_available(channel, now)
            and self.breaker.try_pass(now)
            and self._senders[channel].try_pass(now)
        )

    def is_stopped(self, channel: Channel) -> bool:
        """Whether our set-up keeps this channel from being used."""
        health = (self.breaker, self._senders[channel])
        return any(one.state is BreakerState.STOPPED for one in health)

    def fault(
        self, channel: Channel, failure: FailureClass, reason: str, *, now: float
    ) -> None:
        """Stop for what came to light after requests had been taken."""
        is_sender = failure is FailureClass.SENDER
        (self._senders[channel] if is_sender else self.breaker).stop(reason, now)

    def resume(self) -> None:
        """Let requests through again: an operator says that it is mended."""
        self.breaker.reset()
        for sender in self._senders.values():
            sender.reset()

    @property
    def alarm(self) -> str:
        """Sentences for an operator on why it does not send; empty if it does."""
        health = [("", self.breaker)]
        health += [(f"{c.word}: ", one) for c, one in self._senders.items()]
        told = [what + one.reason for what, one in health if one.reason]
        if any(one.state is BreakerState.STOPPED for _, one in health):
            told.append(
                "Stopped, tried again once a minute; when it is mended: "
                f"tocsin carrier resume {self.name}"
            )
        return " ".join(told)

    def recorded(self, channel: Channel, result: SendResult) -> None:
        """Note that the rows know how a request ended; they count its call now."""
        if channel is not Channel.VOICE:
            return
        if isinstance(result, Accepted):
            self._n_calls_held -= 1
        else:
            self.release(channel)

    def take_part(self, share: Share) -> None:
        """Keep to a part of the pace and of the lines; other workers use the rest."""
        for pacer in (self.messages, self.calls):
            pacer.set_part(share.pace_part(pacer.whole_per_s))
        self.call_slots.set_limit(share.whole_part(self._n_lines))

    def set_calls_in_rows(self, n_calls: int) -> None:
        """Correct how many calls it holds, by the rows, which learn when calls end."""
        self.call_slots.set_in_use(n_calls + self._n_calls_held)

    def room(self, channel: Channel, *, is_urgent: bool = False) -> int:
        """How many deliveries are worth claiming for it now.

        What waits already counts; urgent lanes need not wait for what is less urgent.
        Nothing rather than a few, for each claim is a transaction.
        """
        if self._pacer(channel).is_shut:
            return 0
        lane = Lane.STAND_DOWN if is_urgent else max(Lane)
        health = (self.breaker, self._senders[channel])
        if any(one.state is not BreakerState.CLOSED for one in health):
            ahead = 1  # shows whether it is back
        else:
            ahead = self._ahead(channel)
        room = ahead - self._n_waiting(channel, lane)
        if not is_urgent and 2 * room < ahead:
            return 0
        if channel is Channel.VOICE:
            n_kept = 0 if is_urgent else self.call_slots.limit // _URGENT_SHARE
            room = min(room, self.call_slots.n_free - n_kept)
        return max(0, room)

    def is_swamped(self, channel: Channel, lane: Lane) -> bool:
        """Whether so much of this lane waits already that no more should.

        Also where the whole pace is another worker's.
        """
        if self._pacer(channel).is_shut:
            return True
        n_waiting = self._n_waiting(channel, lane)
        # Asked for every message: the pace is looked at only if it can matter.
        return n_waiting >= _SWAMPED and n_waiting >= _SWAMPED * self._ahead(channel)

    async def aclose(self) -> None:
        """Close every connection, give no more turns."""
        await asyncio.gather(
            self.messages.aclose(),
            self.calls.aclose(),
            self.gateway.aclose(),
            return_exceptions=True,
        )

    async def _call_turn(self, lane: Lane) -> None:
        await self.call_slots.take(lane)
        self._n_calls_held += 1
        try:
            await self.calls.turn(lane)
        except BaseException:
            self.release(Channel.VOICE)
            raise

    def _pacer(self, channel: Channel) -> Pacer:
        return self.calls if channel is Channel.VOICE else self.messages

    def _ahead(self, channel: Channel) -> int:
        return max(1, math.ceil(self._pacer(channel).per_s() * CLAIM_AHEAD_S))

    def _n_waiting(self, channel: Channel, lane: Lane) -> int:
        """What waits on this channel and is at least as urgent as the lane."""
        return sum(self._waiting[channel][: lane + 1])
