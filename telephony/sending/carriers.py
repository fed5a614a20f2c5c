"""The carriers that can be used now: who takes this number, and how much at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from telephony.carriers.gateway import FailureClass
from telephony.delivery import Channel, Lane
from telephony.sending.carrier import Carrier
from telephony.sending.routing import RoutingTable
from telephony.sending.sharing import Share


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
        self._share = Share()

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

    def choose(self, number: str, channel: Channel, lane: Lane) -> Carrier | None:
        """The best carrier of a number that works and is not swamped with this lane.

        One that has rested is let through once, to see whether it is back.
        """

        def can_take(name: str) -> bool:
            carrier = self._by_name[name]
            is_swamped = carrier.is_swamped(channel, lane)
            return not is_swamped and carrier.try_pass(channel, self._monotonic())

        name = self._routes.choose(number, channel, can_take)
        return self._by_name[name] if name is not None else None

    def is_served_now(self, number: str, channel: Channel) -> bool:
        """Whether some carrier of a number works, swamped or not."""
        now = self._monotonic()
        serving = self.serving(number, channel)
        return any(carrier.is_available(channel, now) for carrier in serving)

    def is_working(self, carrier: Carrier, channel: Channel) -> bool:
        """Whether a carrier would take a request, not only refuse one to show it."""
        is_available = carrier.is_available(channel, self._monotonic())
        return is_available and not carrier.is_stopped(channel)

    def fault(
        self, name: str, channel: Channel, failure: FailureClass, reason: str
    ) -> None:
        """Stop a carrier, or its channel, for what a late report says of it."""
        carrier = self.named(name)
        if carrier is not None:
            carrier.fault(channel, failure, reason, now=self._monotonic())

    def room(self, channel: Channel, *, is_urgent: bool = False) -> int:
        """How many deliveries are worth claiming now; 0 while every carrier rests."""
        return sum(
            carrier.room(channel, is_urgent=is_urgent)
            for carrier in self._by_name.values()
            if carrier.is_available(channel, self._monotonic())
        )

    def set_calls_in_rows(self, n_calls: Mapping[tuple[str, int], int]) -> None:
        """Correct how many calls each carrier holds, by (carrier, worker)."""
        for name, carrier in self._by_name.items():
            carrier.set_calls_in_rows(self._share.calls_of(name, n_calls))

    def take_part(self, share: Share) -> None:
        """Keep to a worker's part of every carrier."""
        self._share = share
        for carrier in self._by_name.values():
            carrier.take_part(share)

    @property
    def share(self) -> Share:
        """Our part, and whose the others are."""
        return self._share

    @property
    def worker(self) -> int:
        """Number of the worker whose carriers these are."""
        return self._share.me

    def alarms(self) -> dict[str, str]:
        """Carrier → one sentence on why it does not send; those that do are absent."""
        alarms = {carrier.name: carrier.alarm for carrier in self._by_name.values()}
        return {name: alarm for name, alarm in alarms.items() if alarm}

    async def aclose(self) -> None:
        """Close every connection, give no more turns."""
        for carrier in self._by_name.values():
            await carrier.aclose()
