"""The demo: an installation of its own, from which nothing can leave the machine."""

from __future__ import annotations

import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ops.config.settings import CarrierSettings
from ops.demo import run as demo
from ops.demo.run import DemoOptions, _require_good, demo_settings, ended_as_by_ctrl_c
from ops.demo.world import World
from ops.errors import AlreadyRunningError, DemoError, SettingsError
from ops.processes.single_instance import single_instance


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(folder=tmp_path / "demo", n_people=1_000, seed=1)


@pytest.mark.enable_socket
def test_only_the_built_in_telco_carries_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is in the environment: one carrier, on the loopback, as is the web."""
    monkeypatch.setenv("TOCSIN_CARRIERS__MAIN__BASE_URL", "https://api.twilio.com")
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://the-real-one/x")
    monkeypatch.setenv("TOCSIN_HOST", "0.0.0.0")  # noqa: S104 - must have no effect

    settings = demo_settings(world)

    assert list(settings.carriers) == ["simulator"]
    assert urlsplit(settings.carriers["simulator"].base_url).hostname == "127.0.0.1"
    assert settings.host == "127.0.0.1"
    assert settings.database_url.get_secret_value() == f"sqlite:///{world.database}"
    assert settings.port != settings.simulator_port


@pytest.mark.enable_socket
def test_a_carrier_out_there_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should somebody one day build the demo's settings with a real one."""

    def real(*_: object) -> CarrierSettings:
        return CarrierSettings.model_validate(
            {
                "base_url": "https://api.twilio.com",
                "account_sid": "AC1",
                "auth_token": "t",
                "sms_from": "1294",
            }
        )

    monkeypatch.setattr(demo, "simulated_carrier", real)

    with pytest.raises(SettingsError, match="loopback"):
        demo_settings(world)


def test_an_unreadable_alert_is_told_before_anything_starts(tmp_path: Path) -> None:
    """No population is made for it."""
    file = tmp_path / "alert.xml"
    file.write_text("<alert>")
    options = DemoOptions(alert_file=file, folder=tmp_path / "demo")

    with pytest.raises(DemoError, match=r"alert\.xml cannot be read as CAP"):
        demo.run(_never, options, stay=False)

    assert not options.folder.exists()


@pytest.mark.enable_socket
def test_a_second_demo_is_told_of_the_first(tmp_path: Path) -> None:
    """It would take the database away from under it."""
    options = DemoOptions(folder=tmp_path)
    with (
        single_instance(tmp_path / "demo.lock", what="The demo"),
        pytest.raises(AlreadyRunningError, match="The demo is already running"),
    ):
        demo.run(_never, options, stay=False)


@pytest.mark.enable_socket
def test_a_worker_of_the_last_demo_is_not_robbed(world: World) -> None:
    """It may still be ending; its database stays until it has."""
    world.folder.mkdir()
    with (
        single_instance(world.folder / "tocsin.db-worker", what="A worker"),
        pytest.raises(AlreadyRunningError, match="A worker"),
    ):
        demo.run(_never, DemoOptions(folder=world.folder), stay=False)


@pytest.mark.parametrize(
    ("balanced", "settled", "words"),
    [(False, True, "not accounted for"), (True, False, "still waiting")],
)
def test_a_demo_that_loses_somebody_fails(
    balanced: bool, settled: bool, words: str
) -> None:
    """And says where to look."""
    with pytest.raises(DemoError, match=rf"{words}.*x/result\.json"):
        _require_good(balanced, settled, Path("x"))


def test_a_demo_that_loses_nobody_is_good() -> None:
    """Exit 0 only then."""
    _require_good(balanced=True, settled=True, folder=Path("x"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_every_end_ends_the_children(number: signal.Signals) -> None:
    """A closed terminal or a kill goes the same way as Ctrl-C."""
    before = signal.getsignal(number)

    with pytest.raises(KeyboardInterrupt), ended_as_by_ctrl_c():
        signal.raise_signal(number)

    assert signal.getsignal(number) is before


def _never(_settings: object) -> object:
    raise AssertionError("nothing may be opened")
