"""The built-in telco as a carrier: always here, never out there."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from ops.config.settings import CarrierSettings, Settings
from ops.errors import SettingsError
from ops.wiring.simulated_carrier import (
    NAME,
    SENDER,
    CarrierPace,
    require_loopback,
    simulated_carrier,
    simulator_config,
    telco_port,
)
from telephony.numbers import parse_number

PACE = CarrierPace(sms_per_s=10, calls_per_s=2, concurrent_calls=5)


def carrier(base_url: str) -> CarrierSettings:
    return CarrierSettings(
        base_url=base_url,
        account_sid="AC" + "0" * 32,
        auth_token=SecretStr("s3cret"),
        sms_from="1294",
    )


def test_the_carrier_and_the_telco_fit() -> None:
    """Address, account and token are the same on both sides; each time others."""
    first, second = simulated_carrier(8090, PACE), simulated_carrier(8090, PACE)
    settings = Settings(carriers={NAME: first}, port=8123)

    config = simulator_config(settings, time_scale=30, seed=7)

    assert first.base_url == f"http://{config.host}:{config.port}"
    assert config.account_sid == first.account_sid
    assert config.auth_token == first.auth_token.get_secret_value()
    assert first.auth_token != second.auth_token
    assert [one.number for one in config.numbers] == [SENDER]
    assert (config.numbers[0].voice_url or "").endswith("/simulator/inbound/call")
    assert config.numbers[0].sms_url == (
        "http://127.0.0.1:8123/telephony/simulator/inbound/message"
    )
    assert (config.time_scale, config.seed) == (30, 7)


def test_its_sender_is_a_number() -> None:
    """What phones see as the caller could be one."""
    assert parse_number(SENDER) == SENDER


def test_its_port_is_that_of_the_carrier() -> None:
    """What the table says counts over the setting, or they would miss each other."""
    settings = Settings(carriers={NAME: carrier("http://127.0.0.1:9999")})

    assert telco_port(settings) == 9999
    assert telco_port(Settings(simulator_port=8001)) == 8001


def test_without_a_table_it_cannot_run() -> None:
    """The sentence says both ways out."""
    with pytest.raises(SettingsError, match=r"carriers\.simulator.*--simulator"):
        simulator_config(Settings(), time_scale=1, seed=1)


def test_a_table_that_leads_elsewhere_is_refused() -> None:
    """Or messages would go to a stranger while the telco waits."""
    settings = Settings(carriers={NAME: carrier("https://api.twilio.com")})

    with pytest.raises(SettingsError, match="BASE_URL"):
        simulator_config(settings, time_scale=1, seed=1)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:5"]
)
def test_loopback_is_let_through(url: str) -> None:
    """Numbers of the loopback, version 4 or 6."""
    require_loopback(Settings(carriers={"x": carrier(url)}))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.twilio.com",
        "http://localhost:80",
        "http://0.0.0.0:80",
        "http://192.168.1.1",
        "http://127.0.0.1.example.org",
        "http://[fe80::1]",
        "http://2130706433",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    """Names, too, for they may lead anywhere. The demo's numbers may be somebody's."""
    settings = Settings(
        carriers={NAME: carrier("http://127.0.0.1:1"), "real": carrier(url)}
    )

    with pytest.raises(SettingsError, match="real is not on this machine") as caught:
        require_loopback(settings)

    assert "s3cret" not in str(caught.value)
