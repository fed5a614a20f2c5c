"""What a batch of callbacks says: reports on attempts, answers, and what is strange.

An event of an attempt that was never made, or with a word that nobody knows, is no
report; it is kept for a person to look at and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from telephony.answerer import answerer_of
from telephony.callbacks.findings import Findings, id_of, sender_of, sid_of
from telephony.callbacks.verdicts import CarrierWord, Verdicts
from telephony.carriers.failures import signal_of_report
from telephony.carriers.gateway import FailureClass
from telephony.carriers.statuses import carrier_status
from telephony.delivery import (
    CALL_OVER,
    AttemptReport,
    AttemptState,
    CarrierEvent,
    Channel,
    DeliveryEvent,
    DeliveryState,
    EventKind,
    OpenAttempt,
)
from telephony.ports import UnitOfWork
from telephony.sending.senders import TextListener
from telephony.strange_words import strange_codes

#: How long after a message a text still answers it.
REPLY_WINDOW = timedelta(days=3)
#: Both telcos deliver no longer text; more is not read.
MAX_TEXT = 1_600
#: Answers that are more than a sign of life: the person acted on the message.
_CONFIRMING = frozenset({"CONFIRMED", "SAFE", "NEED_HELP", "URGENT", "ACCEPTED"})
#: What is kept where somebody is to know that nobody pressed a key: no sign of life.
_NO_KEY = "NO_ANSWER"
#: Answers that hold beyond the message they answer.
_WISHES = frozenset({"OPTED_OUT", "OPTED_IN"})
_DURATION = re.compile(r"[0-9]{1,6}", re.ASCII)

U = TypeVar("U", bound=UnitOfWork)
U_contra = TypeVar("U_contra", contravariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundText:
    """A text that somebody sent us."""

    #: E.164.
    phone: str
    body: str
    at: datetime
    #: Of the event it came in: whatever is queued because of it is queued once.
    event_id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundCall:
    """What somebody chose in a call."""

    #: E.164.
    phone: str
    at: datetime
    #: What the person chose (``telephony.calls.call_answers``).
    answers: Sequence[str]
    event_id: int
    #: Of the delivery in which we rang; empty if the person rang.
    owner_ref: str = ""


class CallListener(Protocol[U_contra]):
    """Hears what people choose in calls, whoever rang whom."""

    def on_call(self, uow: U_contra, call: InboundCall) -> None:
        """Take note of a call."""
        ...


class TextReader(Protocol[U_contra]):
    """Reads texts ahead of everybody else: some mean more than a digit says."""

    def expect(self, uow: U_contra, phones: Sequence[str]) -> None:
        """Texts of these numbers come next: look up at once what they need."""
        ...

    def read_text(self, uow: U_contra, text: InboundText) -> bool:
        """Deal with a text; False leaves it to those who come after."""
        ...


#: Failures that are ours, whoever was written to.
_OURS = frozenset({FailureClass.CARRIER, FailureClass.SENDER})


class EventReader(Generic[U]):
    """Reads callbacks.

    Parameters
    ----------
    texts : TextListener
        For texts that answer nothing.
    meaning_of : callable
        Text and language → answer such as ``CONFIRMED`` or ``OPTED_OUT``; None if
        unclear.
    verdicts : Verdicts
        What a carrier's word comes to.
    first : sequence of TextReader
        Asked in turn before a text is taken to answer the last message.
    calls : CallListener, optional
        For calls that people make to us.
    language_of : callable, optional
        Number → language of its owner, empty if unknown: its words are tried first.
    ends_for : sequence of str, optional
        Beginnings of owners who want to hear when a call of theirs is over.
    """

    def __init__(
        self,
        *,
        texts: TextListener[U],
        meaning_of: Callable[[str, str], str | None],
        verdicts: Verdicts,
        first: Sequence[TextReader[U]] = (),
        calls: CallListener[U] | None = None,
        language_of: Callable[[U, str], str] | None = None,
        ends_for: Sequence[str] = (),
    ) -> None:
        self._calls = calls
        self._ends_for = tuple(ends_for)
        self._language_of = language_of
        self._first = tuple(first)
        self._texts = texts
        self._meaning_of = meaning_of
        self._verdicts = verdicts

    def read(self, uow: U, events: Sequence[CarrierEvent]) -> Findings:
        """Work out what a batch of events says; writes only what texts ask for."""
        named = {e.attempt_id for e in events if e.attempt_id is not None}
        attempts = uow.queue.open_attempts(sorted(named))
        findings = Findings()
        self._expect(uow, events)
        for event in events:
            if event.kind is EventKind.INBOUND_MESSAGE:
                self._text(uow, event, findings)
                continue
            if event.kind is EventKind.INBOUND_CALL:
                self._call(uow, event, findings)
                continue
            attempt = attempts.get(event.attempt_id) if event.attempt_id else None
            if attempt is None or attempt.carrier not in {None, event.carrier}:
                # Never made; or another carrier's, which only that one may report on.
                findings.keep(event, "attempt", "unknown_attempt")
            elif event.kind is EventKind.CALL_STEP:
                self._step(uow, event, attempt, findings)
            elif event.kind is EventKind.CALL_ANSWERER:
                self._answerer(event, attempt, findings)
            else:
                self._status(uow, event, attempt, findings)
        return findings

    def _expect(self, uow: U, events: Sequence[CarrierEvent]) -> None:
        """Look up at once whatever the texts of a batch will ask for one by one."""
        texts = [one for one in events if one.kind is EventKind.INBOUND_MESSAGE]
        numbers = {number for one in texts if (number := sender_of(one)) is not None}
        if not numbers:
            return
        phones = sorted(numbers)
        since = min(one.received_at for one in texts) - REPLY_WINDOW
        uow.queue.expect_replies(phones, since=since)
        for reader in self._first:
            reader.expect(uow, phones)

    def _status(
        self,
        uow: U,
        event: CarrierEvent,
        attempt: OpenAttempt,
        findings: Findings,
    ) -> None:
        if event.kind is EventKind.MESSAGE_STATUS:
            channel = Channel.SMS
            word = event.value("MessageStatus") or event.value("SmsStatus")
        else:
            channel, word = Channel.VOICE, event.value("CallStatus")
        if channel is not attempt.channel:
            findings.keep(event, "attempt", "other_channel")
            return
        status = carrier_status(channel, word)
        if not status.is_known:
            findings.keep(event, "status", word)
            return
        said = CarrierWord(
            word=word,
            at=event.received_at,
            carrier=event.carrier,
            carrier_ref=sid_of(event),
            code=event.value("ErrorCode") or None,
            duration_s=_seconds(event.value("CallDuration")),
            answerer=answerer_of(event.value("AnsweredBy")),
        )
        report = self._verdicts.report(attempt, said)
        if report is not None:
            findings.reports.append(report)
            if report.state is AttemptState.FAILED:
                self._failed(uow, attempt, said, findings)
            elif attempt.owner_ref.startswith(self._ends_for) and status.is_final:
                findings.answers.append(
                    _event_of(attempt, DeliveryState.REACHED, said.at, CALL_OVER)
                )

    def _failed(
        self, uow: U, attempt: OpenAttempt, said: CarrierWord, findings: Findings
    ) -> None:
        """What a late failure says of the person, of us, and of our tables."""
        findings.strange.update(strange_codes([(said.carrier, said.code)]))
        signal = signal_of_report(said.word, said.code)
        if signal.failure in _OURS:
            key = (said.carrier, attempt.channel, signal.failure)
            findings.faults[key] = signal.reason
        elif signal.failure is FailureClass.OPTED_OUT:
            self._texts.on_text(uow, attempt.phone, "OPTED_OUT")
            findings.answers.append(
                _event_of(attempt, DeliveryState.FAILED, said.at, "OPTED_OUT")
            )

    def _answerer(
        self, event: CarrierEvent, attempt: OpenAttempt, findings: Findings
    ) -> None:
        """A carrier has listened to who took a call."""
        answerer = answerer_of(event.value("AnsweredBy"))
        if attempt.channel is not Channel.VOICE or answerer is None:
            findings.keep(event, "attempt", "no_answerer")
            return
        report = self._verdicts.answered(
            attempt,
            answerer,
            at=event.received_at,
            carrier=event.carrier,
            carrier_ref=sid_of(event),
        )
        findings.reports.append(report)

    def _step(
        self,
        uow: U,
        event: CarrierEvent,
        attempt: OpenAttempt,
        findings: Findings,
    ) -> None:
        """Somebody has answered; and whoever presses a key has heard."""
        names = {_name(answer) for answer in event.answers}
        state = AttemptState.HEARD if names - {_NO_KEY} else AttemptState.REACHED
        if names & _CONFIRMING:
            state = AttemptState.CONFIRMED
        findings.reports.append(
            AttemptReport(
                attempt_id=attempt.attempt_id,
                state=state,
                at=event.received_at,
                carrier=event.carrier,
                carrier_ref=sid_of(event),
            )
        )
        self._hear(uow, event, attempt.phone, attempt.owner_ref)
        for answer in event.answers:
            self._answered(uow, attempt, answer, event.received_at, findings)

    def _text(self, uow: U, event: CarrierEvent, findings: Findings) -> None:
        """A text: the answer to the last message to that number, if there is one."""
        phone = findings.note_life(event, Channel.SMS)
        if phone is None:
            return
        # PostgreSQL keeps no NUL: a cry for help with one would be laid aside.
        body = event.value("Body")[:MAX_TEXT].replace("\0", " ")
        text = InboundText(
            phone=phone, body=body, at=event.received_at, event_id=id_of(event)
        )
        if any(reader.read_text(uow, text) for reader in self._first):
            return
        language = self._language_of(uow, phone) if self._language_of else ""
        meaning = self._meaning_of(body, language)
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

    def _call(self, uow: U, event: CarrierEvent, findings: Findings) -> None:
        """A call that somebody made to us."""
        phone = findings.note_life(event, Channel.VOICE)
        if phone is not None:
            self._hear(uow, event, phone)

    def _hear(
        self, uow: U, event: CarrierEvent, phone: str, owner_ref: str = ""
    ) -> None:
        """Hand on what somebody said in a call, whoever rang whom."""
        if self._calls is not None and event.answers:
            call = InboundCall(
                phone=phone,
                at=event.received_at,
                answers=event.answers,
                event_id=id_of(event),
                owner_ref=owner_ref,
            )
            self._calls.on_call(uow, call)

    def _answered(
        self,
        uow: U,
        attempt: OpenAttempt,
        answer: str,
        at: datetime,
        findings: Findings,
    ) -> None:
        """Tell the owner; a STOP holds also where the owner does not listen."""
        if _name(answer) in _WISHES:
            self._texts.on_text(uow, attempt.phone, answer)
        is_confirmed = _name(answer) in _CONFIRMING
        state = DeliveryState.CONFIRMED if is_confirmed else DeliveryState.REACHED
        findings.answers.append(_event_of(attempt, state, at, answer))

    @staticmethod
    def _latest(uow: U, phone: str, at: datetime) -> OpenAttempt | None:
        attempt_id = uow.queue.latest_attempt_to(phone, since=at - REPLY_WINDOW)
        if attempt_id is None:
            return None
        return uow.queue.open_attempts([attempt_id]).get(attempt_id)


def _name(answer: str) -> str:
    """Name of an answer without its value, e.g. of ``RECORDED:https://…``."""
    return answer.partition(":")[0]


def _event_of(
    attempt: OpenAttempt, state: DeliveryState, at: datetime, answer: str
) -> DeliveryEvent:
    return DeliveryEvent(
        owner_ref=attempt.owner_ref,
        recipient_id=attempt.recipient_id,
        channel=attempt.channel,
        state=state,
        at=at,
        answer=answer,
    )


def _seconds(text: str) -> int | None:
    return int(text) if _DURATION.fullmatch(text) else None
