"""Real sockets on the loopback: the process, the thread, and what breaks on command."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from urllib.parse import urlsplit

import pytest

from simulator.config import Dialect, SimulatorConfig
from simulator.testing import RunningSimulator, running

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def simulator(dialect: Dialect) -> Iterator[RunningSimulator]:
    with running(SimulatorConfig(dialect=dialect, time_scale=1000.0)) as started:
        yield started


def test_a_message_over_http(simulator: RunningSimulator) -> None:
    """A message is accepted, delivered and shown in the phone's inbox."""
    simulator.force("+85512345678", reply="1")
    path = f"/2010-04-01/Accounts/{simulator.config.account_sid}/Messages.json"
    status, _ = simulator.request("GET", path)
    assert status == 200
    act = {"to": "1294", "body": "hello"}
    simulator.act("+85512345678", "texts", act)
    counters = simulator.wait_until_quiet()
    assert counters["messages.inbound"] == simulator.counters()["messages.inbound"] == 1
    assert simulator.inbox("+85512345678")["texts"][0]["body"] == "hello"
    simulator.reset()
    assert simulator.inbox("+85512345678")["texts"] == []


def test_dropped_connections(simulator: RunningSimulator) -> None:
    """A drop on command is a connection that breaks without an answer."""
    simulator.control("PUT", "faults", {"drop_before": 1.0})
    connection = HTTPConnection(urlsplit(simulator.base_url).netloc, timeout=10)
    connection.request("GET", "/2010-04-01/Accounts.json")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


def test_the_port_is_free_afterwards() -> None:
    """Stopping closes the port; starting again on it works."""
    with running(SimulatorConfig()) as first:
        port = urlsplit(first.base_url).port
    assert port is not None
    with running(SimulatorConfig(port=port)) as second:
        assert second.base_url == first.base_url


def test_a_port_that_is_taken() -> None:
    """Starting on a taken port fails with the reason."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        config = SimulatorConfig(port=other.getsockname()[1])
        with pytest.raises(RuntimeError, match="in use"), running(config):
            pytest.fail("must not start")


def test_the_process() -> None:
    """`serve` prints where it listens and ends cleanly on SIGTERM."""
    code = (
        "from simulator.server import serve; from simulator.config import"
        " SimulatorConfig; serve(SimulatorConfig())"
    )
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    base_url = json.loads(process.stdout.readline())["listening"]
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    connection.request("GET", "/_simulator/health")
    assert json.load(connection.getresponse()) == {"status": "ok"}
    connection.close()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
