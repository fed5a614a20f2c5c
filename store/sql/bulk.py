"""One statement for thousands of rows, without a dictionary's walk for each.

SQLAlchemy looks up and converts every parameter of every row by itself: on SQLite that
takes as long as the database does. Here a statement is compiled once, and values are
converted column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Delete, Insert, Update

_SQLITE = sqlite.dialect()


class _Ready(NamedTuple):
    """A statement as SQLite's driver takes it."""

    sql: str
    #: Row → its values in the order of the statement.
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    #: Place of a value → how it becomes what SQLite keeps.
    conversions: Mapping[int, Callable[[Any], Any]]


def execute_many(
    connection: Connection,
    statement: Insert | Update | Delete,
    rows: Sequence[Mapping[str, object]],
) -> int:
    """Run a statement for each row; return how many rows were written.

    Parameters
    ----------
    statement : Insert, Update or Delete
        Every parameter comes from the rows. Build it once: it is remembered by
        identity.
    rows : sequence of mapping
        At least one; all with the same keys, in the same order.

    Notes
    -----
    The count is -1 for inserts of many rows on PostgreSQL: see
    ``conflicts.insert_counted``.
    """
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, rows).rowcount
    ready = _ready(statement, tuple(rows[0]))
    values: Iterable[tuple[Any, ...]] = map(ready.values, rows)
    if ready.conversions:
        columns: list[Iterable[Any]] = list(zip(*values, strict=True))
        for place, convert in ready.conversions.items():
            columns[place] = map(convert, columns[place])
        values = zip(*columns, strict=True)
    return connection.exec_driver_sql(ready.sql, list(values)).rowcount


@lru_cache(maxsize=64)
def _ready(statement: Insert | Update | Delete, keys: tuple[str, ...]) -> _Ready:
    compiled = statement.compile(dialect=_SQLITE, column_keys=list(keys))
    names = compiled.positiontup or []
    assert set(names) == set(keys), "every parameter comes from the rows"
    conversions = {}
    for place, name in enumerate(names):
        kind = compiled.binds[name].type.dialect_impl(_SQLITE)
        convert = kind.bind_processor(_SQLITE)
        if convert is not None:
            conversions[place] = convert
    return _Ready(str(compiled), _getter(names), conversions)


def _getter(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """How the values of a row are read; for one name ``itemgetter`` gives no tuple."""
    if len(names) == 1:
        (name,) = names
        return lambda row: (row[name],)
    return itemgetter(*names)
