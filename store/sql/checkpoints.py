"""Carrying SQLite's log over into the database file, while others write on.

SQLite does this by itself, in the commit that finds the log long: that one writer then
carries thousands of pages over with everybody waiting behind it, 0.1 to 0.3 s each time
a thousand messages have left. Here a connection of its own carries them over without
keeping anybody from writing; only the few pages that came meanwhile are left for a
moment in which nobody else writes, so that the log begins anew and does not grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from store.sql.write_lock import WriteLock

#: Pages. From here on the log is begun anew: 64 MiB, and reading it is still quick.
BEGIN_ANEW_AT = 16_000
#: Pages that may be left for the moment in which nobody writes: some milliseconds.
_FEW = 300
#: Each round takes less than the one before, unless the disk is slower than we write.
_MAX_ROUNDS = 5


class LogState(NamedTuple):
    """What the log holds after a round."""

    #: Pages in it.
    n_pages: int
    #: Of these, the ones that the database file has too.
    n_carried: int


class Checkpointer:
    """Keeps the log short from beside.

    Parameters
    ----------
    engine : Engine
        Of a SQLite database.
    write_lock : WriteLock
        The one that every writer takes.
    begin_anew_at : int
        Pages in the log from which on it is begun anew.
    """

    def __init__(
        self,
        engine: Engine,
        write_lock: WriteLock,
        *,
        begin_anew_at: int = BEGIN_ANEW_AT,
    ) -> None:
        self._engine = engine
        self._write_lock = write_lock
        self._begin_anew_at = begin_anew_at

    def run_once(self) -> LogState:
        """Carry over what the log holds; prepare its new beginning if it is long.

        Raises
        ------
        StoreUnavailableError
            If nobody else stops writing in time.
        """
        state = self._carry()
        if state.n_pages < self._begin_anew_at:
            return state
        for _ in range(_MAX_ROUNDS):
            before, state = state, self._carry()
            if state.n_pages - before.n_pages <= _FEW:
                break
        self._write_lock.acquire()
        try:
            return self._carry()  # all of it: the next who writes begins the log anew
        finally:
            self._write_lock.release()

    def _carry(self) -> LogState:
        # Not through a connection of SQLAlchemy, which would begin a transaction.
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            [(_, n_pages, n_carried)] = cursor.fetchall()
            cursor.close()
        finally:
            connection.close()
        return LogState(n_pages, n_carried)
