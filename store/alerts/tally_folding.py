"""Putting the rows of tallies together, so that there are few to add up.

What is put together is locked and removed, and its sum written, in one transaction: a
reader sees the rows or their sum. Rows that another worker is putting together are left
to it, and rows that come meanwhile to the next time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import Table, delete, func, insert, or_, select

from store.tables.tallies import delivery_tallies, recipient_tallies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, FromClause, Insert


class _Shape(NamedTuple):
    """What the rows of a table are found by, counted by, and what they count."""

    table: Table
    whose: str
    by: tuple[str, ...]
    sums: tuple[str, ...]


SHAPES = (
    _Shape(
        delivery_tallies,
        "owner_id",
        ("channel", "state", "code"),
        ("n", "n_tried", "n_people"),
    ),
    _Shape(recipient_tallies, "alert", ("area_code", "excluded", "state"), ("n",)),
)

#: The newest row of each table.
Newest: TypeAlias = tuple[int, ...]
#: Which table, and whose rows in it.
Key: TypeAlias = tuple[int, int]


class Growth(NamedTuple):
    """Rows that came since somebody looked."""

    newest: Newest
    n_rows: Mapping[Key, int]


def grown(connection: Connection, newest: Newest) -> Growth:
    """Count the rows above these numbers."""
    upto = list(newest)
    n_rows: dict[Key, int] = {}
    for place, (table, whose, _, _) in enumerate(SHAPES):
        rows = connection.execute(
            select(table.c[whose], func.count(), func.max(table.c.id))
            .where(table.c.id > newest[place])
            .group_by(table.c[whose])
        )
        for key, n, last in rows:
            n_rows[place, key] = n
            upto[place] = max(upto[place], last)
    return Growth(tuple(upto), n_rows)


def fold(connection: Connection, key: Key) -> int:
    """Put rows of one owner or alert together; return how many are left."""
    shape = SHAPES[key[0]]
    table, found_by = shape.table, shape.whose
    are_its = table.c[found_by] == key[1]
    if connection.dialect.name == "postgresql":
        _fold_unlocked(connection, shape, are_its)
    else:
        newest = connection.scalar(select(func.max(table.c.id)).where(are_its)) or 0
        are_old = (are_its, table.c.id <= newest)
        # First the sums: their numbers stay above those of what is removed, so that
        # whoever looks for newer rows finds what comes next.
        connection.execute(_insert_sums(shape, table, *are_old))
        connection.execute(delete(table).where(*are_old))
    return connection.scalar(select(func.count()).where(are_its)) or 0


def _fold_unlocked(
    connection: Connection, shape: _Shape, are_its: ColumnElement[bool]
) -> None:
    """The same in one statement, for rows that no other worker puts together."""
    table = shape.table
    some = select(table.c.id).where(are_its).with_for_update(skip_locked=True)
    gone = delete(table).where(table.c.id.in_(some)).returning(*table.c).cte("gone")
    connection.execute(_insert_sums(shape, gone))


def _insert_sums(
    shape: _Shape, rows: FromClause, *which: ColumnElement[bool]
) -> Insert:
    """What is not nothing, one row for what is counted alike."""
    by = [rows.c[name] for name in (shape.whose, *shape.by)]
    sums = [func.sum(rows.c[name]) for name in shape.sums]
    return insert(shape.table).from_select(
        [shape.whose, *shape.by, *shape.sums],
        select(*by, *sums)
        .where(*which)
        .group_by(*by)
        .having(or_(*(one != 0 for one in sums))),
    )
