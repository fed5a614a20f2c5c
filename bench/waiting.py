"""Waiting for other processes, which live in real time and not by an injected clock."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence

from ops.listening import LOOPBACK, is_listening

_LOOK_AGAIN_S = 0.1


class StuckError(Exception):
    """What is measured does not get on; the message says where to look."""


def wait_until(
    is_so: Callable[[], bool],
    *,
    timeout_s: float,
    what: str,
    every_s: float = _LOOK_AGAIN_S,
) -> None:
    """Look until it is so.

    Raises
    ------
    StuckError
        If it is not in time.
    """
    until = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > until:
            raise StuckError(f"{what} did not happen within {timeout_s:.0f} s")
        # The processes that are looked at go by the real clock.
        time.sleep(every_s)


def wait_for(
    started: subprocess.Popen[bytes],
    is_so: Callable[[], bool],
    *,
    timeout_s: float,
    what: str,
) -> None:
    """Wait for something that a process must do.

    Raises
    ------
    StuckError
        If it ends before, or takes too long.
    """

    def is_so_or_over() -> bool:
        if started.poll() is not None:
            raise StuckError(f"{what} failed: the process ended; see its log")
        return is_so()

    wait_until(is_so_or_over, timeout_s=timeout_s, what=what)


def wait_until_listening(
    process: subprocess.Popen[bytes],
    ports: Sequence[int],
    *,
    timeout_s: float,
    what: str,
) -> None:
    """Return when a process answers on all its ports.

    Raises
    ------
    StuckError
        If it ends before, or does not in time.
    """

    def is_up() -> bool:
        return all(is_listening(LOOPBACK, port) for port in ports)

    wait_for(process, is_up, timeout_s=timeout_s, what=f"start of {what}")
