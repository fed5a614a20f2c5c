"""What callbacks mean, worked out in batches after they are durable.

Duplicates and disorder are harmless: every event becomes a report on its attempt, and a
report only ever moves an attempt forward. An event of an attempt that was never made,
or with a word that nobody knows, is kept for a person to look at.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from telephony.delivery import (
    AttemptReport,
    AttemptState,
    CarrierEvent,
    Channel,
    DeliveryEvent,
    DeliveryState,
    EventKind,
    OpenAttempt,
)
from telephony.failures import signal_of_report
from telephony.listeners import Listeners
from telephony.ports import UnitOfWork
from telephony.retry import RetryPolicy
from telephony.statuses import carrier_status

log = logging.getLogger(__name__)

#: How long after a message a text still answers it.
REPLY_WINDOW = timedelta(days=3)
#: What ``AnsweredBy`` starts with when no person answered.
_MACHINES = ("machine", "fax")
#: Answers that are more than a sign of life: the person acted on the message.
_CONFIRMING = frozenset({"CONFIRMED", "SAFE", "NEED_HELP", "URGENT", "ACCEPTED"})

U = TypeVar("U", bound=UnitOfWork)
U_contra = TypeVar("U_contra", contravariant=True)


class TextListener(Protocol[U_contra]):
    """Hears the texts that answer no message of ours."""

    def on_text(self, uow: U_contra, phone: str, answer: str | None) -> None:
        """Take note of a text; ``answer`` is what it means, None if unclear."""
        ...


@dataclass(slots=True)
class _Findings:
    """What a batch of events comes to."""

    reports: list[AttemptReport] = field(default_factory=list)
    answers: list[DeliveryEvent] = field(default_factory=list)
    #: Event ids that a person has to look at.
    unknown: list[int] = field(default_factory=list)


class EventFolder(Generic[U]):
    """Turn kept callbacks into states, and tell the owners.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    listeners : Listeners
        Told in the transaction that folds.
    texts : TextListener
        For texts that answer nothing.
    meaning_of : callable
        Text → answer such as ``CONFIRMED`` or ``OPTED_OUT``; None if unclear.
    retry : RetryPolicy
        When a failed attempt is followed by another.
    heard_after_s : int
        How long an answered call must last to count as heard, seconds.
    now, rng
        Aware UTC; chance.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        listeners: Listeners[U],
        texts: TextListener[U],
        meaning_of: Callable[[str], str | None],
        retry: RetryPolicy,
        heard_after_s: int,
        now: Callable[[], datetime],
        rng: random.Random,
    ) -> None:
        self._new_uow = new_uow
        self._listeners = listeners
        self._texts = texts
        self._meaning_of = meaning_of
        self._retry = retry
        self._heard_after_s = heard_after_s
        self._now = now
        self._rng = rng

    def run_once(self, *, limit: int = 2_000) -> int:
        """Fold the oldest events; return how many there were."""
        with self._new_uow() as uow:
            events = uow.events.unfolded(limit=limit)
            if not events:
                return 0
            findings = self._think(uow, events)
            news = uow.queue.apply(findings.reports)
            self._listeners.tell(uow, [*news, *findings.answers])
            uow.events.mark_folded(
                [event.event_id for event in events if event.event_id is not None],
                now=self._now(),
                unknown=findings.unknown,
            )
            uow.commit()
        if findings.unknown:
            log.warning("callbacks kept for a look", extra={"n": len(findings.unknown)})
        return len(events)

    def failure_report(
        self,
        attempt: OpenAttempt,
        word: str,
        code: str | None,
        *,
        carrier_ref: str | None = None,
    ) -> AttemptReport:
        """Report an attempt that the carrier accepted and could not complete."""
        signal = signal_of_report(word, code)
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.FAILED,
            at=self._now(),
            carrier_ref=carrier_ref,
            code=code or word,
            retry_at=self._retry.next_try(
                attempt.attempt_no,
                signal,
                now=self._now(),
                deadline=attempt.deadline,
                rng=self._rng,
            ),
        )

    def _think(self, uow: U, events: Sequence[CarrierEvent]) -> _Findings:
        named = {e.attempt_id for e in events if e.attempt_id is not None}
        attempts = uow.queue.open_attempts(sorted(named))
        findings = _Findings()
        for event in events:
            if event.kind is EventKind.INBOUND_MESSAGE:
                self._text(uow, event, findings)
                continue
            attempt = attempts.get(event.attempt_id) if event.attempt_id else None
            if attempt is None:
                findings.unknown.append(_id(event))
            else:
                self._callback(event, attempt, findings)
        return findings

    def _callback(
        self, event: CarrierEvent, attempt: OpenAttempt, findings: _Findings
    ) -> None:
        if event.kind is EventKind.CALL_STEP:
            self._step(event, attempt, findings)
        elif event.kind is EventKind.MESSAGE_STATUS:
            word = event.value("MessageStatus") or event.value("SmsStatus")
            self._status(Channel.SMS, word, event, attempt, findings)
        else:
            word = event.value("CallStatus")
            self._status(Channel.VOICE, word, event, attempt, findings)

    def _status(
        self,
        channel: Channel,
        word: str,
        event: CarrierEvent,
        attempt: OpenAttempt,
        findings: _Findings,
    ) -> None:
        status = carrier_status(channel, word)
        if not status.is_known or channel is not attempt.channel:
            findings.unknown.append(_id(event))
        elif status.state is AttemptState.FAILED:
            code = event.value("ErrorCode") or None
            findings.reports.append(
                self.failure_report(attempt, word, code, carrier_ref=_sid(event))
            )
        elif status.state is not None:
            duration_s = _seconds(event.value("CallDuration"))
            findings.reports.append(
                AttemptReport(
                    attempt_id=attempt.attempt_id,
                    state=self._heard(status.state, event, duration_s),
                    at=event.received_at,
                    carrier=event.carrier,
                    carrier_ref=_sid(event),
                    duration_s=duration_s,
                )
            )

    def _heard(
        self, state: AttemptState, event: CarrierEvent, duration_s: int | None
    ) -> AttemptState:
        """An answered call of useful length is heard, unless a machine answered."""
        is_machine = event.value("AnsweredBy").startswith(_MACHINES)
        if event.kind is not EventKind.CALL_STATUS or is_machine:
            return state
        return AttemptState.HEARD if (duration_s or 0) >= self._heard_after_s else state

    @staticmethod
    def _step(event: CarrierEvent, attempt: OpenAttempt, findings: _Findings) -> None:
        """A key was pressed: whoever presses a key has heard."""
        is_confirmed = any(answer in _CONFIRMING for answer in event.answers)
        findings.reports.append(
            AttemptReport(
                attempt_id=attempt.attempt_id,
                state=AttemptState.CONFIRMED if is_confirmed else AttemptState.HEARD,
                at=event.received_at,
                carrier=event.carrier,
                carrier_ref=_sid(event),
            )
        )
        findings.answers.extend(
            _answer(attempt, answer, event.received_at) for answer in event.answers
        )

    def _text(self, uow: U, event: CarrierEvent, findings: _Findings) -> None:
        """A text: the answer to the last message to that number, if there is one."""
        phone, meaning = event.value("From"), self._meaning_of(event.value("Body"))
        attempt = self._answered(uow, phone, event.received_at)
        if attempt is None:
            self._texts.on_text(uow, phone, meaning)
            return
        if meaning in _CONFIRMING:
            findings.reports.append(
                AttemptReport(
                    attempt_id=attempt.attempt_id,
                    state=AttemptState.CONFIRMED,
                    at=event.received_at,
                )
            )
        if meaning is not None:
            findings.answers.append(_answer(attempt, meaning, event.received_at))

    @staticmethod
    def _answered(uow: U, phone: str, at: datetime) -> OpenAttempt | None:
        attempt_id = uow.queue.latest_attempt_to(phone, since=at - REPLY_WINDOW)
        if attempt_id is None:
            return None
        return uow.queue.open_attempts([attempt_id]).get(attempt_id)


def _answer(attempt: OpenAttempt, answer: str, at: datetime) -> DeliveryEvent:
    is_confirmed = answer in _CONFIRMING
    return DeliveryEvent(
        owner_ref=attempt.owner_ref,
        recipient_id=attempt.recipient_id,
        channel=attempt.channel,
        state=DeliveryState.CONFIRMED if is_confirmed else DeliveryState.REACHED,
        at=at,
        answer=answer,
    )


def _sid(event: CarrierEvent) -> str | None:
    return event.value("MessageSid") or event.value("CallSid") or None


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _id(event: CarrierEvent) -> int:
    assert event.event_id is not None, "a stored event has an id"
    return event.event_id
