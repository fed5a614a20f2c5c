"""How databases are opened, and what their faults are called."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database import Database
from store.errors import (
    ReadOnlyError,
    SchemaError,
    StoreUnavailableError,
    StoreUrlError,
)
from store.sql.engine import create_engine
from tests.store.people import a_person, number, register
from tests.store.rows import NOW, queue_up, states_of


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not a url", "cannot be read"),
        ("mysql://host/name", "mysql is not supported"),
        ("postgresql://tocsin@db.example:port/name", "cannot be read"),
        ("sqlite://", "Name a file"),
        ("sqlite:///:memory:", "Name a file"),
    ],
)
def test_an_address_that_cannot_work_is_refused_at_once(url: str, says: str) -> None:
    """The sentence says what to write instead, and never repeats the address."""
    with pytest.raises(StoreUrlError, match=re.escape(says)) as raised:
        Database(url)
    assert url not in str(raised.value)


def test_making_an_engine_opens_nothing(tmp_path: Path) -> None:
    """A setting that is read is not yet a database that is used."""
    create_engine(f"sqlite:///{tmp_path / 'none' / 'there.db'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 30_000),
    ],
)
def test_sqlite_survives_power_cuts_and_waits_for_writers(
    sqlite: Database, pragma: str, value: object
) -> None:
    """What is committed is on the disk, and references lead somewhere."""
    with sqlite._engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_reading_refuses_to_write(database: Database) -> None:
    """A unit of work that only reads cannot write by mistake; the next one can."""
    with database.read_only() as uow, pytest.raises(ReadOnlyError):
        uow.heartbeats.beat("worker", now=NOW, facts={})
    with database.unit_of_work() as uow:
        uow.heartbeats.beat("worker", now=NOW, facts={})
        uow.commit()
    with database.read_only() as uow:
        assert uow.heartbeats.last("worker") == (NOW, {})


def test_a_reader_sees_what_was_committed_when_it_began(database: Database) -> None:
    """Readers never wait for the writer, and never see half of its work."""
    with database.unit_of_work() as writer, database.read_only() as reader:
        assert reader.subscribers.count() == 0
        register(writer, 1)
        assert reader.subscribers.count() == 0
        writer.commit()
    with database.read_only() as reader:
        assert reader.subscribers.count() == 1


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    """The operator learns the command, not the name of a table."""
    with (
        Database(f"sqlite:///{tmp_path / 'new.db'}") as database,
        database.unit_of_work() as uow,
        pytest.raises(SchemaError, match="tocsin db upgrade"),
    ):
        uow.subscribers.count()


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    """A missing folder is a sentence, not a traceback of the driver."""
    with Database(f"sqlite:///{tmp_path / 'none' / 'there.db'}") as database:
        assert not database.ping()
        for open_one in (database.unit_of_work, database.read_only) * 2:
            with pytest.raises(StoreUnavailableError, match="cannot be"):
                open_one().__enter__()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    """Pointing at the wrong file harms neither."""
    wrong = tmp_path / "list.csv"
    wrong.write_text("phone,language\n" * 100)
    with Database(f"sqlite:///{wrong}") as database:
        assert not database.ping()
    assert wrong.read_text().startswith("phone,language")


def test_a_database_that_answers_says_so(database: Database) -> None:
    """A ping asks the database itself."""
    assert database.ping()


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """No PostgreSQL behind the address: unavailable, and a ping says no."""
    with Database(f"postgresql://tocsin@/x?host={tmp_path}") as database:
        assert not database.ping()


def test_a_writer_of_another_process_that_never_ends_is_unavailable(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locked database is told as such, and the transaction has changed nothing."""
    monkeypatch.setattr(
        "store.sql.engine._SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 1",)
    )
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    holder.execute("BEGIN IMMEDIATE")
    with Database(sqlite_url) as database:
        with (
            database.unit_of_work() as uow,
            pytest.raises(StoreUnavailableError, match="locked"),
        ):
            register(uow, 1)
        holder.close()
        with database.unit_of_work() as uow:
            register(uow, 1)


def test_a_full_disk_is_unavailable_and_loses_nothing(sqlite: Database) -> None:
    """When there is no more room, what was committed stays and can be read."""
    with sqlite.unit_of_work() as uow:
        queue_up(uow, 1)
        n_pages = uow._connection.scalar(text("PRAGMA page_count"))
        uow._connection.execute(text(f"PRAGMA max_page_count = {n_pages}"))
        uow.commit()
        with pytest.raises(StoreUnavailableError, match="full"):
            queue_up(uow, *range(2, 9_000))
    with sqlite.read_only() as uow:
        assert sum(states_of(uow).values()) == 1


def test_no_error_carries_a_number(database: Database) -> None:
    """Errors are logged, and logs carry no phone numbers."""
    person = a_person(1, language=None)
    with database.unit_of_work() as uow, pytest.raises(Exception) as raised:  # noqa: PT011 - judged below
        uow.subscribers.upsert([person], [], now=NOW)
    shown = str(raised.value)
    assert "NOT NULL" in shown or "not-null" in shown
    assert number(1) not in shown
