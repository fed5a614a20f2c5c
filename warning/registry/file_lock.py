"""Waiting for a lock on a file, but not for ever.

The system's own waiting knows no end: a process that hangs with the lock would hang
everybody. So it is asked for again and again, soon at first and then at leisure.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable
from typing import IO

_FIRST_PAUSE_S = 0.0005
_LONGEST_PAUSE_S = 0.01


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def lock_within(
    file: IO[bytes] | IO[str],
    timeout_s: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = _pause,
) -> bool:
    """Take the exclusive lock of an open file.

    Parameters
    ----------
    file : open file
        Whoever opened it otherwise, also in this process, is somebody else.
    timeout_s : float
        How long to try, seconds.
    monotonic, pause : callable, optional
        Seconds that only grow; what waits for some seconds.

    Returns
    -------
    bool
        False if somebody held it all the time.
    """
    give_up_at = monotonic() + timeout_s
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= give_up_at:
                return False
        else:
            return True
        pause(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
