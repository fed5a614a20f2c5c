"""Asking carriers about attempts, in rounds: who does not answer is left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telephony.callbacks.matching import CLOCK_SKEW
from telephony.carriers.gateway import CarrierRecord
from telephony.delivery import Channel, OpenAttempt
from telephony.errors import CarrierUnavailableError
from telephony.sending.carrier import Carrier

T = TypeVar("T")

#: Attempts to one number on one channel: only these can be mistaken for each other.
Group = Sequence[OpenAttempt]


class Questions:
    """The questions of one round: who does not answer is not asked again."""

    def __init__(self) -> None:
        #: Names of carriers that could not be asked.
        self.unanswered: set[str] = set()

    async def ask(self, carrier: str, question: Callable[[], Awaitable[T]]) -> T | None:
        """Return the answer, None if the carrier cannot be asked."""
        if carrier not in self.unanswered:
            try:
                return await question()
            except CarrierUnavailableError:
                self.unanswered.add(carrier)
        return None


async def list_of(carrier: Carrier, group: Group) -> Sequence[CarrierRecord]:
    """What the carrier has for the number of these attempts, as far back as they go."""
    since = min(attempt.intended_at for attempt in group) - CLOCK_SKEW
    if group[0].channel is Channel.VOICE:
        return await carrier.gateway.calls_to(group[0].phone, since=since)
    return await carrier.gateway.messages_to(group[0].phone, since=since)
