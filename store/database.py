"""The database of one process: the only thing ``app.py`` needs to know of the store."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import text

from store import schema
from store.dispatch.inbox import Inbox
from store.errors import StoreUnavailableError
from store.identity import identity_of
from store.sql.checkpoints import Checkpointer
from store.sql.engine import create_engine
from store.sql.turnstile import Turnstile
from store.sql.write_lock import WriteLock
from store.tally_folder import TallyFolder
from store.unit_of_work import SqlUnitOfWork
from telephony.precedence import Precedence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import TracebackType

    from telephony.delivery import CarrierEvent


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
        self._inbox: Inbox | None = None
        self._checkpointer: Checkpointer | None = None
        self._tally_folder = TallyFolder(
            new_uow=self.unit_of_work, read_uow=self.read_only
        )
        if self._engine.dialect.name == "sqlite" and self._engine.url.database:
            file = Path(self._engine.url.database)
            self._write_lock = WriteLock(Turnstile(file))
            self._checkpointer = Checkpointer(self._engine, self._write_lock)
            self._inbox = Inbox(file.with_name(f"{file.name}-inbox"))

    def unit_of_work(
        self, precedence: Precedence = Precedence.ORDINARY
    ) -> SqlUnitOfWork:
        """Open a transaction that may write, in its turn."""
        return SqlUnitOfWork(self._engine, self._write_lock, precedence=precedence)

    def read_only(self) -> SqlUnitOfWork:
        """Open a transaction that only reads: it never waits for a writer."""
        return SqlUnitOfWork(self._engine, write=False)

    def keep_callbacks(self, events: Sequence[CarrierEvent]) -> None:
        """Keep what carriers report; durable when this returns.

        Raises
        ------
        StoreUnavailableError
            If it could not be written; nothing is kept then.
        """
        if self._inbox is not None:
            self._inbox.append(events)
            return
        with self.unit_of_work() as uow:
            uow.events.append(events)
            uow.commit()

    def collect_callbacks(self, *, limit: int = 2_000) -> int:
        """Move the oldest kept callbacks to where they are folded; return how many.

        A crash in between moves none, or leaves behind what was moved; nothing is
        moved twice.
        """
        if self._inbox is None:
            return 0
        with self.read_only() as uow:
            n_collected = uow.n_collected
        waiting = self._inbox.after(n_collected, limit=limit)
        if not waiting:
            return 0
        with self.unit_of_work() as uow:
            if uow.n_collected != n_collected:
                return 0  # somebody else has moved them meanwhile
            uow.events.append([event for _, event in waiting])
            uow.n_collected = newest = waiting[-1][0]
            uow.commit()
        self._inbox.forget(newest)
        return len(waiting)

    def fold_tallies(self) -> int:
        """Put the rows of kept figures together where many have come."""
        return self._tally_folder.run_once()

    def carry_over(self) -> int:
        """Carry what was committed from the log into the file; SQLite only.

        Returns
        -------
        int
            0: what came meanwhile may wait for the next time.

        Raises
        ------
        StoreUnavailableError
            If others hold the database for too long.
        """
        if self._checkpointer is not None:
            self._checkpointer.run_once()
        return 0

    def n_callbacks_waiting(self) -> int:
        """How many kept callbacks nobody has thought about yet."""
        with self.read_only() as uow:
            n_unfolded = uow.events.n_unfolded()
            n_collected = uow.n_collected
        n_kept = self._inbox.count_after(n_collected) if self._inbox else 0
        return n_unfolded + n_kept

    def callbacks_wait_since(self) -> datetime | None:
        """When the oldest of them came; None if none waits."""
        with self.read_only() as uow:
            since = uow.events.unfolded_since()
            n_collected = uow.n_collected
        if since is not None or self._inbox is None:
            return since
        oldest = self._inbox.after(n_collected, limit=1)
        return oldest[0][1].received_at if oldest else None

    def upgrade(self) -> None:
        """Bring the tables to this release; does nothing if they are.

        Processes that do this at once do it in turn: SQLite does not wait when two set
        a new file up together.
        """
        if self._write_lock is None or not self._engine.url.database:
            schema.upgrade(self._engine)
            return
        Path(self._engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        self._write_lock.acquire()
        try:
            schema.upgrade(self._engine)
        finally:
            self._write_lock.release()

    def identity(self) -> str:
        """A text that changes when a backup is put in the place of the rows."""
        return identity_of(self._engine)

    def clock(self) -> datetime | None:
        """What the database's machine takes for the time; None if it is this one.

        Raises
        ------
        StoreUnavailableError
            If it does not answer.
        """
        if self._write_lock is not None:
            return None
        with self._engine.connect() as connection:
            shown: datetime = connection.scalar(text("SELECT clock_timestamp()"))
        return shown.astimezone(UTC)

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
        if self._inbox is not None:
            self._inbox.close()
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
