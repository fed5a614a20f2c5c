"""What the API reads and answers about recordings."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from telephony.sound.recordings import Origin, Recording
from web.answers import Out
from web.schemas import In, Language


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


class RecordingList(Out):
    """Every recording."""

    items: list[RecordingOut]


def recording_out(recording: Recording) -> RecordingOut:
    """A recording as the API shows it."""
    return RecordingOut.model_validate(recording)
