"""Databases for the tests: SQLite files copied from one that was upgraded once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from store.database import Database
from store.sql.base import metadata
from store.sql.engine import WRITES
from store.tables.operation import counters
from telephony.ports import UnitOfWork
from tests.fakes.store import FakeStore
from tests.sqlite_files import upgraded_file
from tests.store.postgres_server import PostgresServer, started_server

__all__ = ["upgraded_file"]

POSTGRES = pytest.param("postgres", marks=[pytest.mark.postgres])

NewUow = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own."""
    with started_server() as server:
        yield server


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database with the tables of this release."""
    with Database(postgres_server.new_database()) as database:
        database.upgrade()
        yield database


@pytest.fixture
def sqlite_url(upgraded_file: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database."""
    return f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'tocsin.db')}"


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """An empty SQLite database."""
    with Database(sqlite_url) as database:
        yield database


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Database:
    """An empty PostgreSQL database: a new one for each test would take too long."""
    database: Database = request.getfixturevalue("upgraded_postgres")
    with database._engine.connect().execution_options(**{WRITES: True}) as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not counters:
                connection.execute(delete(table))
        connection.execute(update(counters).values(value=0))
        connection.commit()
    return database


@pytest.fixture(params=["sqlite", POSTGRES])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of either kind."""
    database: Database = request.getfixturevalue(request.param)
    return database


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_uow(request: pytest.FixtureRequest) -> NewUow:
    """Opens transactions of telephony on the fake and on every database."""
    if request.param == "fake":
        return FakeStore().unit_of_work
    database: Database = request.getfixturevalue(request.param)
    return database.unit_of_work
