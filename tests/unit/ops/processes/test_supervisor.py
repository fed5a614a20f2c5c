"""Several processes as one: started together, restarted alone, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pytest

from ops.processes import supervisor as module
from ops.processes.supervisor import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    STEADY_S,
    Supervisor,
    end_with_parent,
)

#: Says what it was told, ends when its standard input does, and obeys SIGTERM.
CHILD = "import sys; print(*sys.argv[1:], flush=True); sys.stdin.read()"


class Nursery:
    """Spawns small processes instead of the product; remembers their environment."""

    def __init__(self) -> None:
        self.now = 0.0
        self.environments: list[Mapping[str, str]] = []

    def monotonic(self) -> float:
        return self.now

    def spawn(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        self.environments.append(environment)
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-S", "-c", CHILD, *arguments],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )


@pytest.fixture
def nursery() -> Nursery:
    return Nursery()


@pytest.fixture
def supervisor(nursery: Nursery, tmp_path: Path) -> Supervisor:
    return Supervisor(
        tmp_path / "log", monotonic=nursery.monotonic, spawn=nursery.spawn
    )


def test_ends_everybody(supervisor: Supervisor) -> None:
    """After stop nobody is left."""
    children = [supervisor.start(name, [name]) for name in ("a", "b")]
    assert all(child.is_alive for child in children)

    supervisor.stop()

    assert not any(child.is_alive for child in children)
    assert supervisor.watch() == []


def test_kills_who_does_not_end(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that hangs does not keep us."""
    monkeypatch.setattr(module, "STOP_TIMEOUT_S", 0.05)
    child = supervisor.start("a", [])
    os.kill(child.process.pid, signal.SIGSTOP)
    os.waitpid(child.process.pid, os.WUNTRACED)  # now it hears no SIGTERM

    supervisor.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_restarts_who_has_died_after_a_growing_pause(
    supervisor: Supervisor, nursery: Nursery
) -> None:
    """Twice the pause each time, up to a longest."""
    child = supervisor.start("a", [])
    pauses = []
    for _ in range(8):
        child.process.kill()
        child.process.wait()
        assert supervisor.watch() == []
        assert child.restart_at is not None
        pauses.append(child.restart_at - nursery.now)
        nursery.now = child.restart_at
        assert supervisor.watch() == ["a"]
        assert child.is_alive
    supervisor.stop()

    assert pauses[0] == pytest.approx(FIRST_PAUSE_S)
    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE_S)


def test_a_long_life_makes_the_pause_short_again(
    supervisor: Supervisor, nursery: Nursery
) -> None:
    """A worker that dies once a day is back at once."""
    child = supervisor.start("a", [])
    child.n_restarts = 50
    nursery.now += STEADY_S
    child.process.kill()
    child.process.wait()
    supervisor.watch()
    nursery.now += FIRST_PAUSE_S

    assert supervisor.watch() == ["a"]
    supervisor.stop()


def test_last_words_are_those_of_this_life(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """What an earlier process wrote into the same log explains nothing."""
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "a.log").write_text("old words\n")
    child = supervisor.start("a", [])
    child.process.communicate()
    before = supervisor.last_words("a")
    supervisor.start("b", ["new", "words"]).process.communicate()

    assert before == ""
    assert supervisor.last_words("b") == "new words"
    assert supervisor.ended() == ["a", "b"]
    supervisor.stop()


def test_settings_of_the_environment_are_not_passed_on(
    supervisor: Supervisor, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child of the demo never reaches somebody's real database or carrier."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://real")
    monkeypatch.setenv("tocsin_carriers__main__base_url", "https://real")
    monkeypatch.setenv("UNRELATED", "kept")

    supervisor.start("a", [], {"TOCSIN_CONFIG": "x.toml"})
    supervisor.stop()

    ours = {k: v for k, v in nursery.environments[0].items() if "TOCSIN" in k.upper()}
    assert ours == {"TOCSIN_CONFIG": "x.toml"}
    assert nursery.environments[0]["UNRELATED"] == "kept"


def test_a_child_ends_when_its_pipe_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if we are killed, nobody is left behind."""
    reading, writing = os.pipe()
    signals: list[int] = []
    told = threading.Event()

    def kill(_pid: int, number: int) -> None:
        signals.append(number)
        told.set()

    monkeypatch.setattr(os, "kill", kill)
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        end_with_parent()
        assert not told.is_set()
        os.close(writing)
        assert told.wait(10)

    assert signals == [signal.SIGTERM]
