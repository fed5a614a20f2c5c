"""Asking carriers about attempts, in rounds: who does not answer is left alone."""

from __future__ import annotations

from collections import Counter
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


#: After so many questions in a row in vain, a carrier is left alone for this round.
_IN_VAIN = 3


class Questions:
    """The questions of one round: who does not answer is left alone.

    One that fails now and then is asked on: a carrier that breaks one request in five
    would otherwise settle a handful a round, and never catch up.
    """

    def __init__(self) -> None:
        #: Carrier → questions in a row that it did not answer.
        self._n_in_vain: Counter[str] = Counter()

    async def ask(self, carrier: str, question: Callable[[], Awaitable[T]]) -> T | None:
        """Return the answer, None if the carrier cannot be asked."""
        if self._n_in_vain[carrier] >= _IN_VAIN:
            return None
        try:
            answer = await question()
        except CarrierUnavailableError:
            self._n_in_vain[carrier] += 1
            return None
        self._n_in_vain[carrier] = 0
        return answer


async def list_of(carrier: Carrier, group: Group) -> Sequence[CarrierRecord]:
    """What the carrier has for the number of these attempts, as far back as they go."""
    since = min(attempt.intended_at for attempt in group) - CLOCK_SKEW
    if group[0].channel is Channel.VOICE:
        return await carrier.gateway.calls_to(group[0].phone, since=since)
    return await carrier.gateway.messages_to(group[0].phone, since=since)
