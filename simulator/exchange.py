"""What every call session works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.callbacks import Callbacks
from simulator.dialect_rules import DialectRules
from simulator.journal import Journal
from simulator.records import Ledger
from simulator.timers import Timers


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """The parts of the telco that a call needs."""

    ledger: Ledger
    rules: DialectRules
    callbacks: Callbacks
    timers: Timers
    journal: Journal | None
    #: Seconds since the epoch.
    now: Callable[[], float]
    fetch_media: bool
    #: Address under which recordings are served.
    base_url: Callable[[], str]
