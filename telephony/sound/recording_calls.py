"""The system calls somebody, who speaks a text after the tone and hears it.

What was spoken becomes the recording of the text when the speaker says so by a key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from telephony.calls.call_answers import parse
from telephony.delivery import (
    CALL_OVER,
    Channel,
    Content,
    DeliveryEvent,
    Lane,
)
from telephony.errors import SoundNotFoundError
from telephony.ports import Outbox
from telephony.sending.own_phones import LASTS, queue_to_own_phone
from telephony.sound import recordings, wave_file
from telephony.sound.recordings import Origin, Recording, keep_and_note
from telephony.sound.service import Spoken
from telephony.sound.shelf import Shelf

OWNER_PREFIX = "recording:"
SCRIPT = "record_prompt"
#: A call that was answered in time may go on a little longer.
_OVER_AFTER = LASTS + timedelta(minutes=20)


class CallState(StrEnum):
    """How far a call has come."""

    #: It is queued, rings, or somebody is speaking.
    CALLING = "calling"
    #: The recording is in use.
    KEPT = "kept"
    #: Nobody could be reached.
    NOT_REACHED = "not_reached"
    #: The call is over, and nothing was kept.
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingCall:
    """One call; the number is with the delivery alone."""

    number: int
    language: str
    key: str
    words: str
    asked_by: str
    asked_at: datetime
    state: CallState = CallState.CALLING
    sound: str | None = None
    duration_ms: int | None = None

    def at(self, now: datetime) -> RecordingCall:
        """The call as it stands: one of which nothing was heard for long is over."""
        is_over = now - self.asked_at > _OVER_AFTER
        if self.state is CallState.CALLING and is_over:
            return replace(self, state=CallState.ENDED)
        return self


class RecordingCallRepository(Protocol):
    """Where calls are listed."""

    def add(self, call: RecordingCall) -> int:
        """Store a new call; return its number."""
        ...

    def get(self, number: int) -> RecordingCall | None:
        """Return a call."""
        ...

    def save(self, call: RecordingCall) -> None:
        """Write a call over its earlier state."""
        ...


class UnitOfWork(recordings.UnitOfWork, Protocol):
    """One transaction."""

    @property
    def outbox(self) -> Outbox:
        """Where calls are handed over."""
        ...

    @property
    def recording_calls(self) -> RecordingCallRepository:
        """The calls."""
        ...


class RecordingCalls:
    """Has people called, and keeps what they are content with.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    words_of : callable
        Which words are to be spoken; raises ``SoundError`` (``RecordingService``).
    nearest : callable
        Language → the one in which we can speak to somebody who speaks it.
    parse_phone : callable
        Text → E.164; raises ``InvalidNumberError``.
    shelf : Shelf
        Where the sounds of calls are kept.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        words_of: Callable[[Spoken], str],
        nearest: Callable[[str], str],
        parse_phone: Callable[[str], str],
        shelf: Shelf,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._words_of = words_of
        self._nearest = nearest
        self._parse_phone = parse_phone
        self._shelf = shelf
        self._now = now

    def ask(self, spoken: Spoken, number: str, *, by: str) -> RecordingCall:
        """Have a number called, to speak a text.

        Raises
        ------
        SoundError
            If it is not clear which words are to be spoken.
        InvalidNumberError
            If the number cannot be dialled.
        """
        words, phone = self._words_of(spoken), self._parse_phone(number)
        asked = RecordingCall(
            number=0,
            language=spoken.language,
            key=spoken.key,
            words=words,
            asked_by=by,
            asked_at=self._now(),
        )
        with self._new_uow() as uow:
            asked = replace(asked, number=uow.recording_calls.add(asked))
            self._queue(uow, asked, phone)
            uow.audit.append(
                at=asked.asked_at,
                actor=by,
                action="recording.call",
                subject=f"{OWNER_PREFIX}{asked.number}",
                details={"language": asked.language, "key": asked.key},
            )
            uow.commit()
        return asked

    def get(self, number: int) -> RecordingCall:
        """How far a call has come.

        Raises
        ------
        SoundNotFoundError
            If there is none of this number.
        """
        with self._read_uow() as uow:
            found = uow.recording_calls.get(number)
        if found is None:
            raise SoundNotFoundError(f"There is no call of the number {number}.")
        return found.at(self._now())

    def on_delivery_events(
        self, uow: UnitOfWork, events: Sequence[DeliveryEvent]
    ) -> None:
        """Take note of what became of calls; repeats and disorder are harmless."""
        for event in events:
            number = event.owner_ref.removeprefix(OWNER_PREFIX)
            call = uow.recording_calls.get(int(number)) if number.isdecimal() else None
            if call is None:
                continue
            answer = parse(event.answer or "")
            if answer.name == "RECORDING_KEPT":
                self._keep(uow, call, answer.value, event.at)
            elif call.state is not CallState.CALLING:
                continue
            elif event.state.is_lost:
                uow.recording_calls.save(replace(call, state=CallState.NOT_REACHED))
            elif answer.name == CALL_OVER:
                uow.recording_calls.save(replace(call, state=CallState.ENDED))

    def _queue(self, uow: UnitOfWork, call: RecordingCall, phone: str) -> None:
        content = Content(
            owner_ref=f"{OWNER_PREFIX}{call.number}",
            variant=SCRIPT,
            language=self._nearest(call.language),
            sms_text="",
            script=SCRIPT,
        )
        queue_to_own_phone(
            uow.outbox,
            content,
            phone,
            channel=Channel.VOICE,
            lane=Lane.WARNING,
            now=call.asked_at,
            is_ahead=True,
        )

    def _keep(
        self, uow: UnitOfWork, call: RecordingCall, sound: str, at: datetime
    ) -> None:
        path = self._shelf.find(sound)
        if call.state is CallState.KEPT or path is None:
            return
        wav = path.read_bytes()
        # It may have lain among the takes, which are swept away.
        self._shelf.put(sound, wav)
        n_samples = len(wave_file.read(wav))
        duration_ms = round(1_000 * n_samples / wave_file.RATE_HZ)
        kept = Recording(
            language=call.language,
            words=call.words,
            key=call.key,
            sound=sound,
            duration_ms=duration_ms,
            origin=Origin.PHONE,
            made_by=call.asked_by,
            made_at=at,
        )
        keep_and_note(uow, kept)
        uow.recording_calls.save(
            replace(call, state=CallState.KEPT, sound=sound, duration_ms=duration_ms)
        )
