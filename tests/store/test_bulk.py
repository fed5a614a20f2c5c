"""One statement for thousands of rows."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from store.database import Database
from store.sql.bulk import execute_many
from store.tables.operation import heartbeats
from tests.store.rows import NOW, after

ADD = insert(heartbeats)
MOVE = update(heartbeats).where(heartbeats.c.name == bindparam("of_name"))
ROWS = [{"name": f"w{n}", "at": after(seconds=n), "facts": {"n": n}} for n in range(3)]


def test_rows_are_kept_as_their_columns_keep_them(database: Database) -> None:
    """Times and JSON are converted as in any other statement."""
    with database.unit_of_work() as uow:
        execute_many(uow._connection, ADD, ROWS)
        kept = uow._connection.execute(select(heartbeats).order_by(heartbeats.c.name))
        assert [row._asdict() for row in kept] == ROWS


def test_the_rows_say_which_columns_are_written(database: Database) -> None:
    """What a row does not name stays; the count is of rows that were there."""
    with database.unit_of_work() as uow:
        execute_many(uow._connection, ADD, ROWS)
        marks = [{"of_name": name, "at": NOW} for name in ("w1", "w2", "nobody")]
        assert execute_many(uow._connection, MOVE, marks) == 2
        assert execute_many(uow._connection, MOVE, marks[:1]) == 1
        assert uow.heartbeats.last("w2") == (NOW, {"n": 2})
        facts = [{"of_name": "w2", "facts": {}}]
        assert execute_many(uow._connection, MOVE, facts) == 1
        assert uow.heartbeats.last("w2") == (NOW, {})


def test_a_statement_may_have_one_parameter(database: Database) -> None:
    """Its rows are rows all the same."""
    gone = delete(heartbeats).where(heartbeats.c.name == bindparam("of_name"))
    with database.unit_of_work() as uow:
        execute_many(uow._connection, ADD, ROWS)
        names = [{"of_name": name} for name in ("w0", "w2")]
        assert execute_many(uow._connection, gone, names) == 2


def test_a_naive_time_is_refused_here_too(sqlite: Database) -> None:
    """The shorter way is not a way around the rules."""
    naive = {"name": "w", "at": datetime(2026, 3, 1), "facts": {}}  # noqa: DTZ001 - the point
    with sqlite.unit_of_work() as uow, pytest.raises(ValueError, match="time zone"):
        execute_many(uow._connection, ADD, [naive])


def test_a_row_without_a_parameter_is_a_mistake(sqlite: Database) -> None:
    """Nothing is filled in silently."""
    by_name = select(heartbeats.c.name).where(heartbeats.c.name == bindparam("other"))
    strange = update(heartbeats).where(heartbeats.c.name.in_(by_name))
    with sqlite.unit_of_work() as uow, pytest.raises(AssertionError, match="rows"):
        execute_many(uow._connection, strange, [{"at": NOW}])
