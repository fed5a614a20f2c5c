"""Bodies that stop coming hold a server up for a moment, and not for ever."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from ops.listening import LOOPBACK
from tests.scenario.granian_process import granian

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

N_THREADS = 4
BEGUN = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345"


@pytest.fixture
def port() -> Iterator[int]:
    """A server with few threads."""
    target = "tests.scenario.slow_bodies_application:application"
    with granian(target, "--blocking-threads", str(N_THREADS)) as (port, _):
        yield port


def connect(port: int) -> socket.socket:
    return socket.create_connection((LOOPBACK, port), timeout=20)


def test_who_sends_no_more_is_cut_off_and_nobody_else(port: int) -> None:
    """Four times as many as there are threads; a stream to the same place goes on."""
    with ExitStack() as lines:
        live = lines.enter_context(closing(connect(port)))
        live.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert live.recv(65_536).startswith(b"HTTP/1.1 200")
        stuck = [lines.enter_context(closing(connect(port))) for _ in range(16)]
        for line in stuck:
            line.sendall(BEGUN)
        whole = lines.enter_context(closing(connect(port)))
        whole.sendall(BEGUN + b"67890")

        assert whole.recv(65_536).startswith(b"HTTP/1.1 200")
        for line in stuck:
            assert not line.recv(65_536).startswith(b"HTTP/1.1 200")
        rest = b"".join(iter(lambda: live.recv(65_536), b""))
        assert b"ended" in rest
