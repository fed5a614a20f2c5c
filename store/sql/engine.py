"""One engine a database: how connections are opened, transactions begun, faults told.

SQLite: WAL (readers never wait for the writer), ``synchronous=FULL`` (what is committed
survives a power cut), one writer. Transactions are begun by us, because the driver's
own way takes the write lock only at the first write, when it may be too late to wait.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from store.errors import (
    ReadOnlyError,
    SchemaError,
    StoreError,
    StoreUnavailableError,
    StoreUrlError,
)
from store.sql.checkpoints import BEGIN_ANEW_AT

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.engine import ExceptionContext

#: Execution option of a connection whose unit of work writes.
WRITES = "tocsin_writes"

#: PostgreSQL's codes for a missing table or column, and for writing while reading.
_UNDEFINED = {"42P01", "42703"}
_READ_ONLY = {"25006"}
_BUSY_TIMEOUT_MS = 30_000
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    # KiB a connection. A dozen of them fill theirs while a million rows are written;
    # what is read again soon is in the memory of the system anyway.
    "PRAGMA cache_size = -4096",
    # A map of the file would count for the process once a connection.
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
    # Pages. A worker carries them over before (``store.sql.checkpoints``); without one,
    # few and large checkpoints while a million rows are written.
    f"PRAGMA wal_autocheckpoint = {2 * BEGIN_ANEW_AT}",
    f"PRAGMA journal_size_limit = {2 * BEGIN_ANEW_AT * 4_096}",
)


def create_engine(url: str) -> Engine:
    """Make the engine of a database; opens nothing yet.

    Parameters
    ----------
    url : str
        ``sqlite:///path/to/file`` or ``postgresql://user@host/name``.

    Raises
    ------
    StoreUrlError
        If it is neither.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sqlalchemy.create_engine(
            parsed,
            hide_parameters=True,  # an error message must not carry a phone number
            connect_args={"isolation_level": None, "check_same_thread": False},
            pool_size=8,
            max_overflow=56,
            # The same few again and again: each that is used fills a cache of its own.
            pool_use_lifo=True,
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = sqlalchemy.create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, max_overflow=24
        )
        event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", _translate)
    return engine


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise StoreUrlError(
            "The database URL cannot be read; write sqlite:///path/to/file.db or "
            "postgresql://user:password@host/name."
        ) from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database not in {None, "", ":memory:"}:
            return parsed.set(drivername="sqlite+pysqlite")
        case "sqlite":
            raise StoreUrlError("Name a file: an alert must survive a restart.")
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise StoreUrlError(f"{other} is not supported; use sqlite or postgresql.")


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.info.get(WRITES) is not writes:
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.info[WRITES] = writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITES, False):
        # All that is read is of one moment, as SQLite has it.
        connection.exec_driver_sql(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )


def _translate(context: ExceptionContext) -> StoreError | None:
    """Say what is wrong in words that a layer without SQL can act on.

    Errors that are defects of ours (a broken constraint) stay what they are.
    """
    error, original = context.sqlalchemy_exception, context.original_exception
    for each in (original, error):
        _keep_first_line(each)
    if _is_of(original, {"no such table", "no such column"}, _UNDEFINED):
        return SchemaError(
            "The database has no tables of this release; run: tocsin db upgrade"
        )
    if _is_of(original, {"readonly database"}, _READ_ONLY):
        return ReadOnlyError("This unit of work only reads; open one that writes.")
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return StoreUnavailableError(
            f"The database cannot be used now ({original}); nothing was changed. "
            "Check that it runs, that its disk has room, and who else holds it."
        )
    return None


def _keep_first_line(error: BaseException | None) -> None:
    """Drop what PostgreSQL says in further lines: whole rows, with phone numbers."""
    if error is not None and error.args and isinstance(error.args[0], str):
        error.args = (error.args[0].split("\n", 1)[0], *error.args[1:])


def _is_of(error: BaseException, words: set[str], sqlstates: set[str]) -> bool:
    """Whether SQLite says one of these words, or PostgreSQL one of these codes."""
    return getattr(error, "sqlstate", None) in sqlstates or any(
        word in str(error) for word in words
    )
