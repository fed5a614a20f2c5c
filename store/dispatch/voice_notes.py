"""What people said after the tone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from store.sql.conflicts import insert_new
from store.tables.citizens import voice_notes
from warning.citizens.voice_notes import VoiceNote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select


class SqlVoiceNotes:
    """``warning.citizens.voice_notes.VoiceNotes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(
        self, subject: str, ref: str, *, now: datetime, forget_at: datetime
    ) -> None:
        """Remember that a recording waits at a carrier; a repeat changes nothing."""
        self._connection.execute(
            insert_new(self._connection, voice_notes),
            {
                "subject": subject,
                "ref": ref,
                "n_tries": 0,
                "next_at": now,
                "forget_at": forget_at,
            },
        )

    def due(self, *, now: datetime, limit: int) -> Sequence[VoiceNote]:
        """Recordings to be fetched now, the longest due first."""
        return self._notes(
            select(voice_notes)
            .where(voice_notes.c.next_at <= now)
            .order_by(voice_notes.c.next_at, voice_notes.c.id)
            .limit(limit)
        )

    def fetched(self, number: int, file: str, *, duration_ms: int) -> bool:
        """Note where a recording is now; False if it was forgotten meanwhile."""
        done = self._connection.execute(
            update(voice_notes)
            .where(voice_notes.c.id == number)
            .values(
                file=file,
                duration_ms=duration_ms,
                next_at=None,
                trouble=None,
                n_tries=voice_notes.c.n_tries + 1,
            )
        )
        return done.rowcount > 0

    def failed(self, number: int, why: str, *, next_at: datetime | None) -> None:
        """Note that it could not be fetched, why, and when to try again."""
        self._connection.execute(
            update(voice_notes)
            # Another worker may have it by now.
            .where(voice_notes.c.id == number, voice_notes.c.file.is_(None))
            .values(next_at=next_at, trouble=why, n_tries=voice_notes.c.n_tries + 1)
        )

    def get(self, number: int) -> VoiceNote | None:
        """Return one recording."""
        found = self._notes(select(voice_notes).where(voice_notes.c.id == number))
        return found[0] if found else None

    def of(self, *subjects: str) -> Sequence[VoiceNote]:
        """The recordings of requests or reports, the oldest first."""
        return self._notes(
            select(voice_notes)
            .where(voice_notes.c.subject.in_(subjects))
            .order_by(voice_notes.c.id)
        )

    def outdated(self, *, now: datetime, limit: int) -> Sequence[VoiceNote]:
        """Recordings that are to be forgotten."""
        return self._notes(
            select(voice_notes)
            .where(voice_notes.c.forget_at <= now)
            .order_by(voice_notes.c.forget_at)
            .limit(limit)
        )

    def forget(self, numbers: Sequence[int]) -> None:
        """Remove recordings from the list; their files are gone already."""
        self._connection.execute(
            delete(voice_notes).where(voice_notes.c.id.in_(numbers))
        )

    def _notes(self, wanted: Select[Any]) -> list[VoiceNote]:
        return [_note(row) for row in self._connection.execute(wanted)]


def _note(row: Row[*tuple[Any, ...]]) -> VoiceNote:
    return VoiceNote(
        number=row.id,
        subject=row.subject,
        ref=row.ref,
        file=row.file,
        duration_ms=row.duration_ms,
        n_tries=row.n_tries,
        next_at=row.next_at,
        trouble=row.trouble,
    )
