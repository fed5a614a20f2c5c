"""Changes of the texts that alerts are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from store import counters
from store.tables.message_texts import message_text_changes
from warning.texts.text_changes import Change, TextChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row


class SqlMessageTexts:
    """``warning.texts.text_ports.MessageTextRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> int:
        """Number of the newest change; 0 without any."""
        return counters.current(self._connection, counters.MESSAGE_TEXTS)

    def take_revision(self) -> int:
        """The next number; whoever else changes texts waits until this is over."""
        return counters.take_next(self._connection, counters.MESSAGE_TEXTS)

    def add(self, changes: Sequence[TextChange]) -> None:
        """Keep changes of a revision that was taken; one a text."""
        if changes:
            rows = [_row_of(change) for change in changes]
            self._connection.execute(insert(message_text_changes), rows)

    def all(self) -> Sequence[TextChange]:
        """Every change, ascending by revision, then by language and path."""
        known = message_text_changes
        rows = self._connection.execute(
            select(known).order_by(known.c.revision, known.c.language, known.c.path)
        )
        return [_change_of(row) for row in rows]


def _row_of(change: TextChange) -> dict[str, object]:
    return {
        "revision": change.revision,
        "language": change.language,
        "path": change.path,
        "change": change.change.value,
        "words": change.words,
        "by": change.by,
        "at": change.at,
    }


def _change_of(row: Row[*tuple[Any, ...]]) -> TextChange:
    return TextChange(
        revision=row.revision,
        language=row.language,
        path=row.path,
        change=Change(row.change),
        words=row.words,
        by=row.by,
        at=row.at,
    )
