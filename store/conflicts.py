"""Inserts that meet a row which is already there, the same for both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Integer, literal_column
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Table

#: The two dialects' inserts, which share their words for conflicts.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An insert in the connection's dialect."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves alone what exists."""
    return insert_into(connection, table).on_conflict_do_nothing()


def upsert(
    connection: Connection,
    table: Table,
    *,
    key: Sequence[str],
    replace: Sequence[str],
    instead: Mapping[str, ColumnElement[object]] | None = None,
) -> Insert:
    """An insert that writes over what exists.

    Parameters
    ----------
    key : sequence of str
        Columns by which a row is the same.
    replace : sequence of str
        Columns that take the new value.
    instead : mapping, optional
        Column → expression it takes rather than the new value.
    """
    statement = insert_into(connection, table)
    values: dict[str, object] = {name: statement.excluded[name] for name in replace}
    return statement.on_conflict_do_update(
        index_elements=list(key), set_=values | dict(instead or {})
    )


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
    return connection.execute(statement, rows).rowcount
