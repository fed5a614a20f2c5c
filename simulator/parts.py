"""The parts of a running telco that the control interface works on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from simulator.call_desk import CallDesk
from simulator.callbacks import Callbacks
from simulator.dialect_rules import DialectRules
from simulator.faults import Faults
from simulator.message_line import MessageLine
from simulator.owned_numbers import OwnedNumbers
from simulator.phones import Phones
from simulator.records import Ledger
from simulator.timers import Timers


@dataclass(frozen=True, kw_only=True, slots=True)
class TelcoParts:
    """What can be looked at and changed while the telco runs."""

    ledger: Ledger
    rules: DialectRules
    timers: Timers
    phones: Phones
    numbers: OwnedNumbers
    faults: Faults
    callbacks: Callbacks
    line: MessageLine
    desk: CallDesk
    #: Forgets everything.
    reset: Callable[[], Awaitable[None]]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way and nothing is to come."""
        return not (
            len(self.timers)
            or self.callbacks.n_pending
            or self.line.n_questions
            or self.desk.n_live
            or self.desk.n_waiting
        )
