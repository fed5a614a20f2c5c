"""Recordings in memory, and the real service over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr_scripts.catalogue import load_catalogue
from telephony.calls.twiml import Dialect
from telephony.sound.prompt_desk import PromptDesk
from telephony.sound.recordings import Recording, WordsId
from telephony.sound.service import RecordingService
from telephony.sound.shelf import Shelf


class FakeRecordings:
    """``telephony.sound.recordings``: repository and unit of work in one."""

    def __init__(self) -> None:
        self.rows: dict[WordsId, Recording] = {}
        self.entries: list[Mapping[str, object]] = []
        self.n_read = 0

    @property
    def prompt_recordings(self) -> FakeRecordings:
        return self

    @property
    def audit(self) -> FakeRecordings:
        return self

    def put(self, recording: Recording) -> None:
        self.rows[recording.words_id] = recording

    def all(self) -> Sequence[Recording]:
        self.n_read += 1
        return sorted(
            self.rows.values(), key=lambda r: (r.language, r.key, r.words_id.digest)
        )

    def append(self, **entry: object) -> None:
        self.entries.append(entry)

    def commit(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def unit_of_work(self) -> FakeRecordings:
        return self


class FakeRenderer:
    """A voice that speaks one language; what it makes is named after the words."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def speaks(self, language: str) -> bool:
        return language == self.language

    def rendered(self, language: str, words: str) -> str | None:
        made = sha256(words.encode()).hexdigest()
        return made if self.speaks(language) else None


def make_prompts(rows: FakeRecordings | None = None) -> PromptDesk:
    rows = rows or FakeRecordings()
    return PromptDesk(
        read_uow=rows.unit_of_work,
        catalogue=load_catalogue,
        renderer=FakeRenderer(),
        dialects=[Dialect.SOMLENG],
    )


def make_recordings(
    folder: Path,
    now: Callable[[], datetime],
    rows: FakeRecordings | None = None,
) -> RecordingService:
    rows = rows or FakeRecordings()
    return RecordingService(
        new_uow=rows.unit_of_work,
        read_uow=rows.unit_of_work,
        shelf=Shelf(folder),
        catalogue=load_catalogue,
        now=now,
    )
