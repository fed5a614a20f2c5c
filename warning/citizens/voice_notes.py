"""What people said after the tone: fetched from the carrier, kept, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceNote:
    """One recording."""

    number: int
    #: ``help:12`` or ``report:7``.
    subject: str
    #: Which recording at which carrier (``telephony.calls.call_replies.RecordingRef``).
    ref: str
    #: Name in the folder of recordings; None until it is fetched.
    file: str | None = None
    duration_ms: int | None = None
    n_tries: int = 0
    #: When it is tried next; None when nothing more is tried.
    next_at: datetime | None = None
    #: Why it is not here, as one word.
    trouble: str | None = None

    @property
    def state(self) -> str:
        """``here``, ``waiting`` for the carrier, or ``lost``."""
        if self.file is not None:
            return "here"
        return "lost" if self.next_at is None else "waiting"


class VoiceNotes(Protocol):
    """The list of recordings; the sounds themselves are files."""

    def note(
        self, subject: str, ref: str, *, now: datetime, forget_at: datetime
    ) -> None:
        """Remember that a recording waits at a carrier; a repeat changes nothing."""
        ...

    def due(self, *, now: datetime, limit: int) -> Sequence[VoiceNote]:
        """Recordings to be fetched now, the longest due first."""
        ...

    def fetched(self, number: int, file: str, *, duration_ms: int) -> bool:
        """Note where a recording is now; False if it was forgotten meanwhile."""
        ...

    def failed(self, number: int, why: str, *, next_at: datetime | None) -> None:
        """Note that it could not be fetched, why, and when to try again."""
        ...

    def get(self, number: int) -> VoiceNote | None:
        """Return one recording."""
        ...

    def of(self, *subjects: str) -> Sequence[VoiceNote]:
        """The recordings of requests or reports, the oldest first."""
        ...

    def outdated(self, *, now: datetime, limit: int) -> Sequence[VoiceNote]:
        """Recordings that are to be forgotten."""
        ...

    def forget(self, numbers: Sequence[int]) -> None:
        """Remove recordings from the list; their files are gone already."""
        ...
