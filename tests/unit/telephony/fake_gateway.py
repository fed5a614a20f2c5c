"""A carrier that keeps what it accepted, and can fail in every way there is."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from telephony.carriers.gateway import (
    Accepted,
    CarrierRecord,
    FailureClass,
    OutgoingCall,
    OutgoingMessage,
    Refused,
    SendResult,
)
from telephony.delivery import AttemptId, Channel
from telephony.errors import CarrierUnavailableError

_ATTEMPT = re.compile(r"/(?:messages|calls)/(\d+)/status")


class Fate(Enum):
    """What becomes of a request besides being refused."""

    ACCEPT = "accept"
    LOSE_BEFORE = "lose_before"
    LOSE_AFTER = "lose_after"
    HANG = "hang"
    BREAK = "break"


@dataclass(frozen=True)
class Taken:
    """One message or call that the carrier accepted."""

    channel: Channel
    attempt_id: AttemptId
    record: CarrierRecord


def refused(failure: FailureClass, **changes: Any) -> Refused:
    values: dict[str, Any] = {
        "failure": failure,
        "code": "x",
        "reason": "So it is.",
        **changes,
    }
    return Refused(**values)


TOO_FAST = refused(
    FailureClass.NOT_PROCESSED, code="20429", http_status=429, retry_after_s=1.0
)
UNREACHABLE = refused(FailureClass.NOT_PROCESSED, code="connect")
LOST = refused(FailureClass.UNKNOWN, code="timeout")


class FakeGateway:
    """A ``Gateway``; fates are used up in turn, then all is accepted.

    ``at`` is called at each line where a crash may happen.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        name: str = "main",
        fates: Iterable[Fate | Refused] = (),
        latency_s: float = 0.0,
    ) -> None:
        self.name = name
        self.taken: list[Taken] = []
        self.asked: list[OutgoingMessage | OutgoingCall] = []
        self.fates = list(fates)
        self.latency_s = latency_s
        self.is_silent = False
        self.tells_body = True
        self.is_closed = False
        self.at: Callable[[], None] = lambda: None
        self._now = now

    @property
    def texts_asked(self) -> list[OutgoingMessage]:
        """What it was asked for, where nobody was to be rung."""
        texts = [one for one in self.asked if isinstance(one, OutgoingMessage)]
        assert len(texts) == len(self.asked), "somebody was rung"
        return texts

    async def send_message(self, message: OutgoingMessage) -> SendResult:
        return await self._take(message, Channel.SMS, message.body)

    async def place_call(self, call: OutgoingCall) -> SendResult:
        return await self._take(call, Channel.VOICE, None)

    async def fetch_message(self, carrier_ref: str) -> CarrierRecord | None:
        return self._fetch(carrier_ref)

    async def fetch_call(self, carrier_ref: str) -> CarrierRecord | None:
        return self._fetch(carrier_ref)

    async def messages_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        return self._list(number, since, Channel.SMS)

    async def calls_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        return self._list(number, since, Channel.VOICE)

    async def hang_up(self, carrier_ref: str) -> bool:
        return False

    async def aclose(self) -> None:
        self.is_closed = True

    def report(self, carrier_ref: str, status: str, **changes: Any) -> None:
        """Let a message or call come to this state, for those who ask."""
        self.taken = [
            replace(one, record=replace(one.record, status=status, **changes))
            if one.record.carrier_ref == carrier_ref
            else one
            for one in self.taken
        ]

    def numbers(self) -> Counter[str]:
        """How often each number got something."""
        return Counter(one.record.to for one in self.taken)

    def attempts(self) -> Counter[AttemptId]:
        """How often each attempt was accepted."""
        return Counter(one.attempt_id for one in self.taken)

    async def _take(
        self,
        request: OutgoingMessage | OutgoingCall,
        channel: Channel,
        body: str | None,
    ) -> SendResult:
        self.asked.append(request)
        fate = self.fates.pop(0) if self.fates else Fate.ACCEPT
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        self.at()
        if isinstance(fate, Refused):
            return fate
        if fate is Fate.BREAK:
            raise RuntimeError(f"a defect that names {request.to}")
        if fate is Fate.HANG:
            await asyncio.sleep(10)
        if fate in {Fate.HANG, Fate.LOSE_BEFORE}:
            return LOST
        ref = self._accept(request, channel, body)
        self.at()
        return (
            LOST
            if fate is Fate.LOSE_AFTER
            else Accepted(carrier_ref=ref, status="queued")
        )

    def _accept(
        self,
        request: OutgoingMessage | OutgoingCall,
        channel: Channel,
        body: str | None,
    ) -> str:
        ref = f"{self.name}-{len(self.taken) + 1}"
        found = _ATTEMPT.search(request.status_callback)
        assert found is not None, request.status_callback
        record = CarrierRecord(
            carrier_ref=ref,
            to=request.to,
            status="queued",
            created_at=self._now().replace(microsecond=0),
            body=body if self.tells_body else None,
        )
        self.taken.append(Taken(channel, AttemptId(int(found.group(1))), record))
        return ref

    def _fetch(self, carrier_ref: str) -> CarrierRecord | None:
        self._answer()
        found = (
            one.record for one in self.taken if one.record.carrier_ref == carrier_ref
        )
        return next(found, None)

    def _list(
        self, number: str, since: datetime, channel: Channel
    ) -> Sequence[CarrierRecord]:
        self._answer()
        return [
            one.record
            for one in self.taken
            if (one.channel, one.record.to) == (channel, number)
            and one.record.created_at is not None
            and one.record.created_at >= since
        ]

    def _answer(self) -> None:
        self.at()
        if self.is_silent:
            raise CarrierUnavailableError(f"Carrier {self.name!r} cannot be asked.")
