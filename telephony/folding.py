"""What callbacks mean, worked out in batches after they are durable.

Duplicates and disorder are harmless: every event becomes a report on its attempt, and a
report only ever moves an attempt forward. An event of an attempt that was never made,
or with a word that nobody knows, is kept for a person to look at; so is one that cannot
be dealt with at all, and it does not hold up the others.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from telephony.apart import write_apart
from telephony.delivery import (
    AttemptReport,
    AttemptState,
    CarrierEvent,
    Channel,
    DeliveryEvent,
    DeliveryState,
    EventKind,
    OpenAttempt,
    is_carrier_ref,
)
from telephony.listeners import Listeners
from telephony.ports import UnitOfWork
from telephony.statuses import carrier_status
from telephony.verdicts import CarrierWord, Verdicts

log = logging.getLogger(__name__)

#: How long after a message a text still answers it.
REPLY_WINDOW = timedelta(days=3)
#: Both telcos deliver no longer text; more is not read.
MAX_TEXT = 1_600
#: Events dealt with one by one when they cannot be dealt with together.
_APART = 200
#: What ``AnsweredBy`` starts with when no person answered.
_MACHINES = ("machine", "fax")
#: Answers that are more than a sign of life: the person acted on the message.
_CONFIRMING = frozenset({"CONFIRMED", "SAFE", "NEED_HELP", "URGENT", "ACCEPTED"})
#: Answers that hold beyond the message they answer.
_WISHES = frozenset({"OPTED_OUT", "OPTED_IN"})
#: Some carriers leave the plus out; names of firms are no numbers.
_SENDER = re.compile(r"\+?([0-9]{3,15})", re.ASCII)
_DURATION = re.compile(r"[0-9]{1,6}", re.ASCII)

U = TypeVar("U", bound=UnitOfWork)
U_contra = TypeVar("U_contra", contravariant=True)


class TextListener(Protocol[U_contra]):
    """Hears texts that answer no message of ours, and every STOP and START."""

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
    verdicts : Verdicts
        What a carrier's word comes to.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        listeners: Listeners[U],
        texts: TextListener[U],
        meaning_of: Callable[[str], str | None],
        verdicts: Verdicts,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._listeners = listeners
        self._texts = texts
        self._meaning_of = meaning_of
        self._verdicts = verdicts
        self._now = now

    def run_once(self, *, limit: int = 2_000) -> int:
        """Fold the oldest events; return how many there were."""
        try:
            with self._new_uow() as uow:
                events = uow.events.unfolded(limit=limit)
                if events:
                    self._fold(uow, events)
                    uow.commit()
        except Exception:
            log.exception("callbacks not folded together")
            return self._fold_apart()
        return len(events)

    def _fold_apart(self) -> int:
        """Fold one by one, so that an event nobody can fold stands alone."""
        with self._new_uow() as uow:
            events = uow.events.unfolded(limit=_APART)
        lost = write_apart(events, self._fold_alone)
        if lost:
            strange = [_id(event) for event in lost]
            with self._new_uow() as uow:
                uow.events.mark_folded(strange, now=self._now(), unknown=strange)
                uow.commit()
            log.error("callbacks that cannot be folded", extra={"n": len(lost)})
        return len(events)

    def _fold_alone(self, event: CarrierEvent) -> None:
        with self._new_uow() as uow:
            self._fold(uow, [event])
            uow.commit()

    def _fold(self, uow: U, events: Sequence[CarrierEvent]) -> None:
        findings = self._think(uow, events)
        news = uow.queue.apply(findings.reports)
        self._listeners.tell(uow, [*news, *findings.answers])
        uow.events.mark_folded(
            [_id(event) for event in events],
            now=self._now(),
            unknown=findings.unknown,
        )
        if findings.unknown:
            log.warning("callbacks kept for a look", extra={"n": len(findings.unknown)})

    def _think(self, uow: U, events: Sequence[CarrierEvent]) -> _Findings:
        named = {e.attempt_id for e in events if e.attempt_id is not None}
        attempts = uow.queue.open_attempts(sorted(named))
        findings = _Findings()
        for event in events:
            if event.kind is EventKind.INBOUND_MESSAGE:
                self._text(uow, event, findings)
                continue
            attempt = attempts.get(event.attempt_id) if event.attempt_id else None
            if attempt is None or attempt.carrier not in {None, event.carrier}:
                # Never made; or another carrier's, which only that one may report on.
                findings.unknown.append(_id(event))
            elif event.kind is EventKind.CALL_STEP:
                self._step(uow, event, attempt, findings)
            else:
                self._status(event, attempt, findings)
        return findings

    def _status(
        self, event: CarrierEvent, attempt: OpenAttempt, findings: _Findings
    ) -> None:
        if event.kind is EventKind.MESSAGE_STATUS:
            channel = Channel.SMS
            word = event.value("MessageStatus") or event.value("SmsStatus")
        else:
            channel, word = Channel.VOICE, event.value("CallStatus")
        if channel is not attempt.channel or not carrier_status(channel, word).is_known:
            findings.unknown.append(_id(event))
            return
        said = CarrierWord(
            word=word,
            at=event.received_at,
            carrier=event.carrier,
            carrier_ref=_sid(event),
            code=event.value("ErrorCode") or None,
            duration_s=_seconds(event.value("CallDuration")),
            is_machine=event.value("AnsweredBy").startswith(_MACHINES),
        )
        report = self._verdicts.report(attempt, said)
        if report is not None:
            findings.reports.append(report)

    def _step(
        self,
        uow: U,
        event: CarrierEvent,
        attempt: OpenAttempt,
        findings: _Findings,
    ) -> None:
        """Somebody has answered; and whoever presses a key has heard."""
        state = AttemptState.HEARD if event.answers else AttemptState.REACHED
        if any(_name(answer) in _CONFIRMING for answer in event.answers):
            state = AttemptState.CONFIRMED
        findings.reports.append(
            AttemptReport(
                attempt_id=attempt.attempt_id,
                state=state,
                at=event.received_at,
                carrier=event.carrier,
                carrier_ref=_sid(event),
            )
        )
        for answer in event.answers:
            self._answered(uow, attempt, answer, event.received_at, findings)

    def _text(self, uow: U, event: CarrierEvent, findings: _Findings) -> None:
        """A text: the answer to the last message to that number, if there is one."""
        sender = _SENDER.fullmatch(event.value("From").strip())
        if sender is None:
            findings.unknown.append(_id(event))
            return
        phone = f"+{sender.group(1)}"
        meaning = self._meaning_of(event.value("Body")[:MAX_TEXT])
        attempt = self._latest(uow, phone, event.received_at)
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
            self._answered(uow, attempt, meaning, event.received_at, findings)

    def _answered(
        self,
        uow: U,
        attempt: OpenAttempt,
        answer: str,
        at: datetime,
        findings: _Findings,
    ) -> None:
        """Tell the owner; a STOP holds also where the owner does not listen."""
        if _name(answer) in _WISHES:
            self._texts.on_text(uow, attempt.phone, answer)
        is_confirmed = _name(answer) in _CONFIRMING
        state = DeliveryState.CONFIRMED if is_confirmed else DeliveryState.REACHED
        findings.answers.append(
            DeliveryEvent(
                owner_ref=attempt.owner_ref,
                recipient_id=attempt.recipient_id,
                channel=attempt.channel,
                state=state,
                at=at,
                answer=answer,
            )
        )

    @staticmethod
    def _latest(uow: U, phone: str, at: datetime) -> OpenAttempt | None:
        attempt_id = uow.queue.latest_attempt_to(phone, since=at - REPLY_WINDOW)
        if attempt_id is None:
            return None
        return uow.queue.open_attempts([attempt_id]).get(attempt_id)


def _name(answer: str) -> str:
    """Name of an answer without its value, e.g. of ``RECORDED:https://…``."""
    return answer.partition(":")[0]


def _sid(event: CarrierEvent) -> str | None:
    sid = event.value("MessageSid") or event.value("CallSid")
    return sid if is_carrier_ref(sid) else None


def _seconds(text: str) -> int | None:
    return int(text) if _DURATION.fullmatch(text) else None


def _id(event: CarrierEvent) -> int:
    assert event.event_id is not None, "a stored event has an id"
    return event.event_id
