"""The built-in telco as a carrier of this installation."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.config.settings import CarrierSettings
from ops.errors import SettingsError
from ops.listening import LOOPBACK
from simulator.config import Dialect, OwnedNumber, SimulatorConfig

if TYPE_CHECKING:
    from pathlib import Path

    from ops.config.settings import Settings

#: Name of the carrier that ``--simulator`` adds.
NAME = "simulator"
#: Never dialled: what the built-in telco's phones see as the caller.
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
            "base_url": f"http://{LOOPBACK}:{port}",
            "account_sid": "AC" + secrets.token_hex(16),
            "auth_token": secrets.token_urlsafe(24),
            "sms_from": SENDER,
            "voice_from": SENDER,
            **dataclasses.asdict(pace),
        }
    )


def telco_port(settings: Settings) -> int:
    """The port on which the built-in telco is this installation's carrier."""
    carrier = settings.carriers.get(NAME)
    port = urlsplit(carrier.base_url).port if carrier is not None else None
    return port or settings.simulator_port


def require_loopback(settings: Settings) -> None:
    """Refuse settings under which anything could leave this machine.

    Every carrier must be named by an address of the loopback, as numbers: a name might
    lead elsewhere.

    Raises
    ------
    SettingsError
        If a carrier is not on the loopback; names it.
    """
    strangers = [
        name
        for name, carrier in settings.carriers.items()
        if not _is_loopback(urlsplit(carrier.base_url).hostname or "")
    ]
    if strangers:
        problem = (
            f"The demo calls invented numbers that may be somebody's; "
            f"{', '.join(strangers)} is not on this machine's loopback. Only the "
            "built-in telco may carry it."
        )
        raise SettingsError([problem])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def simulator_config(
    settings: Settings, *, time_scale: float, seed: int, journal: Path | None = None
) -> SimulatorConfig:
    """What the built-in telco must be to be this installation's carrier.

    Raises
    ------
    SettingsError
        If no carrier named ``simulator`` is configured, or it is elsewhere.
    """
    carrier = settings.carriers.get(NAME)
    if carrier is None:
        problem = (
            "There is no carrier named 'simulator'. Add a table [carriers.simulator], "
            "or start everything with: tocsin serve --simulator"
        )
        raise SettingsError([problem])
    host = urlsplit(carrier.base_url).hostname or ""
    if host != "localhost" and not _is_loopback(host):
        problem = (
            f"TOCSIN_CARRIERS__SIMULATOR__BASE_URL is {carrier.base_url}, but the "
            f"built-in telco is only on this machine: http://{LOOPBACK}:PORT."
        )
        raise SettingsError([problem])
    inbound = f"{settings.callback_url}/telephony/{NAME}/inbound"
    return SimulatorConfig(
        dialect=Dialect(carrier.dialect),
        port=telco_port(settings),
        account_sid=carrier.account_sid,
        auth_token=carrier.auth_token.get_secret_value(),
        numbers=tuple(
            OwnedNumber(
                number=number,
                sms_url=f"{inbound}/message",
                voice_url=f"{inbound}/call",
            )
            for number in {carrier.sms_from, carrier.voice_from}
            if number is not None
        ),
        time_scale=time_scale,
        seed=seed,
        journal=journal,
    )
