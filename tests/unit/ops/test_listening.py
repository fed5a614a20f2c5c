"""Addresses: taken, forbidden, unknown, free."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from ops.errors import AddressError
from ops.listening import (
    LOOPBACK,
    _why_not,
    free_port,
    is_listening,
    is_ready,
    require_free,
)

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_can_be_listened_on() -> None:
    """Nobody is there yet."""
    port = free_port()

    assert not is_listening(LOOPBACK, port)
    require_free(LOOPBACK, port, setting="TOCSIN_PORT")


def test_a_taken_port_is_told(taken: int) -> None:
    """Which port of what, and which setting chooses another."""
    with pytest.raises(AddressError) as caught:
        require_free(LOOPBACK, taken, setting="TOCSIN_SIMULATOR_PORT")

    assert f"Port {taken} of 127.0.0.1 is taken" in str(caught.value)
    assert "TOCSIN_SIMULATOR_PORT" in str(caught.value)


def test_somebody_who_listens_is_found(taken: int) -> None:
    """Also under the address that means every one."""
    assert is_listening(LOOPBACK, taken)
    assert is_listening("0.0.0.0", taken)  # noqa: S104 - connected to, not bound


def test_an_address_of_another_machine() -> None:
    """TEST-NET: never ours."""
    with pytest.raises(AddressError, match="TOCSIN_HOST"):
        require_free("192.0.2.1", 8080, setting="TOCSIN_PORT")


def test_low_ports_are_not_for_everybody() -> None:
    """The sentence says which are."""
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))

    assert "from 1024" in _why_not(error, LOOPBACK, 80, "TOCSIN_PORT")


@pytest.mark.parametrize(("status", "is_so"), [("200 OK", True), ("503 Not", False)])
def test_a_web_server_says_whether_all_is_well(status: str, is_so: bool) -> None:
    """By its own check; a worker that is missing is part of it."""
    with socket.create_server((LOOPBACK, 0)) as server:

        def answer() -> None:
            client, _ = server.accept()
            with client:
                client.recv(4096)
                client.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        assert is_ready(LOOPBACK, server.getsockname()[1]) is is_so
        thread.join()


def test_nobody_there_is_not_ready() -> None:
    """Without an error: whoever waits asks again."""
    assert not is_ready(LOOPBACK, free_port())
