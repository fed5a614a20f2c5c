"""Several processes as one service: started together, restarted alone, ended together.

Used where there is no systemd: the demo and ``tocsin serve``. A child that dies is
started again after a pause that grows; all its work is in rows, so it goes on where it
was. Children end with us even if we are killed: each watches a pipe that only we hold.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

#: Pause before a child that died is started again, seconds: first, and at most.
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
#: How long a child may take to end before it is killed, seconds.
STOP_TIMEOUT_S = 15.0
#: The flag that makes a child watch its standard input (``end_with_parent``).
WITH_PARENT = "--with-parent"


@dataclass(slots=True)
class Child:
    """One supervised process."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    n_restarts: int = 0
    #: Monotonic time before which it is not started again.
    restart_at: float | None = field(default=None)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None


class Supervisor:
    """Start, watch and end child processes of this program.

    Parameters
    ----------
    log_dir : Path
        Each child writes to a file of its name here.
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(self, log_dir: Path, *, monotonic: Callable[[], float]) -> None:
        self._log_dir = log_dir
        self._monotonic = monotonic
        self._children: dict[str, Child] = {}

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Start ``tocsin`` with these arguments as a child.

        Parameters
        ----------
        environment : mapping, optional
            Added to ours.
        """
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = (self._log_dir / f"{name}.log").open("ab")
        environment = {**os.environ, **(environment or {})}
        process = _spawn(arguments, environment, log)
        child = Child(name, arguments, environment, process, log)
        self._children[name] = child
        return child

    def watch(self) -> list[str]:
        """Start again what has died; call it every second or so.

        Returns
        -------
        list of str
            Names of the children that were started again now.
        """
        now = self._monotonic()
        restarted = []
        for child in self._children.values():
            if child.is_alive:
                continue
            if child.restart_at is None:
                pause = min(FIRST_PAUSE_S * 2**child.n_restarts, LONGEST_PAUSE_S)
                child.restart_at = now + pause
            if now >= child.restart_at:
                child.process = _spawn(child.arguments, child.environment, child.log)
                child.n_restarts += 1
                child.restart_at = None
                restarted.append(child.name)
        return restarted

    def log_file(self, name: str) -> Path:
        """Where a child writes."""
        return self._log_dir / f"{name}.log"

    def stop(self) -> None:
        """End all children, the last started first, and wait for them."""
        for child in reversed(self._children.values()):
            if child.is_alive:
                child.process.send_signal(signal.SIGTERM)
        for child in self._children.values():
            try:
                child.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.log.close()
            if child.process.stdin is not None:
                child.process.stdin.close()
        self._children.clear()


def _spawn(
    arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app", WITH_PARENT, *arguments]
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=dict(environment)
    )


def end_with_parent() -> None:
    """End this process as by SIGTERM when whoever started it is gone."""

    def wait_for_end() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, name="end-with-parent", daemon=True).start()
