"""Waiting for a service: there, late, or dead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from ops.errors import StartError
from ops.processes.startup import START_S, await_listening
from ops.processes.supervisor import Supervisor


@dataclass
class FakeService:
    """Processes that begin to listen at their times, or die; a clock that is paused."""

    listens_at: dict[int, float]
    dies_at: dict[str, float] = field(default_factory=dict)
    words: str = ""
    now: float = 0.0
    stops_at: float | None = None

    def ended(self) -> list[str]:
        return [name for name, at in self.dies_at.items() if self.now >= at]

    def last_words(self, _name: str) -> str:
        return self.words

    def log_file(self, name: str) -> Path:
        return Path("log") / f"{name}.log"

    def monotonic(self) -> float:
        return self.now

    def pause(self, seconds: float) -> bool:
        self.now += seconds
        return self.stops_at is not None and self.now >= self.stops_at

    def probe(self, _host: str, port: int) -> bool:
        return self.now >= self.listens_at.get(port, float("inf"))

    def wait(self, **ports: int) -> bool:
        return await_listening(
            cast("Supervisor", self),
            ports,
            monotonic=self.monotonic,
            pause=self.pause,
            probe=self.probe,
        )


def test_waits_for_the_last_one() -> None:
    """Everybody must be there."""
    service = FakeService({1: 0.5, 2: 3.0})

    assert service.wait(simulator=1, web=2)
    assert service.now == pytest.approx(3.0, abs=0.1)


def test_one_that_ends_is_told_with_its_last_words() -> None:
    """Not waited for, and not without its own reason."""
    service = FakeService({1: 99}, {"web": 1.0}, words="tocsin: Port 1 is taken.")

    with pytest.raises(StartError) as caught:
        service.wait(web=1)

    assert str(caught.value) == (
        "web ended while it started: Port 1 is taken. (log: log/web.log)"
    )
    assert service.now < START_S


def test_one_that_is_not_waited_for_counts_too() -> None:
    """A worker has no port, and its end is an end."""
    service = FakeService({1: 2.0}, {"worker": 1.0})

    with pytest.raises(StartError, match="worker ended while it started"):
        service.wait(web=1)


def test_one_that_hangs_is_told_with_its_log() -> None:
    """After a minute nobody waits any longer."""
    with pytest.raises(StartError, match=r"web does not listen.*log/web\.log"):
        FakeService({}).wait(web=1)


def test_whoever_stops_does_not_wait() -> None:
    """Ctrl-C during the start ends it."""
    service = FakeService({}, stops_at=1.0)

    assert not service.wait(web=1)
    assert service.now == pytest.approx(1.0, abs=0.1)
