"""Recordings are asked of the configured carrier alone."""

from __future__ import annotations

from typing import Any

import pytest

from telephony.calls.carrier_recordings import (
    MAX_BYTES,
    CarrierRecordings,
    Downloaded,
    RecordingHost,
)
from telephony.carriers.carrier_account import CarrierAccount
from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
    TelephonyError,
)


class Web:
    """Answers every question alike, and remembers them."""

    def __init__(self, status: int = 200, body: bytes = b"RIFF") -> None:
        self.answer = Downloaded(status=status, body=body)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, url: str, **how: Any) -> Downloaded:
        self.asked.append({"url": url} | how)
        return self.answer


def recordings(web: Web) -> CarrierRecordings:
    account = CarrierAccount(
        name="main",
        base_url="https://telco.example/base/",
        account_sid="AC1",
        auth_token="secret",
    )
    host = RecordingHost(account=account, hosts=("files.example",))
    return CarrierRecordings({"main": host}, web)


def test_the_address_is_made_of_the_settings() -> None:
    """With the account's credentials, within bounds."""
    web = Web()
    assert recordings(web).fetch("main/RE1", timeout_s=3.0) == b"RIFF"
    assert web.asked == [
        {
            "url": "https://telco.example/base/2010-04-01/Accounts/AC1"
            "/Recordings/RE1.wav",
            "credentials": ("AC1", "secret"),
            "hosts": ("files.example",),
            "timeout_s": 3.0,
            "max_bytes": MAX_BYTES,
        }
    ]


@pytest.mark.parametrize(
    "ref", ["other/RE1", "main/../x", "https://evil.example/RE1", ""]
)
def test_nobody_else_is_asked(ref: str) -> None:
    """A name of no carrier of ours leads nowhere."""
    web = Web()
    with pytest.raises(RecordingLostError):
        recordings(web).fetch(ref, timeout_s=3.0)
    assert web.asked == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, RecordingLateError),
        (400, RecordingLostError),
        (410, RecordingLostError),
        (401, CarrierUnavailableError),
        (403, CarrierUnavailableError),
        (429, CarrierUnavailableError),
        (302, CarrierUnavailableError),
        (500, CarrierUnavailableError),
        (503, CarrierUnavailableError),
    ],
)
def test_what_a_status_means(status: int, error: type[TelephonyError]) -> None:
    """Not yet, never, or not now."""
    with pytest.raises(error):
        recordings(Web(status)).fetch("main/RE1", timeout_s=3.0)
