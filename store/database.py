"""The database of one process: the only thing ``app.py`` needs to know of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import text

from store import schema
from store.engine import create_engine
from store.errors import StoreUnavailableError
from store.turnstile import Turnstile
from store.unit_of_work import SqlUnitOfWork
from store.write_lock import WriteLock

if TYPE_CHECKING:
    from types import TracebackType


class Database:
    """Opens units of work, and keeps the tables those of this release.

    Parameters
    ----------
    url : str
        ``sqlite:///path/to/file`` or ``postgresql://user:password@host/name``.

    Raises
    ------
    StoreUrlError
        If the address is not one of a database we can use.

    Notes
    -----
    Safe to share between threads; make a new one after a fork.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        self._write_lock: WriteLock | None = None
        if self._engine.dialect.name == "sqlite" and self._engine.url.database:
            file = Path(self._engine.url.database)
            self._write_lock = WriteLock(Turnstile(file))

    def unit_of_work(self) -> SqlUnitOfWork:
        """Open a transaction that may write."""
        return SqlUnitOfWork(self._engine, self._write_lock)

    def read_only(self) -> SqlUnitOfWork:
        """Open a transaction that only reads: it never waits for a writer."""
        return SqlUnitOfWork(self._engine, write=False)

    def upgrade(self) -> None:
        """Bring the tables to this release; does nothing if they are."""
        schema.upgrade(self._engine)

    def is_current(self) -> bool:
        """Whether the tables are those of this release."""
        return schema.is_current(self._engine)

    def ping(self) -> bool:
        """Whether the database answers now."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except StoreUnavailableError:
            return False
        return True

    def dispose(self) -> None:
        """Close every idle connection."""
        self._engine.dispose()
        if self._write_lock is not None:
            self._write_lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.dispose()
