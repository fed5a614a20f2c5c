"""What everything that carries messages and calls works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.callbacks import Callbacks
from simulator.dialect_rules import DialectRules
from simulator.journal import Journal
from simulator.owned_numbers import OwnedNumbers
from simulator.phones import Phones
from simulator.records import Ledger
from simulator.timers import Timers


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """The parts of the telco that every message and every call needs."""

    ledger: Ledger
    rules: DialectRules
    phones: Phones
    numbers: OwnedNumbers
    callbacks: Callbacks
    timers: Timers
    journal: Journal | None
    #: Seconds since the epoch.
    now: Callable[[], float]
    fetch_media: bool
    #: Address under which recordings are served.
    base_url: Callable[[], str]
