"""Settings that cannot work are refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.config import SimulatorConfig
from simulator.errors import SimulatorConfigError


@pytest.mark.parametrize(
    "settings",
    [
        {"account_sid": "AC1"},
        {"auth_token": ""},
        {"time_scale": 0.0},
        {"callbacks_in_flight": 0},
        {"host": "192.0.2.1"},
    ],
    ids=str,
)
def test_what_cannot_work(settings: dict[str, Any]) -> None:
    """A wrong account, token, scale, count, or a host beyond the loopback."""
    with pytest.raises(SimulatorConfigError):
        SimulatorConfig(**settings)


def test_a_uuid_is_an_account() -> None:
    """Somleng's accounts are UUIDs."""
    sid = "0a1b2c3d-0000-4000-8000-0123456789ab"
    assert SimulatorConfig(account_sid=sid).account_sid == sid
