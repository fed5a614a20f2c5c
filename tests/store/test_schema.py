"""Migrations: from nothing to the tables of this release, and nothing else."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from store import counters
from store.database import Database
from store.schema import configuration
from store.sql.base import metadata
from store.sql.engine import WRITES, create_engine
from tests.store.people import register
from tests.store.postgres_server import PostgresServer


def sqlite_schema(engine: Engine) -> dict[str, list[str]]:
    """Name → clauses of every table and index, in any order, without blanks."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        ).all()
    return {
        name: sorted(re.sub(r"[\s\"]+", "", sql).removesuffix(")").split(","))
        for name, sql in rows
        if name != "alembic_version"
    }


def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    """Alembic finds no difference between what it made and what the code says."""
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_migrations_lead_to_the_same_sqlite_file(
    sqlite: Database, tmp_path: Path
) -> None:
    """Also what Alembic does not compare: conditions of indexes, WITHOUT ROWID."""
    engine = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        metadata.create_all(connection)
        connection.commit()
    assert sqlite_schema(sqlite._engine) == sqlite_schema(engine)
    engine.dispose()


def test_versions_are_numbered_in_sequence() -> None:
    """Numbers go up by one with what comes after what, and files bear them."""
    versions = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    numbers = [version.revision for version in reversed(versions)]
    assert numbers == [f"{n:04}" for n in range(1, len(versions) + 1)]
    for version in versions:
        assert Path(version.path).name.startswith(f"{version.revision}_")


def test_a_database_is_current_only_after_the_upgrade(tmp_path: Path) -> None:
    """The folder is made; a second upgrade changes nothing and loses nothing."""
    with Database(f"sqlite:///{tmp_path / 'var' / 'tocsin.db'}") as database:
        database.upgrade()
        assert database.is_current()
        with database.unit_of_work() as uow:
            register(uow, 1)
            uow.commit()
        database.upgrade()
        with database.read_only() as uow:
            assert uow.subscribers.count() == 1


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    """Asking changes nothing."""
    with Database(f"sqlite:///{tmp_path / 'empty.db'}") as database:
        assert not database.is_current()


def test_two_processes_may_upgrade_at_once(tmp_path: Path) -> None:
    """The second waits for the first and finds nothing to do."""
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    both = [Database(url), Database(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Database.upgrade, both))
    assert all(database.is_current() for database in both)
    for database in both:
        database.dispose()


def test_every_counter_has_its_row(database: Database) -> None:
    """Counting does not begin with a race for the first row."""
    with database.unit_of_work() as uow:
        for name in counters.NAMES:
            assert counters.current(uow._connection, name) == 0
            assert counters.take_next(uow._connection, name) == 1


@pytest.mark.postgres
def test_postgres_can_be_upgraded_by_several_at_once(
    postgres_server: PostgresServer,
) -> None:
    """Workers that start together do not stumble over each other's tables."""
    url = postgres_server.new_database()
    both = [Database(url), Database(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Database.upgrade, both))
    assert all(database.is_current() for database in both)
    for database in both:
        database.dispose()
