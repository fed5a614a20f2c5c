"""Logs that end: what a child writes for months must not fill the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

#: A log larger than this is set aside, bytes …
MAX_BYTES = 20 << 20
#: … and so many that were set aside are kept.
N_KEPT = 5


def rotate(log: Path, *, max_bytes: int = MAX_BYTES, n_kept: int = N_KEPT) -> bool:
    """Set a log aside if it is large; its writer goes on at the beginning.

    The writer holds the file open to append, so it is copied and emptied; what is
    written between the two is lost, a line or two.

    Returns
    -------
    bool
        Whether it was set aside.
    """
    if log.stat().st_size <= max_bytes:
        return False
    for n in range(n_kept - 1, 0, -1):
        older = _aside(log, n)
        if older.exists():
            older.replace(_aside(log, n + 1))
    shutil.copyfile(log, _aside(log, 1))
    with log.open("r+b") as file:
        file.truncate(0)
    return True


def _aside(log: Path, n: int) -> Path:
    """Name of the n-th log set aside, 1 for the newest."""
    return log.with_name(f"{log.name}.{n}")
