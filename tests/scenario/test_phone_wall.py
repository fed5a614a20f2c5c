"""The console's look at simulated phones, over the telco's real control interface."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from ops.config.settings import CarrierSettings
from ops.exchange.phone_wall import PhoneWall
from simulator.config import SimulatorConfig
from simulator.testing import RunningSimulator, running
from telephony.errors import CarrierUnavailableError
from tests.scenario.many_texts import carrier_at

PHONE = "+85512345678"

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]


def carrier(telco: RunningSimulator, **changes: object) -> CarrierSettings:
    return carrier_at(telco, sms_from="+15005550006", **changes)


def text(telco: RunningSimulator, body: str) -> None:
    """As a service does."""
    sid, token = telco.config.account_sid, telco.config.auth_token
    form = urlencode({"To": PHONE, "From": "+15005550006", "Body": body}).encode()
    pair = b64encode(f"{sid}:{token}".encode()).decode()
    url = f"{telco.base_url}/2010-04-01/Accounts/{sid}/Messages.json"
    with urlopen(Request(url, form, {"Authorization": f"Basic {pair}"})):  # noqa: S310 - the loopback
        pass


def test_phones_with_news_are_seen_and_held() -> None:
    """Their texts; what an idle phone cannot do is a sentence, and so is silence."""
    with running(SimulatorConfig()) as telco:
        wall = PhoneWall(carrier(telco))
        assert list(wall.phones(limit=9)) == []
        text(telco, "Flood. Go to high ground.")

        (phone,) = wall.phones(limit=9)
        assert (phone.number, phone.state) == (PHONE, "idle")
        assert phone.texts == ["Flood. Go to high ground."]
        with pytest.raises(CarrierUnavailableError, match="cannot do this now"):
            wall.act(PHONE, "answer")
        with pytest.raises(CarrierUnavailableError, match="cannot do this now"):
            PhoneWall(carrier(telco, auth_token="wrong")).phones(limit=9)
    with pytest.raises(CarrierUnavailableError, match="does not answer"):
        wall.phones(limit=9)


def test_another_telco_has_no_phones_here() -> None:
    """Nothing is asked of anybody."""
    elsewhere = CarrierSettings.model_validate(
        {
            "base_url": "https://telco.example.org",
            "account_sid": "AC1",
            "auth_token": "secret",
            "sms_from": "+15005550006",
        }
    )
    for wall in (PhoneWall(None), PhoneWall(elsewhere)):
        assert not wall.is_there
        with pytest.raises(CarrierUnavailableError, match="not our carrier"):
            wall.phones(limit=1)
