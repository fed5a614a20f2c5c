"""One worker on one SQLite database: two would fight for its lock and its pace."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.errors import AlreadyRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
            pid = held.read().strip() or "unknown"
            raise AlreadyRunningError(
                f"{what} is already running here (process {pid}). Stop it first, or "
                "give this one another TOCSIN_DATABASE_URL and TOCSIN_DATA_DIR."
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
