"""Recordings of what calls say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.sql.conflicts import upsert
from store.tables.prompt_recordings import prompt_recordings
from telephony.sound.recordings import Origin, Recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_VALUES = ("words", "key", "sound", "duration_ms", "origin", "made_by", "made_at")


class SqlPromptRecordings:
    """``telephony.sound.recordings.RecordingRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, recording: Recording) -> None:
        """Keep a recording, in place of an earlier one of the same words."""
        row = {name: getattr(recording, name) for name in _VALUES}
        row |= {
            "language": recording.language,
            "words_digest": recording.words_id.digest,
            "origin": recording.origin.value,
        }
        statement = upsert(
            self._connection,
            prompt_recordings,
            key=["language", "words_digest"],
            replace=_VALUES,
        )
        self._connection.execute(statement, [row])

    def all(self) -> Sequence[Recording]:
        """Every recording, by language, key and words."""
        table = prompt_recordings.c
        rows = self._connection.execute(
            select(prompt_recordings).order_by(
                table.language, table.key, table.words_digest
            )
        )
        return [
            Recording(
                language=row.language,
                words=row.words,
                key=row.key,
                sound=row.sound,
                duration_ms=row.duration_ms,
                origin=Origin(row.origin),
                made_by=row.made_by,
                made_at=row.made_at,
            )
            for row in rows
        ]
