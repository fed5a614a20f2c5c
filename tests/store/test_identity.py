"""A database that was restored is another one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database import Database
from store.sql.engine import WRITES
from tests.store.people import register
from tests.store.postgres_server import PostgresServer


def run(database: Database, *statements: str) -> None:
    with database._engine.connect().execution_options(**{WRITES: True}) as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def test_writing_does_not_make_another_database(database: Database) -> None:
    """Also for whoever opens it anew."""
    before = database.identity()
    with database.unit_of_work() as uow:
        register(uow, 1)
        uow.commit()
    assert database.identity() == before


def test_a_file_put_in_the_place_of_another_is_another(
    sqlite: Database, tmp_path: Path
) -> None:
    """Though it has the same name and the same rows."""
    before = sqlite.identity()
    copy = Path(shutil.copy(tmp_path / "tocsin.db", tmp_path / "copy"))
    copy.replace(tmp_path / "tocsin.db")
    assert sqlite.identity() != before


@pytest.mark.postgres
def test_a_dump_restored_in_any_way_is_another_database(
    postgres_server: PostgresServer,
) -> None:
    """Into a new database, over the old tables, or the data alone."""
    seen: set[str] = set()
    for _ in range(2):
        with Database(postgres_server.new_database()) as database:
            database.upgrade()
            seen.add(database.identity())
    with Database(postgres_server.new_database()) as database:
        database.upgrade()
        seen.add(database.identity())
        run(database, "TRUNCATE subscribers CASCADE")
        seen.add(database.identity())
        run(
            database,
            "ALTER TABLE subscribers RENAME TO dropped",
            "CREATE TABLE subscribers (LIKE dropped)",
        )
        seen.add(database.identity())
    assert len(seen) == 5
