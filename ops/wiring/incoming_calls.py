"""Who takes a call to us: a volunteer's own door first, else the citizens'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telephony.sealing import PinLookup

if TYPE_CHECKING:
    from ivr_scripts.model import Lookup
    from ops.ports import UnitOfWork
    from responders.cases.call_in import VolunteerCalls
    from telephony.callbacks.event_reading import CallListener, InboundCall
    from telephony.callbacks.inbound_calls import CallerDoor
    from telephony.sealing import Seals


@dataclass(frozen=True, slots=True)
class Doors:
    """Knows who calls (``telephony.callbacks.inbound_calls.CallerDoor``)."""

    volunteers: VolunteerCalls
    citizens: CallerDoor
    seals: Seals

    def opening(self, phone: str) -> tuple[str, str]:
        """Script and language in which a number is answered."""
        return self.volunteers.opening(phone) or self.citizens.opening(phone)

    def lookup(self, phone: str) -> Lookup:
        """Lists from outside for a call with this number."""
        return PinLookup(self.seals, phone, self.citizens.lookup(phone))


@dataclass(frozen=True, slots=True)
class CallsInTurn:
    """Hears what people choose in calls; a ``CallListener``."""

    volunteers: VolunteerCalls
    citizens: CallListener[UnitOfWork]

    def on_call(self, uow: UnitOfWork, call: InboundCall) -> None:
        """Take note of a call."""
        if not self.volunteers.take_call(uow, call):
            self.citizens.on_call(uow, call)
