"""Settings of the built-in telco, checked when they are made.

Plain values only: the command line or a test builds a `SimulatorConfig` and hands it to
`simulator.server.serve` or `simulator.testing.running`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from simulator.citizens import CitizenMix
from simulator.errors import SimulatorConfigError
from simulator.faults import FaultPlan

_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Dialect(Enum):
    """Whose behaviour the telco has."""

    TWILIO = "twilio"
    SOMLENG = "somleng"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnedNumber:
    """A sender that belongs to the account, and who hears of what reaches it."""

    #: E.164, a short code, or (Twilio) an alphanumeric sender.
    number: str
    #: Absolute URL asked about inbound texts, or None: they are dropped.
    sms_url: str | None = None
    #: Absolute URL asked about inbound calls, or None: they are rejected.
    voice_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaceLimits:
    """What the telco carries. None: no limit. Real seconds, whatever the time scale."""

    messages_per_s: float | None = None
    calls_per_s: float | None = None
    concurrent_calls: int | None = None

    def __post_init__(self) -> None:
        for name in ("messages_per_s", "calls_per_s", "concurrent_calls"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise SimulatorConfigError(
                    f"{name} is {value}: give a number above 0, or nothing for no limit"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatorConfig:
    """Everything the built-in telco is told at its start."""

    dialect: Dialect = Dialect.TWILIO
    #: Loopback only: the control interface is behind nothing but the token.
    host: str = "127.0.0.1"
    #: 0: a free port, named in the line printed at the start.
    port: int = 0
    account_sid: str = "AC" + "0" * 31 + "1"
    auth_token: str = field(default="simulator-token", repr=False)
    #: Senders of the account. Empty: any sender is accepted.
    numbers: tuple[OwnedNumber, ...] = ()
    #: Asked about inbound texts and calls of numbers without a URL of their own.
    sms_url: str | None = None
    voice_url: str | None = None
    #: Virtual seconds per real second: ringing, listening, delivery, replies.
    time_scale: float = 1.0
    seed: int = 1
    mix: CitizenMix = field(default_factory=CitizenMix)
    #: Whether people sleep: fewer answer a call, and texts are read late.
    is_night: bool = False
    pace: PaceLimits = field(default_factory=PaceLimits)
    faults: FaultPlan = field(default_factory=FaultPlan)
    #: Callbacks and TwiML requests under way at once.
    callbacks_in_flight: int = 256
    callback_timeout_s: float = 15.0
    #: Fetch what `<Play>` names: proves that it is there, and WAV gives its length.
    fetch_media: bool = False
    #: Append-only JSON lines of all that was accepted; read again at the next start.
    journal: Path | None = None

    def __post_init__(self) -> None:
        if not _ACCOUNT_SID.fullmatch(self.account_sid):
            raise SimulatorConfigError(
                "account_sid must be AC and 32 hex digits (or, for Somleng, a UUID)"
            )
        if not self.auth_token:
            raise SimulatorConfigError("auth_token is empty: give the carrier's token")
        if not self.time_scale > 0:
            raise SimulatorConfigError(f"time_scale is {self.time_scale}: must be > 0")
        if self.callbacks_in_flight < 1:
            raise SimulatorConfigError("callbacks_in_flight must be at least 1")
        if self.host not in {"127.0.0.1", "::1", "localhost"}:
            raise SimulatorConfigError(
                f"host is {self.host!r}: the built-in telco is for the loopback only"
            )
