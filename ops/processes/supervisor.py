"""Several processes as one service: started together, restarted alone, ended together.

Used where there is no systemd: the demo and ``tocsin serve``. A child that dies is
started again after a pause that grows; all its work is in rows, so it goes on where it
was. Children end with us even if we are killed: each watches a pipe that only we hold.

Children take their settings from the file they are given and from nothing else: a
``TOCSIN_*`` variable that was meant for another installation must not lead one of them
to its database or its carriers.
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

from ops.config.settings import ENV_PREFIX
from ops.log_rotation import rotate
from ops.processes.own_programs import start_own

#: Pause before a child that died is started again, seconds: first, and at most.
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
#: A child that lived for longer, seconds, died of something new: the pause is short.
STEADY_S = 60.0
#: How long a child may take to end before it is killed, seconds.
STOP_TIMEOUT_S = 15.0
#: The flag that makes a child watch its standard input (``end_with_parent``).
WITH_PARENT = "--with-parent"
#: Named by its path: another ``app`` in the current folder is not ours.
_PROGRAM = Path(__file__).parents[2] / "app.py"
#: Of a child's log, bytes that are read for its last words.
_TAIL = 4_096

Spawn = Callable[
    [Sequence[str], Mapping[str, str], "IO[bytes]"], "subprocess.Popen[bytes]"
]


@dataclass(slots=True)
class Child:
    """One supervised process."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    #: Monotonic, of the process that runs or ran last.
    started_at: float
    #: Where in the log that process began to write, bytes.
    log_start: int
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
    spawn : callable, optional
        Starts a process from arguments, environment and log.
    """

    def __init__(
        self,
        log_dir: Path,
        *,
        monotonic: Callable[[], float],
        spawn: Spawn | None = None,
    ) -> None:
        self._log_dir = log_dir
        self._monotonic = monotonic
        self._spawn = spawn or _spawn
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
            Added to ours, of which no ``TOCSIN_*`` is passed on.
        """
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = self.log_file(name).open("ab")
        environment = {**_without_settings(os.environ), **(environment or {})}
        child = Child(
            name=name,
            arguments=arguments,
            environment=environment,
            log=log,
            log_start=log.tell(),
            process=self._spawn(arguments, environment, log),
            started_at=self._monotonic(),
        )
        self._children[name] = child
        return child

    def ended(self) -> list[str]:
        """Names of the children that do not run now."""
        return [c.name for c in self._children.values() if not c.is_alive]

    def watch(self) -> list[str]:
        """Start again what has died, set large logs aside; call it every second or so.

        Returns
        -------
        list of str
            Names of the children that were started again now.
        """
        now = self._monotonic()
        restarted = []
        for child in self._children.values():
            if rotate(self.log_file(child.name)):
                child.log_start = 0
            if child.is_alive:
                continue
            if child.restart_at is None:
                child.restart_at = now + _pause(child, now)
            if now >= child.restart_at:
                self._restart(child, now)
                restarted.append(child.name)
        return restarted

    def _restart(self, child: Child, now: float) -> None:
        _close_pipe(child.process)
        child.log_start = child.log.seek(0, os.SEEK_END)
        child.process = self._spawn(child.arguments, child.environment, child.log)
        child.started_at, child.restart_at = now, None
        child.n_restarts += 1

    def log_file(self, name: str) -> Path:
        """Where a child writes."""
        return self._log_dir / f"{name}.log"

    def last_words(self, name: str) -> str:
        """The last line that a child has written since it was started; "" if none."""
        child = self._children[name]
        with self.log_file(name).open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(child.log_start, end - _TAIL))
            lines = log.read().decode("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def stop(self) -> None:
        """End all children, the last started first; each before the next is told.

        The worker ends what it has under way while those it talks to are still there.
        """
        for child in reversed(self._children.values()):
            if child.is_alive:
                child.process.send_signal(signal.SIGTERM)
            try:
                child.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.log.close()
            _close_pipe(child.process)
        self._children.clear()


def _pause(child: Child, now: float) -> float:
    """How long a child that has just died is left alone, seconds."""
    if now - child.started_at >= STEADY_S:
        child.n_restarts = 0
    # Beyond some ten doublings the limit counts anyway.
    return min(FIRST_PAUSE_S * 2.0 ** min(child.n_restarts, 10), LONGEST_PAUSE_S)


def _without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(ENV_PREFIX)
    }


def _close_pipe(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


def _spawn(
    arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    words = [str(_PROGRAM), WITH_PARENT, *arguments]
    return start_own(words, stdout=log, stderr=log, environment=environment)


def end_with_parent() -> None:
    """End this process as by SIGTERM when whoever started it is gone."""

    def wait_for_end() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, name="end-with-parent", daemon=True).start()
