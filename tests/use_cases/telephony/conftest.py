"""An SQLite database for each test, whose owner can be rude to it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from store.database import Database
from tests.sqlite_files import upgraded_file

__all__ = ["disk", "upgraded_file"]

#: What SQLite allows by itself.
NO_QUOTA = 1 << 30


class Disk:
    """The file of a database: it can be made small, or be held by somebody else."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database = database
        self.path = path
        self._quota = NO_QUOTA
        engine = database._engine
        event.listen(engine, "connect", self._set_up, insert=False)
        event.listen(engine, "checkout", self._limit)

    def fill_up(self) -> None:
        """Leave no room for another page."""
        with closing(sqlite3.connect(self.path)) as connection:
            (self._quota,) = connection.execute("PRAGMA page_count").fetchone()

    def make_room(self) -> None:
        self._quota = NO_QUOTA

    @contextmanager
    def held(self) -> Iterator[None]:
        """Held by a program that knows nothing of us, such as a backup."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @staticmethod
    def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # Thirty seconds would be real ones.
        connection.execute("PRAGMA busy_timeout = 5")

    def _limit(self, connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._quota}")


@pytest.fixture
def disk(upgraded_file: Path, tmp_path: Path) -> Iterator[Disk]:
    """An empty database, and power over its file."""
    path = Path(shutil.copy(upgraded_file, tmp_path / "tocsin.db"))
    with Database(f"sqlite:///{path}") as database:
        yield Disk(database, path)
