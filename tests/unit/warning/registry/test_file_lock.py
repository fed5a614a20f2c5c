"""A lock on a file is waited for, and not for ever."""

from __future__ import annotations

import fcntl
from pathlib import Path

from warning.registry.file_lock import lock_within


class Time:
    """Passes only while somebody waits; something may happen at some time."""

    def __init__(self) -> None:
        self.s = 0.0
        self.pauses: list[float] = []
        self.free_at = float("inf")
        self.holder = -1

    def monotonic(self) -> float:
        return self.s

    def pause(self, seconds: float) -> None:
        self.s += seconds
        self.pauses.append(seconds)
        if self.s >= self.free_at:
            fcntl.flock(self.holder, fcntl.LOCK_UN)


def test_a_lock_that_is_held_is_given_up(tmp_path: Path) -> None:
    """After the time that was given, with pauses that grow up to a longest."""
    path, time = tmp_path / "lock", Time()
    with path.open("ab") as held, path.open("ab") as wanted:
        assert lock_within(held, 0, monotonic=time.monotonic, pause=time.pause)
        assert not lock_within(wanted, 1, monotonic=time.monotonic, pause=time.pause)
    assert 1 <= time.s < 1.02
    assert time.pauses[0] < time.pauses[-1] == max(time.pauses)


def test_a_lock_that_becomes_free_is_taken(tmp_path: Path) -> None:
    """Soon after, and then it is ours."""
    path, time = tmp_path / "lock", Time()
    with path.open("ab") as held, path.open("ab") as wanted:
        fcntl.flock(held, fcntl.LOCK_EX)
        time.holder, time.free_at = held.fileno(), 0.5
        assert lock_within(wanted, 1, monotonic=time.monotonic, pause=time.pause)
        assert 0.5 <= time.s < 0.52
        assert not lock_within(held, 0, monotonic=time.monotonic, pause=time.pause)
