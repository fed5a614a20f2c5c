"""``tocsin simulator``: who answers the phones is chosen where it is started."""

from __future__ import annotations

import pytest

from simulator.config import SimulatorConfig
from simulator.populations import VILLAGES
from tests.cli.conftest import Run
from tests.cli.test_doctor import write_carrier

#: A port of the loopback that nothing listens on.
ADDRESS = "http://127.0.0.1:9"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[SimulatorConfig]:
    """Instead of serving for ever: with what it would have been."""
    configs: list[SimulatorConfig] = []
    monkeypatch.setattr("simulator.server.serve", configs.append)
    monkeypatch.setattr("ops.listening.require_free", lambda *_, **__: None)
    return configs


def test_the_usual_people_are_awake(
    tocsin: Run, started: list[SimulatorConfig]
) -> None:
    """Nothing need be chosen."""
    write_carrier(ADDRESS, name="simulator")
    assert tocsin("simulator").status == 0
    (config,) = started
    assert (config.mix, config.is_night) == (SimulatorConfig().mix, False)


def test_villages_at_night(tocsin: Run, started: list[SimulatorConfig]) -> None:
    """A plan is tried on those it is hardest to reach."""
    write_carrier(ADDRESS, name="simulator")
    result = tocsin("simulator", "--people", "villages", "--night", "--seed", "4")
    assert result.status == 0, result.err
    (config,) = started
    assert (config.mix, config.is_night, config.seed) == (VILLAGES, True, 4)


def test_people_nobody_has_described_are_refused(tocsin: Run) -> None:
    """With the names there are."""
    result = tocsin("simulator", "--people", "martians")
    assert result.status != 0
    assert "villages" in result.err
