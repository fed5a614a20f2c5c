"""Numbers that fail get strikes and then rest, by channel; they are never deleted.

A landline refuses texts and takes calls, so its texts rest and its calls go on. What a
carrier says of its own troubles is no strike, and what may be a house without power for
a night counts once in that time. Whoever is heard of again starts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from telephony.carriers.failures import Strike, strike_of
from telephony.delivery import Channel, DeliveryEvent, DeliveryState

#: Within this, several failures that may have one passing cause are one.
DOUBT_SPAN = timedelta(hours=12)
#: How a delivery ends without success.
_ENDS = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class StrikeRecord:
    """What is held against one person's number on one channel."""

    subscriber_id: int
    channel: Channel
    n: int
    #: The carrier's code of the last failure, and when it came.
    code: str
    struck_at: datetime
    #: Until when nothing is sent on this channel; None while it does not rest.
    resting_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RestPolicy:
    """When a number rests, and for how long."""

    #: Strikes after which it rests, >= 1.
    n_strikes: int = 3
    rest: timedelta = timedelta(days=30)

    def struck(
        self,
        record: StrikeRecord | None,
        event: DeliveryEvent,
    ) -> StrikeRecord | None:
        """What is held against a number after a failure; None if nothing changes.

        Examples
        --------
        >>> from datetime import UTC
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> failed = DeliveryEvent(
        ...     owner_ref="alert:1", recipient_id=7, channel=Channel.SMS,
        ...     state=DeliveryState.FAILED, at=at, code="30006",
        ... )
        >>> record = RestPolicy(n_strikes=2).struck(None, failed)
        >>> record.n, record.resting_until
        (1, None)
        >>> again = failed._replace(at=at + timedelta(hours=1))
        >>> record = RestPolicy(n_strikes=2).struck(record, again)
        >>> record.n, record.resting_until.isoformat()
        (2, '2026-05-31T01:00:00+00:00')
        """
        strike = strike_of(event.code)
        if strike is Strike.NONE or event.code is None:
            return None
        if record is not None and event.at < record.struck_at + _apart(strike):
            return None
        n = (record.n if record else 0) + 1
        return StrikeRecord(
            subscriber_id=event.recipient_id,
            channel=event.channel,
            n=n,
            code=event.code,
            struck_at=event.at,
            resting_until=event.at + self.rest if n >= self.n_strikes else None,
        )

    def woken(self, record: StrikeRecord) -> StrikeRecord:
        """After the rest one more try decides: if it fails the number rests again."""
        return replace(record, n=self.n_strikes - 1, resting_until=None)


class StrikeBook(Protocol):
    """What is held against numbers."""

    def of(
        self, subscriber_ids: Sequence[int]
    ) -> Mapping[tuple[int, Channel], StrikeRecord]:
        """Return the records of some people."""
        ...

    def write(self, records: Sequence[StrikeRecord], *, now: datetime) -> None:
        """Write records over earlier ones; who has no channel left is RESTING."""
        ...

    def clear(self, of: Iterable[tuple[int, Channel]], *, now: datetime) -> int:
        """Forget records; who has a channel again is active. Return how many."""
        ...

    def rested(self, *, now: datetime, limit: int) -> Sequence[StrikeRecord]:
        """Return records whose rest is over, the longest over first."""
        ...


class _Person(Protocol):
    @property
    def subscriber_id(self) -> int: ...


class _Directory(Protocol):
    def find_by_phone(self, phone: str) -> _Person | None: ...


class UnitOfWork(Protocol):
    """One transaction, as far as strikes are concerned."""

    @property
    def subscribers(self) -> _Directory:
        """Whose number is whose."""
        ...

    @property
    def strikes(self) -> StrikeBook:
        """What is held against numbers."""
        ...


class StrikeCounter:
    """Keeps the strikes of people in step with the news of their deliveries."""

    def __init__(self, policy: RestPolicy, *, now: Callable[[], datetime]) -> None:
        self._policy = policy
        self._now = now

    def note(self, uow: UnitOfWork, events: Sequence[DeliveryEvent]) -> None:
        """Count failures, forget them where a number is heard of; a batch at a time."""
        alive = {
            (event.recipient_id, event.channel)
            for event in events
            if event.state >= DeliveryState.REACHED
        }
        if alive:
            uow.strikes.clear(sorted(alive), now=self._now())
        failed = [
            event
            for event in events
            if event.state in _ENDS
            and strike_of(event.code) is not Strike.NONE
            and (event.recipient_id, event.channel) not in alive
        ]
        if failed:
            self._strike(uow, failed)

    def on_life(
        self, uow: UnitOfWork, alive: Set[tuple[str, Channel]], *, at: datetime
    ) -> None:
        """Forget what is held against numbers that wrote or rang of themselves."""
        people = ((uow.subscribers.find_by_phone(phone), on) for phone, on in alive)
        known = [(person.subscriber_id, on) for person, on in people if person]
        if known:
            uow.strikes.clear(sorted(known), now=at)

    def wake(self, uow: UnitOfWork, *, limit: int = 5_000) -> int:
        """End rests that are over; return how many."""
        over = uow.strikes.rested(now=self._now(), limit=limit)
        if over:
            woken = [self._policy.woken(record) for record in over]
            uow.strikes.write(woken, now=self._now())
        return len(over)

    def _strike(self, uow: UnitOfWork, failed: Sequence[DeliveryEvent]) -> None:
        known = dict(uow.strikes.of(sorted({event.recipient_id for event in failed})))
        changed: dict[tuple[int, Channel], StrikeRecord] = {}
        for event in failed:
            key = (event.recipient_id, event.channel)
            record = self._policy.struck(known.get(key), event)
            if record is not None:
                known[key] = changed[key] = record
        if changed:
            uow.strikes.write(list(changed.values()), now=self._now())


def _apart(strike: Strike) -> timedelta:
    """How far apart two failures are two strikes; a repeat of one is none."""
    return DOUBT_SPAN if strike is Strike.DOUBTFUL else timedelta(microseconds=1)
