"""How far the reading of files of people is, in rows: any process may be asked.

One file at a time in the whole installation. Whoever reads gives a sign of life with
every batch; a file of which nothing is heard any more was cut off with its process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from telephony.ports import Transaction
from warning.people.registration import ImportReport
from warning.people.subscriber_batches import Note, Rejected

#: A file of which nothing was heard for longer is not read any more.
SILENCE = timedelta(seconds=60)
#: Lines that are not used, and notes, of which each is kept; of the rest the number.
N_KEPT = 200
#: What came of a file can be read so long.
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOutcome:
    """What became of a file, of its many lines the first."""

    read: int
    added: int
    updated: int
    places: int
    n_rejected: int
    rejected: Sequence[Rejected]
    n_notes: int
    notes: Sequence[Note]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileImport:
    """One file on its way."""

    number: int
    name: str
    #: Whether only what would be is said.
    is_dry: bool
    by: str
    n_bytes: int
    begun_at: datetime
    #: When whoever reads it was heard of last.
    seen_at: datetime
    n_lines: int = 0
    n_bytes_read: int = 0
    is_over: bool = False
    outcome: ImportOutcome | None = None
    #: Why it was not taken in.
    problem: str = ""
    #: Whether that is the file's fault, and not ours.
    is_refused: bool = False

    @property
    def percent(self) -> int:
        """How much of the file was read, 0 to 100."""
        return min(100, round(100 * self.n_bytes_read / max(self.n_bytes, 1)))

    def is_cut_off(self, now: datetime) -> bool:
        """Whether its process ended in the middle."""
        return not self.is_over and now - self.seen_at > SILENCE


class ImportRepository(Protocol):
    """Keeps files on their way."""

    def next_number(self) -> int:
        """The next number; whoever else asks waits until this transaction ends."""
        ...

    def under_way(self) -> Sequence[FileImport]:
        """Files that are not over."""
        ...

    def find(self, number: int) -> FileImport | None:
        """Return one; None if there is none."""
        ...

    def save(self, one: FileImport) -> None:
        """Write one, over what was known of it."""
        ...

    def forget(self, *, before: datetime) -> None:
        """Drop those that began before a time."""
        ...


class UnitOfWork(Transaction, Protocol):
    """A transaction over files on their way."""

    @property
    def imports(self) -> ImportRepository:
        """Files of people that are read."""
        ...


class ImportBook:
    """The use cases of whoever reads files, and of whoever asks how far they are.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def begin(
        self, *, name: str, is_dry: bool, by: str, n_bytes: int
    ) -> FileImport | None:
        """Begin with a file; None while another one is read, here or elsewhere."""
        now = self._now()
        with self._new_uow() as uow:
            number = uow.imports.next_number()
            if any(not one.is_cut_off(now) for one in uow.imports.under_way()):
                return None
            begun = FileImport(
                number=number,
                name=name,
                is_dry=is_dry,
                by=by,
                n_bytes=n_bytes,
                begun_at=now,
                seen_at=now,
            )
            uow.imports.forget(before=now - REMEMBERED)
            uow.imports.save(begun)
            uow.commit()
        return begun

    def note(self, one: FileImport, n_lines: int, n_bytes_read: int) -> FileImport:
        """Note how far a file is."""
        return self._save(replace(one, n_lines=n_lines, n_bytes_read=n_bytes_read))

    def finish(self, one: FileImport, report: ImportReport) -> FileImport:
        """Note what became of a file."""
        return self._save(replace(one, is_over=True, outcome=outcome_of(report)))

    def fail(self, one: FileImport, problem: str, *, is_refused: bool) -> FileImport:
        """Note why a file was not taken in."""
        over = replace(one, is_over=True, problem=problem, is_refused=is_refused)
        return self._save(over)

    def find(self, number: int) -> FileImport | None:
        """Return a file by its number."""
        with self._read_uow() as uow:
            return uow.imports.find(number)

    def _save(self, one: FileImport) -> FileImport:
        seen = replace(one, seen_at=self._now())
        with self._new_uow() as uow:
            uow.imports.save(seen)
            uow.commit()
        return seen


def outcome_of(report: ImportReport) -> ImportOutcome:
    """What is kept of a report."""
    return ImportOutcome(
        read=report.read,
        added=report.added,
        updated=report.updated,
        places=report.places,
        n_rejected=len(report.rejected),
        rejected=report.rejected[:N_KEPT],
        n_notes=len(report.notes),
        notes=report.notes[:N_KEPT],
    )
