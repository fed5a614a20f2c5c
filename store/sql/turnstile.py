"""A lock between processes that lets them in turn by turn.

SQLite makes a process that finds the database locked sleep and try again. Against one
that writes without a pause, as our worker does, the other almost never finds a gap: the
web server was starved for minutes. Here two file locks stand one behind the other: who
waits for the second holds the first, so whoever has just written queues behind them.
"""

from __future__ import annotations

import fcntl
from contextlib import ExitStack
from typing import TYPE_CHECKING

from store.errors import StoreUnavailableError
from warning.registry.file_lock import lock_within

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO


class Turnstile:
    """One writing process at a time, in turn; not for threads of one process.

    Parameters
    ----------
    database : Path
        The locks are empty files beside it, ``…-gate`` and ``…-writer``. The system
        lets go of them if a process is killed.
    timeout_s : float
        How long to wait for each of the two: a process that hangs with one must not
        hang all others with it.
    """

    def __init__(self, database: Path, *, timeout_s: float = 60.0) -> None:
        self._timeout_s = timeout_s
        self._paths = tuple(
            database.with_name(f"{database.name}-{part}") for part in ("gate", "writer")
        )
        self._files: tuple[IO[bytes], ...] = ()

    def acquire(self) -> None:
        """Wait for our turn.

        Raises
        ------
        StoreUnavailableError
            If the lock files cannot be made beside the database, or the turn does not
            come in time.
        """
        gate, writer = self._open()
        self._take(gate)
        try:
            self._take(writer)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)

    def release(self) -> None:
        """Let the next one in."""
        fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the lock files; the next use opens them again."""
        files, self._files = self._files, ()
        for file in files:
            file.close()

    def _take(self, file: IO[bytes]) -> None:
        if not lock_within(file, self._timeout_s):
            raise StoreUnavailableError(
                f"Another process has held {file.name} for {self._timeout_s:.0f} s, so "
                "nothing can be written. Find it (fuser, lsof) and end it if it hangs."
            )

    def _open(self) -> tuple[IO[bytes], ...]:
        """Open the lock files.

        Raises
        ------
        StoreUnavailableError
            If they cannot be made beside the database.
        """
        # At the first use and not in __init__: a lock is shared by what forks.
        if not self._files:
            try:
                with ExitStack() as stack:
                    files = [stack.enter_context(p.open("ab")) for p in self._paths]
                    stack.pop_all()
            except OSError as error:
                raise StoreUnavailableError(
                    f"The database cannot be written ({error.strerror}); check that "
                    f"the folder {self._paths[0].parent} is there and writable."
                ) from error
            self._files = tuple(files)
        return self._files
