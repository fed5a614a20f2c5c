"""Inserts that meet a row which is already there, the same for both databases.

Statements are made once for each table, because `bulk` remembers them by identity.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Integer, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from store.sql.bulk import execute_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

#: The two dialects' inserts, which share their words for conflicts.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves alone what exists."""
    return _insert_new(connection.dialect.name, table)


def upsert(
    connection: Connection, table: Table, *, key: Sequence[str], replace: Sequence[str]
) -> Insert:
    """An insert that writes over what exists.

    Parameters
    ----------
    key : sequence of str
        Columns by which a row is the same.
    replace : sequence of str
        Columns that take the new value; the others keep theirs.
    """
    return _upsert(connection.dialect.name, table, tuple(key), tuple(replace))


def accumulate(
    connection: Connection,
    table: Table,
    *,
    key: Sequence[str],
    add: Sequence[str],
    replace: Sequence[str],
) -> Insert:
    """An insert that adds to the numbers of what exists.

    Parameters
    ----------
    key : sequence of str
        Columns by which a row is the same.
    add, replace : sequence of str
        Columns to which the new value is added, and which take it.
    """
    statement = _insert_into(connection.dialect.name, table)
    changes = {name: table.c[name] + statement.excluded[name] for name in add}
    changes |= {name: statement.excluded[name] for name in replace}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)


def insert_counted(
    connection: Connection, statement: Insert, rows: Sequence[Mapping[str, object]]
) -> int:
    """Insert rows and return how many were new.

    SQLite's driver counts over all rows. For PostgreSQL the rows go in statements of
    many rows each, whose counts nobody adds up, so each new row says that it is there.
    """
    if connection.dialect.name == "postgresql":
        new = statement.returning(literal_column("1", Integer))
        return len(connection.execute(new, rows).all())
    return execute_many(connection, statement, rows)


def _insert_into(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


@lru_cache(maxsize=64)
def _insert_new(dialect: str, table: Table) -> Insert:
    return _insert_into(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=64)
def _upsert(
    dialect: str, table: Table, key: tuple[str, ...], replace: tuple[str, ...]
) -> Insert:
    statement = _insert_into(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: statement.excluded[name] for name in replace},
    )
