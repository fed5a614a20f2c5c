"""Keeps what carriers send with the PINs in it sealed (``telephony.sealing``)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr_scripts.model import Outcome
from telephony.callbacks.intake import EventSink
from telephony.delivery import CarrierEvent, EventKind
from telephony.sealing import Seals

_PROVED = f"{Outcome.PROVED.name}:"


@dataclass(frozen=True, slots=True)
class SealingSink:
    """Keeps events with their PINs sealed; an ``EventSink``."""

    sink: EventSink
    seals: Seals

    def keep(self, event: CarrierEvent) -> None:
        """Return when the event is durable."""
        self.sink.keep(self._sealed(event))

    def _sealed(self, event: CarrierEvent) -> CarrierEvent:
        if event.kind is EventKind.INBOUND_MESSAGE:
            phone = event.value("From").strip()
            body = event.value("Body")
            sealed = self.seals.in_text(phone, body)
            return event if sealed == body else _with(event, "Body", sealed)
        if any(answer.startswith(_PROVED) for answer in event.answers):
            return _with(event, "Digits", "")
        return event


def _with(event: CarrierEvent, name: str, value: str) -> CarrierEvent:
    form = tuple((key, value if key == name else old) for key, old in event.form)
    return replace(event, form=form)
