"""One worker on one SQLite database: two would fight for its lock and its pace."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ops.errors import AlreadyRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.config.settings import Settings

_SQLITE = "sqlite:///"


@contextmanager
def single_instance(lock_file: Path, *, what: str) -> Iterator[None]:
    """Hold a lock while the block runs; the system lets go of it if we are killed.

    Parameters
    ----------
    lock_file : Path
        Made if missing; holds the process id of whoever runs.
    what : str
        What would be running twice, for the message.

    Raises
    ------
    AlreadyRunningError
        If another process holds it; names that process.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            # Empty for the moment in which the other one has the lock and no more.
            pid = held.read().strip() or "unknown"
            raise AlreadyRunningError(
                f"{what} is already running here (process {pid}). Stop it first, or "
                "give this one another TOCSIN_DATABASE_URL and TOCSIN_DATA_DIR."
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        try:
            yield
        finally:
            held.truncate(0)  # a process id that is gone may become somebody else's


@contextmanager
def single_worker(settings: Settings) -> Iterator[None]:
    """Be the one worker of a database while the block runs.

    The lock lies beside the database: whoever reaches the same file meets it, whatever
    data folder is set. Any number of workers may share a PostgreSQL.

    Raises
    ------
    AlreadyRunningError
        If another process is the worker of this database; names that process.
    """
    database = database_file(settings)
    if database is None:
        yield
        return
    with single_instance(
        database.with_name(f"{database.name}-worker"), what="A worker"
    ):
        yield


def require_no_worker(settings: Settings) -> None:
    """Refuse to go on while a worker works on this database.

    Raises
    ------
    AlreadyRunningError
        If one does; names its process.
    """
    with single_worker(settings):
        pass


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database; None if it is another kind."""
    url = settings.database_url.get_secret_value()
    if not url.startswith(_SQLITE):
        return None
    return Path(url.removeprefix(_SQLITE).partition("?")[0])
