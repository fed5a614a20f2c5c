"""Files of people on their way."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from store import counters
from store.sql.conflicts import upsert
from store.tables.imports import people_imports
from warning.people.import_book import FileImport, ImportOutcome
from warning.people.subscriber_batches import Note, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

_CHANGES = (
    "seen_at",
    "n_lines",
    "n_bytes_read",
    "is_over",
    "outcome",
    "problem",
    "is_refused",
)


class SqlImports:
    """``warning.people.import_book.ImportRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The next number; whoever else asks waits until this transaction ends."""
        return counters.take_next(self._connection, counters.IMPORTS)

    def under_way(self) -> Sequence[FileImport]:
        """Files that are not over."""
        rows = self._connection.execute(
            select(people_imports)
            .where(people_imports.c.is_over.is_(False))
            .order_by(people_imports.c.number)
        ).mappings()
        return [_import_of(row) for row in rows]

    def find(self, number: int) -> FileImport | None:
        """Return one; None if there is none."""
        wanted = select(people_imports).where(people_imports.c.number == number)
        row = self._connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _import_of(row)

    def save(self, one: FileImport) -> None:
        """Write one, over what was known of it."""
        statement = upsert(
            self._connection, people_imports, key=["number"], replace=_CHANGES
        )
        self._connection.execute(statement, asdict(one))

    def forget(self, *, before: datetime) -> None:
        """Drop those that began before a time."""
        self._connection.execute(
            delete(people_imports).where(people_imports.c.begun_at < before)
        )


def _import_of(row: RowMapping) -> FileImport:
    outcome = row["outcome"]
    known = None if outcome is None else _outcome_of(outcome)
    return FileImport(**{**row, "outcome": known})


def _outcome_of(kept: Mapping[str, Any]) -> ImportOutcome:
    lines = {
        "rejected": [Rejected(**line) for line in kept["rejected"]],
        "notes": [Note(**line) for line in kept["notes"]],
    }
    return ImportOutcome(**{**kept, **lines})
