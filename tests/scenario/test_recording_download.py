"""Recordings over real HTTP: bounded, from the carrier alone, secrets kept to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.exchange.recording_download import download
from telephony.calls.carrier_recordings import Downloaded
from telephony.errors import CarrierUnavailableError, RecordingLostError
from tests.scenario.hostile_server import MIB, HostileServer, moved, page

CREDENTIALS = ("AC1", "a-secret-token")
#: ``AC1:a-secret-token``
AUTHORIZATION = b"Basic QUMxOmEtc2VjcmV0LXRva2Vu"

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def carrier() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture
def storage() -> Iterator[HostileServer]:
    with HostileServer({"/RE1.wav": page(b"RIFF")}) as server:
        yield server


def ask(server: HostileServer, path: str, *hosts: str) -> Downloaded:
    return download(
        server.url + path,
        credentials=CREDENTIALS,
        hosts=hosts,
        timeout_s=0.5,
        max_bytes=MIB,
    )


def test_a_recording_comes_with_the_accounts_credentials(
    carrier: HostileServer,
) -> None:
    """As it is, and whatever the status."""
    carrier.pages["/RE1.wav"] = page(b"RIFF")
    assert ask(carrier, "/RE1.wav") == Downloaded(status=200, body=b"RIFF")
    assert AUTHORIZATION in carrier.heads[-1]
    assert ask(carrier, "/RE2.wav").status == 404


def test_storage_is_asked_without_the_credentials(
    carrier: HostileServer, storage: HostileServer
) -> None:
    """A Somleng sends whoever asks to its storage, whose address is key enough."""
    carrier.pages["/RE1.wav"] = moved(f"{storage.url}/RE1.wav")
    assert ask(carrier, "/RE1.wav").body == b"RIFF"
    assert AUTHORIZATION in carrier.heads[-1]
    assert b"uthorization" not in storage.heads[-1]


@pytest.mark.parametrize(
    "where", ["http://storage.invalid/RE1.wav", "file:///etc/passwd", "", "http://["]
)
def test_nobody_else_is_asked(carrier: HostileServer, where: str) -> None:
    """Not even for the carrier, unless the settings name the host."""
    carrier.pages["/RE1.wav"] = moved(where)
    with pytest.raises(CarrierUnavailableError):
        ask(carrier, "/RE1.wav")


def test_who_redirects_for_ever_is_left(carrier: HostileServer) -> None:
    """Three times are enough."""
    carrier.pages["/RE1.wav"] = moved("/RE1.wav")
    with pytest.raises(CarrierUnavailableError):
        ask(carrier, "/RE1.wav")
    assert len(carrier.asked) == 4


@pytest.mark.parametrize("path", ["/endless", "/announced", "/bomb"])
def test_what_is_too_large_is_cut_off(carrier: HostileServer, path: str) -> None:
    """Announced, endless, or packed; it will not be smaller next time."""
    with pytest.raises(RecordingLostError, match="too large"):
        ask(carrier, path)


@pytest.mark.parametrize("path", ["/slow", "/silent", "/cut", "/garbage"])
def test_who_does_not_answer_is_asked_later(carrier: HostileServer, path: str) -> None:
    """Slow, silent, broken off, or no HTTP; the error holds no secret."""
    with pytest.raises(CarrierUnavailableError) as failed:
        ask(carrier, path)
    assert CREDENTIALS[1] not in str(failed.value)
