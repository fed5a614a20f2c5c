"""Row locks, where the database has them and the transaction may write.

SQLite has one writer at a time and ignores the clause; PostgreSQL refuses it in a
transaction that only reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.sql.engine import WRITES

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table


def locked(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    *tables: Table,
    skip_locked: bool = False,
) -> Select[*tuple[Any, ...]]:
    """The statement, taking its rows of ``tables`` for this transaction alone."""
    if not connection.get_execution_options().get(WRITES, False):
        return statement
    return statement.with_for_update(of=tables or None, skip_locked=skip_locked)
