"""``tocsin serve``: what is told before anything starts."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from ops.config.settings import CarrierSettings, Settings
from ops.errors import AddressError, AlreadyRunningError, SettingsError
from ops.listening import LOOPBACK
from ops.processes.serve import serve, with_ports, with_simulated_carrier
from ops.processes.single_instance import single_worker
from ops.wiring.services import Services
from ops.wiring.simulated_carrier import NAME

REAL = CarrierSettings(
    base_url="https://api.twilio.com",
    account_sid="AC1",
    auth_token=SecretStr("t"),
    sms_from="1294",
)


def never(_settings: Settings) -> Services:
    raise AssertionError("nothing may be opened")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path}/x.db"), data_dir=tmp_path
    )


def test_the_built_in_telco_joins_no_real_carrier(settings: Settings) -> None:
    """It would swallow warnings meant for people; the sentence names the carrier."""
    both = settings.model_copy(update={"carriers": {"main": REAL}})

    with pytest.raises(SettingsError, match="take messages away from main"):
        with_simulated_carrier(both)


def test_a_table_of_its_own_is_a_decision(settings: Settings) -> None:
    """Whoever writes [carriers.simulator] has said who serves whom."""
    own = REAL.model_copy(update={"base_url": "http://127.0.0.1:9"})
    both = settings.model_copy(update={"carriers": {"main": REAL, NAME: own}})

    assert with_simulated_carrier(both) is both


def test_without_carriers_it_is_the_only_one(settings: Settings) -> None:
    """On the port of the setting."""
    found = with_simulated_carrier(settings).carriers

    assert list(found) == [NAME]
    assert found[NAME].base_url == f"http://{LOOPBACK}:{settings.simulator_port}"


@pytest.mark.enable_socket
def test_port_0_is_a_free_one(settings: Settings) -> None:
    """Chosen once, so that worker and carriers call the same address."""
    found = with_ports(settings.model_copy(update={"port": 0, "simulator_port": 0}))

    assert found.port
    assert found.simulator_port
    assert found.callback_url == f"http://127.0.0.1:{found.port}"
    assert with_ports(settings) == settings


@pytest.mark.enable_socket
def test_a_taken_port_is_told_before_the_database_is_touched(
    settings: Settings, tmp_path: Path
) -> None:
    """Which one, and which setting chooses another."""
    with socket.create_server((LOOPBACK, 0)) as server:
        taken = settings.model_copy(update={"port": server.getsockname()[1]})
        with pytest.raises(AddressError, match="TOCSIN_PORT"):
            serve(never, taken, with_simulator=False)

    assert not (tmp_path / "x.db").exists()


@pytest.mark.enable_socket
def test_a_worker_that_runs_is_told(settings: Settings) -> None:
    """Two workers on one database would share nothing but its lock."""
    with (
        single_worker(settings),
        pytest.raises(AlreadyRunningError, match=r"A worker .*process \d+"),
    ):
        serve(never, settings, with_simulator=False)
