"""What every part of the dispatch benchmark measures alike, and says alike."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Rate(NamedTuple):
    """How fast one way of sending was, and what it cost."""

    name: str
    #: Messages.
    n: int
    seconds: float
    #: CPU of all its processes, without the carrier's, seconds.
    cpu_s: float
    note: str = ""

    @property
    def per_s(self) -> float:
        """Messages per second."""
        return self.n / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU a message."""
        return self.cpu_s / self.n * 1e6


def say(text: str) -> None:
    """Tell whoever waits what is done now, with the machine's load."""
    load = os.getloadavg()[0]
    sys.stderr.write(f"[{time.strftime('%H:%M:%S')}, load {load:.1f}] {text}\n")
    sys.stderr.flush()


def cpu_s(pid: int) -> float:
    """CPU that a process, its children and theirs have used so far, seconds."""
    return sum(map(_ticks, _family(pid))) / _TICKS_PER_S


def memory_mib(pid: int) -> tuple[float, float]:
    """Resident memory of a process, and what of it is not mapped from files, MiB."""
    fields = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    resident, anonymous = (
        int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")
    )
    return resident, anonymous


def helpers_mib(pid: int) -> float:
    """Resident memory of all processes that a process has started, MiB."""
    sizes = []
    for child in list(_family(pid))[1:]:
        # One that ends while it is looked at takes none.
        with suppress(OSError, KeyError):
            sizes.append(memory_mib(child)[0])
    return sum(sizes)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _family(pid: int) -> Iterable[int]:
    yield pid
    # A child is listed with the thread that started it.
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = thread.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
