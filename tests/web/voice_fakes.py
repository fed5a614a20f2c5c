"""What is spoken in calls, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from telephony.errors import SoundNotFoundError
from telephony.numbers import parse_number
from telephony.sound.recording_calls import RecordingCall
from telephony.sound.service import Spoken
from tests.web.citizen_fakes import FakeHelpDesk
from warning.citizens.help_requests import HelpRequest
from warning.citizens.voice_notes import VoiceNote
from warning.errors import VoiceNoteNotFoundError


@dataclass
class FakeRecordingCalls:
    """Calls are never placed."""

    now: Callable[[], datetime]
    words_of: Callable[[Spoken], str]
    known: list[RecordingCall] = field(default_factory=list)

    def ask(self, spoken: Spoken, number: str, *, by: str) -> RecordingCall:
        words = self.words_of(spoken)
        parse_number(number)
        call = RecordingCall(
            number=len(self.known) + 1,
            language=spoken.language,
            key=spoken.key,
            words=words,
            asked_by=by,
            asked_at=self.now(),
        )
        self.known.append(call)
        return call

    def get(self, number: int) -> RecordingCall:
        if not 0 < number <= len(self.known):
            raise SoundNotFoundError(f"There is no call of the number {number}.")
        return self.known[number - 1]


@dataclass
class FakeCallBacks:
    """The steps of a request are the real ones."""

    desk: FakeHelpDesk

    def call(self, number: int, own_phone: str, *, by: str) -> HelpRequest:
        parse_number(own_phone)
        called = self.desk._find(number).call_back(by, self.desk.now())
        return self.desk._keep(called)


@dataclass
class FakeNotes:
    """Recordings, and who listened to them."""

    folder: Path = Path("nowhere")
    known: list[VoiceNote] = field(default_factory=list)
    listened: list[tuple[int, str]] = field(default_factory=list)

    def of_request(self, number: int) -> list[VoiceNote]:
        return [one for one in self.known if one.subject == f"help:{number}"]

    def of_reports(self, cluster: int) -> list[VoiceNote]:
        return [one for one in self.known if one.subject == f"report:{cluster}"]

    def listen(self, number: int, *, by: str) -> Path:
        here = {one.number: one.file for one in self.known}
        if here.get(number) is None:
            raise VoiceNoteNotFoundError("It is not here.")
        self.listened.append((number, by))
        return self.folder / f"{here[number]}.wav"


class FakeVoice:
    """``ops.wiring.voice_services.VoiceServices``."""

    def __init__(
        self,
        now: Callable[[], datetime],
        words_of: Callable[[Spoken], str],
        desk: FakeHelpDesk,
    ) -> None:
        self.recording_calls = FakeRecordingCalls(now, words_of)
        self.call_backs = FakeCallBacks(desk)
        self.notes = FakeNotes()
