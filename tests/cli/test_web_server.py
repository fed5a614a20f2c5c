"""The web server: refused in a sentence before it starts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops.config.settings import Settings
from ops.listening import LOOPBACK
from ops.processes.web_server import serve_web
from tests.cli.conftest import Run, assert_refused


class FakeGranian:
    """Remembers how it was made; serves nothing."""

    made: dict[str, object]

    def __init__(self, target: str, **options: object) -> None:
        FakeGranian.made = {"target": target, **options}

    def serve(self) -> None:
        """Return at once."""


@pytest.fixture
def granian(monkeypatch: pytest.MonkeyPatch) -> type[FakeGranian]:
    monkeypatch.setattr("granian.Granian", FakeGranian)
    monkeypatch.setenv("TOCSIN_PORT", "")  # put back what is changed
    return FakeGranian


@pytest.mark.enable_socket
@pytest.mark.usefixtures("database")
def test_a_taken_port_is_told(tocsin: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of the server's own."""
    with socket.create_server((LOOPBACK, 0)) as server:
        monkeypatch.setenv("TOCSIN_PORT", str(server.getsockname()[1]))

        assert_refused(tocsin("web"), "is taken by another program", "TOCSIN_PORT")


@pytest.mark.enable_socket
def test_port_0_is_known_to_the_process_that_serves(
    granian: type[FakeGranian],
) -> None:
    """Callbacks are signed over its own address."""
    serve_web(Settings(port=0))

    assert granian.made["port"] != 0
    assert os.environ["TOCSIN_PORT"] == str(granian.made["port"])


@pytest.mark.enable_socket
def test_one_process_many_threads(granian: type[FakeGranian]) -> None:
    """Callbacks are committed in groups across the threads of one process."""
    serve_web(Settings(port=0, web_threads=7))

    assert granian.made["workers"] == 1
    assert granian.made["blocking_threads"] == 7
    assert granian.made["target"] == "app:create_served"


#: Forks as the server does; both processes hold standard output.
PARENT = """
import os, signal
from ops.processes.web_server import _end_children_with_us
_end_children_with_us()
if os.fork() != 0:
    os.write(1, b"x")
signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
def test_the_process_that_serves_ends_with_its_parent() -> None:
    """A killed web server leaves nobody on its port, so that another can start."""
    root = Path(__file__).parents[3]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(1) == b"x"

        parent.kill()

        assert parent.stdout.read() == b""  # the last one who held it is gone
