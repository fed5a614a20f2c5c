"""What operators do with recordings of citizens: see which there are, and listen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.voice_notes import VoiceNote
from warning.errors import VoiceNoteNotFoundError


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteDesk:
    """Recordings of citizens.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    find : callable
        Name of a sound → its file; None if it is not there.
    now : callable
        Aware UTC.
    """

    new_uow: Callable[[], UnitOfWork]
    read_uow: Callable[[], UnitOfWork]
    find: Callable[[str], Path | None]
    now: Callable[[], datetime]

    def of_request(self, number: int) -> Sequence[VoiceNote]:
        """What somebody who needs help said; empty if it was nothing."""
        with self.read_uow() as uow:
            return uow.voice_notes.of(f"help:{number}")

    def of_reports(self, cluster: int) -> Sequence[VoiceNote]:
        """What all who saw one thing said of it."""
        with self.read_uow() as uow:
            reports = uow.citizen_reports.cluster(cluster)
            return uow.voice_notes.of(*(f"report:{one.number}" for one in reports))

    def listen(self, number: int, *, by: str) -> Path:
        """The file of a recording; who listened is written down.

        Raises
        ------
        VoiceNoteNotFoundError
            If there is none of this number, or it is not here (yet, or any more).
        """
        with self.new_uow() as uow:
            note = uow.voice_notes.get(number)
            path = self.find(note.file) if note and note.file else None
            if note is None or path is None:
                raise VoiceNoteNotFoundError(_why_not(note))
            uow.audit.append(
                at=self.now(),
                actor=by,
                action="voice_note.listen",
                subject=note.subject,
                details={"note": number},
            )
            uow.commit()
        return path


def _why_not(note: VoiceNote | None) -> str:
    if note is None:
        return "There is no recording of this number; it may have been forgotten."
    if note.state == "waiting":
        return "The recording has not come from the carrier yet; try again soon."
    return "The recording could not be had from the carrier, or its file is gone."
