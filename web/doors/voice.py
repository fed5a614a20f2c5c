"""What the views of recordings in calls need, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from telephony.sound.recording_calls import RecordingCall
from telephony.sound.service import Spoken
from warning.citizens.help_requests import HelpRequest
from warning.citizens.voice_notes import VoiceNote


class RecordingCalls(Protocol):
    """Has people called; ``telephony.sound.recording_calls.RecordingCalls``."""

    def ask(self, spoken: Spoken, number: str, *, by: str) -> RecordingCall:
        """Have a number called, to speak a text."""
        ...

    def get(self, number: int) -> RecordingCall:
        """How far a call has come; raises ``SoundNotFoundError``."""
        ...


class CallBacks(Protocol):
    """Connects operators; ``warning.citizens.call_backs.CallBacks``."""

    def call(self, number: int, own_phone: str, *, by: str) -> HelpRequest:
        """Have an operator's phone called, to be connected with who asked."""
        ...


class NoteDesk(Protocol):
    """What citizens said; ``warning.citizens.note_desk.NoteDesk``."""

    def of_request(self, number: int) -> Sequence[VoiceNote]:
        """What somebody who needs help said."""
        ...

    def of_reports(self, cluster: int) -> Sequence[VoiceNote]:
        """What all who saw one thing said of it."""
        ...

    def listen(self, number: int, *, by: str) -> Path:
        """The file of a recording; who listened is written down."""
        ...


class VoiceServices(Protocol):
    """Recordings of operators and of citizens, and calls that connect the two."""

    @property
    def recording_calls(self) -> RecordingCalls:
        """Calls in which a text is spoken."""
        ...

    @property
    def call_backs(self) -> CallBacks:
        """Calls that connect."""
        ...

    @property
    def notes(self) -> NoteDesk:
        """What citizens said after the tone."""
        ...
