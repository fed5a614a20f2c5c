"""Recordings of what calls say, found by language and words.

By the words themselves and not by the key of a text: a recording can never speak other
words than the text that is shown, and an alert's own text is recorded like any other
(``docs/adr/0077``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, Protocol

from telephony.ports import Transaction


class Origin(StrEnum):
    """How a recording came in."""

    UPLOADED = "uploaded"
    PHONE = "phone"


class WordsId(NamedTuple):
    """What is said: a language and the digest of the words in it."""

    language: str
    digest: str


def words_id(language: str, words: str) -> WordsId:
    """Identify words; blanks and line ends at the edges and in a row do not count."""
    plain = " ".join(words.split())
    return WordsId(language, sha256(plain.encode()).hexdigest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """Somebody speaks these words."""

    language: str
    words: str
    #: Key of the text, if it is one of ours; empty for an alert's own words.
    key: str
    #: Name of the sound.
    sound: str
    duration_ms: int
    origin: Origin
    made_by: str
    made_at: datetime

    @property
    def words_id(self) -> WordsId:
        """What it is found by."""
        return words_id(self.language, self.words)


class RecordingRepository(Protocol):
    """Where recordings are listed; the sounds themselves are files."""

    def put(self, recording: Recording) -> None:
        """Keep a recording, in place of an earlier one of the same words."""
        ...

    def all(self) -> Sequence[Recording]:
        """Every recording, by language, key and words."""
        ...


class AuditTrail(Protocol):
    """What was done, by whom."""

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> object:
        """Write an entry."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction."""

    @property
    def prompt_recordings(self) -> RecordingRepository:
        """Recordings of what calls say."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What was done."""
        ...


def keep_and_note(uow: UnitOfWork, recording: Recording) -> None:
    """Let calls play a recording from here on, and write down who made it."""
    uow.prompt_recordings.put(recording)
    uow.audit.append(
        at=recording.made_at,
        actor=recording.made_by,
        action="recording.add",
        subject=f"recording:{recording.language}",
        details={
            "key": recording.key,
            "words": recording.words_id.digest,
            "sound": recording.sound,
            "origin": recording.origin.value,
        },
    )
