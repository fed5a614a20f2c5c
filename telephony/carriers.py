"""The carriers that can be used now: who takes this number, and how much at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from telephony.breaker import BreakerState, CircuitBreaker
from telephony.delivery import Channel, Lane
from telephony.gateway import FailureClass, Gateway, Refused, SendResult
from telephony.pacing import CallSlots, Pacer
from telephony.routing import RoutingTable

#: How much of a second's work is claimed ahead. What is claimed has left the queue, so
#: a more urgent lane waits for it at most this long.
CLAIM_AHEAD_S = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """One carrier with its pace and its health."""

    gateway: Gateway
    messages: Pacer
    calls: Pacer
    call_slots: CallSlots
    breaker: CircuitBreaker

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self.gateway.name

    async def turn(self, channel: Channel, lane: Lane) -> None:
        """Return when the pace lets a request of this lane leave."""
        if channel is Channel.VOICE:
            await self.call_slots.take(lane)
            await self.calls.turn(lane)
        else:
            await self.messages.turn(lane)

    def settle(self, channel: Channel, result: SendResult, *, now: float) -> None:
        """Learn from an answer: health, pace, and the slot of a call not placed."""
        self.breaker.record(result, now)
        if not isinstance(result, Refused):
            return
        if channel is Channel.VOICE and result.failure is not FailureClass.UNKNOWN:
            self.call_slots.give_back()
        # A refused connection says nothing about our pace; an answer does.
        if result.failure is FailureClass.NOT_PROCESSED and result.http_status:
            pacer = self.calls if channel is Channel.VOICE else self.messages
            pacer.slow_down(result.retry_after_s)

    def room(self, channel: Channel) -> int:
        """How many requests could leave within ``CLAIM_AHEAD_S``; at least one."""
        pacer = self.calls if channel is Channel.VOICE else self.messages
        by_pace = max(1, math.ceil(pacer.per_s() * CLAIM_AHEAD_S))
        is_call = channel is Channel.VOICE
        return min(by_pace, self.call_slots.n_free) if is_call else by_pace


class CarrierPool:
    """Every configured carrier.

    Parameters
    ----------
    carriers : iterable of Carrier
    routes : RoutingTable
        Which of them serves which number.
    monotonic : callable
        Seconds that only grow, the clock of the breakers.
    """

    def __init__(
        self,
        carriers: Iterable[Carrier],
        routes: RoutingTable,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._by_name = {carrier.name: carrier for carrier in carriers}
        self._routes = routes
        self._monotonic = monotonic

    @property
    def names(self) -> Sequence[str]:
        """Names of all carriers."""
        return list(self._by_name)

    def named(self, name: str) -> Carrier | None:
        """The carrier of this name, None if it is no longer configured."""
        return self._by_name.get(name)

    def serving(self, number: str, channel: Channel) -> Sequence[Carrier]:
        """Every carrier of a number, whether it works now or not, best first."""
        return [self._by_name[n] for n in self._routes.carriers(number, channel)]

    def choose(self, number: str, channel: Channel) -> Carrier | None:
        """The best carrier of a number that works now; one that rested, once."""
        name = self._routes.choose(number, channel, self._try_pass)
        return self._by_name[name] if name is not None else None

    def room(self, channel: Channel) -> int:
        """How many requests are worth claiming now; 0 while every carrier rests."""
        return sum(
            carrier.room(channel)
            for carrier in self._by_name.values()
            if self._is_available(carrier.name)
        )

    def set_calls_in_progress(self, name: str, n_calls: int) -> None:
        """Correct how many calls a carrier holds."""
        self._by_name[name].call_slots.set_in_use(n_calls)

    def alarms(self) -> dict[str, str]:
        """Carrier → one sentence on why it does not send; those that do are absent."""
        return {
            carrier.name: carrier.breaker.reason
            for carrier in self._by_name.values()
            if carrier.breaker.state is not BreakerState.CLOSED
        }

    async def aclose(self) -> None:
        """Close every connection, give no more turns."""
        for carrier in self._by_name.values():
            await carrier.messages.aclose()
            await carrier.calls.aclose()
            await carrier.gateway.aclose()

    def _try_pass(self, name: str) -> bool:
        return self._by_name[name].breaker.try_pass(self._monotonic())

    def _is_available(self, name: str) -> bool:
        return self._by_name[name].breaker.is_available(self._monotonic())
