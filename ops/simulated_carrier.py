"""The built-in telco as a carrier of this installation."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.errors import SettingsError
from ops.settings import CarrierSettings
from simulator.config import Dialect, OwnedNumber, SimulatorConfig

if TYPE_CHECKING:
    from pathlib import Path

    from ops.settings import Settings

#: Name of the carrier that ``--simulator`` adds.
NAME = "simulator"
SENDER = "+85510000000"


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierPace:
    """How fast a carrier is asked."""

    sms_per_s: float
    calls_per_s: float
    concurrent_calls: int


def simulated_carrier(port: int, pace: CarrierPace) -> CarrierSettings:
    """A carrier's table for the built-in telco on a port of this machine."""
    return CarrierSettings.model_validate(
        {
            "base_url": f"http://127.0.0.1:{port}",
            "account_sid": "AC" + secrets.token_hex(16),
            "auth_token": secrets.token_urlsafe(24),
            "sms_from": SENDER,
            "voice_from": SENDER,
            **dataclasses.asdict(pace),
        }
    )


def simulator_config(
    settings: Settings, *, time_scale: float, seed: int, journal: Path | None = None
) -> SimulatorConfig:
    """What the built-in telco must be to be this installation's carrier.

    Raises
    ------
    SettingsError
        If no carrier named ``simulator`` is configured.
    """
    carrier = settings.carriers.get(NAME)
    if carrier is None:
        problem = (
            "There is no carrier named 'simulator'. Add a table [carriers.simulator], "
            "or start everything with: tocsin serve --simulator"
        )
        raise SettingsError([problem])
    inbound = f"{settings.callback_url}/telephony/{NAME}/inbound"
    return SimulatorConfig(
        dialect=Dialect(carrier.dialect),
        port=urlsplit(carrier.base_url).port or settings.simulator_port,
        account_sid=carrier.account_sid,
        auth_token=carrier.auth_token.get_secret_value(),
        numbers=tuple(
            OwnedNumber(number=number, sms_url=f"{inbound}/message")
            for number in {carrier.sms_from, carrier.voice_from}
            if number is not None
        ),
        time_scale=time_scale,
        seed=seed,
        journal=journal,
    )
