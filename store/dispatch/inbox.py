"""Where callbacks wait beside the database, so that taking one never waits for it.

SQLite has one writer. While the worker records and folds in transactions of a tenth of
a second, a web server that appends to the same file gets in once per transaction: a few
hundred callbacks a second. This file has one writer of its own, the web server; the
worker reads it and moves what it reads into the database, remembering there how far it
has come. A callback is durable here when it is acknowledged, there when it is moved.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from store.errors import StoreUnavailableError
from telephony.delivery import AttemptId, CarrierEvent, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_BUSY_TIMEOUT_S = 30.0
# The number only grows, also after old rows are gone: it says what has been moved.
_SET_UP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL
);
"""
# Made once: ``json.dumps`` would make one for every callback.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Inbox:
    """An append-only queue in a file of its own.

    Parameters
    ----------
    path : Path
        Made at the first use.

    Notes
    -----
    May be used from any thread; one at a time works on it. Make a new one after a fork.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def append(self, events: Sequence[CarrierEvent]) -> None:
        """Keep callbacks; they are on disk when this returns.

        Raises
        ------
        StoreUnavailableError
            If they could not be written; none of them is kept then.
        """
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO inbox (body) VALUES (?)",
                [(_to_json(event),) for event in events],
            )

    def after(self, number: int, *, limit: int) -> list[tuple[int, CarrierEvent]]:
        """The oldest callbacks with a higher number, ascending."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT id, body FROM inbox WHERE id > ? ORDER BY id LIMIT ?",
                (number, limit),
            ).fetchall()
        return [(number, _from_json(body)) for number, body in rows]

    def count_after(self, number: int) -> int:
        """How many callbacks have a higher number."""
        with self._transaction() as connection:
            (n,) = connection.execute(
                "SELECT count(*) FROM inbox WHERE id > ?", (number,)
            ).fetchone()
        return int(n)

    def forget(self, number: int) -> None:
        """Drop what has been moved, up to this number."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM inbox WHERE id <= ?", (number,))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                if self._connection is None:
                    self._connection = self._connect()
                with self._connection:
                    yield self._connection
        except sqlite3.Error as error:
            raise StoreUnavailableError(
                f"Callbacks cannot be kept in {self._path} now ({error}). Check that "
                "the disk has room and that the file is a whole SQLite database."
            ) from error
        except OSError as error:
            raise StoreUnavailableError(
                f"Callbacks cannot be kept in {self._path} now ({error.strerror})."
            ) from error

    def _connect(self) -> sqlite3.Connection:
        # Kept open: whoever closes the last connection pays for a checkpoint.
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False
        )
        try:
            connection.executescript(_SET_UP)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _to_json(event: CarrierEvent) -> str:
    return _encode(
        [
            int(event.kind),
            event.received_at.isoformat(),
            event.carrier,
            event.attempt_id,
            list(event.form),
            list(event.answers),
        ]
    )


def _from_json(body: str) -> CarrierEvent:
    kind, received_at, carrier, attempt_id, form, answers = json.loads(body)
    return CarrierEvent(
        kind=EventKind(kind),
        received_at=datetime.fromisoformat(received_at),
        carrier=carrier,
        attempt_id=None if attempt_id is None else AttemptId(attempt_id),
        form=[(name, value) for name, value in form],
        answers=answers,
    )
