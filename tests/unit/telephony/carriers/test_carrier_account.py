"""An account that cannot work is refused at the start, in one sentence."""

from typing import Any

import pytest

from telephony.carriers.carrier_account import CarrierAccount
from telephony.errors import CarrierConfigError

GOOD = {
    "name": "kh",
    "base_url": "https://api.somleng.example:8443/telco",
    "account_sid": "3f0d3f0e-0000-4000-8000-000000000001",
    "auth_token": "secret-token",
    "sms_from": "Tocsin",
    "voice_from": "+85510000001",
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"sms_from": None, "voice_from": None},
        {"sms_from": "1294", "voice_from": "1294"},
        {"sms_from": "+85510000001"},
        {"base_url": "http://telco.lan"},
        {"base_url": "http://[fd00::1]:8080/"},
    ],
)
def test_account_that_can_work(change: dict[str, Any]) -> None:
    """Hosted or on the closed network, with numbers, short codes or names."""
    assert CarrierAccount(**GOOD | change).name == "kh"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("base_url", ""),
        ("base_url", "api.example"),
        ("base_url", "ftp://api.example"),
        ("base_url", "https://"),
        ("base_url", "https://api.example?x=1"),
        ("base_url", "https://api.example#x"),
        ("base_url", "https://user:pass@api.example"),
        ("base_url", "https://api.example:99999"),
        ("base_url", "https://api.example:0"),
        ("base_url", "https://[fd00"),
        ("base_url", "https://ápi.example"),
        ("base_url", "https://api.example "),
        ("account_sid", ""),
        ("account_sid", "AC/../x"),
        ("auth_token", ""),
        ("sms_from", ""),
        ("sms_from", "far too long a name"),
        ("sms_from", "+"),
        ("voice_from", "Tocsin"),
        ("voice_from", "+855 10 000 001"),
    ],
)
def test_account_that_cannot_work_is_refused(setting: str, value: str) -> None:
    """The sentence names the carrier and the setting, and never the token."""
    with pytest.raises(CarrierConfigError, match=f"Carrier 'kh': {setting} ") as caught:
        CarrierAccount(**GOOD | {setting: value})
    assert "secret-token" not in str(caught.value)


def test_token_is_not_shown() -> None:
    """The secret is in no ``repr``."""
    assert "secret-token" not in repr(CarrierAccount(**GOOD))
