"""What the API reads and answers about recordings."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from telephony.sound.recording_calls import CallState, RecordingCall
from telephony.sound.recordings import Origin, Recording
from web.models.answers import Out
from web.models.schemas import In, Language, Line


class SpokenIn(In):
    """Which words a sound speaks: exactly one of key and words."""

    language: Language
    key: str = Field("", max_length=100, description="Key of a text of a script.")
    words: str = Field(
        "", max_length=3_000, description="The words, if they are an alert's own."
    )


class RecordingOut(Out):
    """A recording."""

    language: str
    key: str = Field(description="Empty for words that are no text of a script.")
    words: str
    sound: str = Field(description="Played at /telephony/audio/{sound}.wav.")
    duration_ms: int
    origin: Origin
    made_by: str
    made_at: datetime


class RecordingCallIn(SpokenIn):
    """Whom to call, and what is to be spoken."""

    phone: Line = Field(description="Who speaks, E.164.")


class RecordingCallOut(Out):
    """How far a call has come in which somebody speaks a text."""

    id: str
    language: str
    key: str
    words: str
    asked_by: str
    asked_at: datetime
    state: CallState
    sound: str | None = Field(description="Once it is kept.")
    duration_ms: int | None


class RecordingList(Out):
    """Every recording."""

    items: list[RecordingOut]


def recording_out(recording: Recording) -> RecordingOut:
    """A recording as the API shows it."""
    return RecordingOut.model_validate(recording)


def call_out(call: RecordingCall) -> RecordingCallOut:
    """A call as the API shows it."""
    return RecordingCallOut(
        id=str(call.number),
        language=call.language,
        key=call.key,
        words=call.words,
        asked_by=call.asked_by,
        asked_at=call.asked_at,
        state=call.state,
        sound=call.sound,
        duration_ms=call.duration_ms,
    )
