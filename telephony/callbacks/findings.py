"""What a batch of callbacks comes to, gathered while it is read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from telephony.carriers.gateway import FailureClass
from telephony.delivery import (
    AttemptReport,
    CarrierEvent,
    Channel,
    DeliveryEvent,
    is_carrier_ref,
)
from telephony.strange_words import StrangeWord

#: Some carriers leave the plus out; names of firms are no numbers.
_SENDER = re.compile(r"\+?([0-9]{3,15})", re.ASCII)


@dataclass(slots=True)
class Findings:
    """What a batch of events comes to."""

    reports: list[AttemptReport] = field(default_factory=list)
    answers: list[DeliveryEvent] = field(default_factory=list)
    #: Event ids that a person has to look at.
    unknown: list[int] = field(default_factory=list)
    strange: Counter[StrangeWord] = field(default_factory=Counter)
    #: Numbers that wrote or rang of themselves, so that they live.
    alive: set[tuple[str, Channel]] = field(default_factory=set)
    #: What carriers say of our account or sender after they had accepted.
    faults: dict[tuple[str, Channel, FailureClass], str] = field(default_factory=dict)

    def keep(self, event: CarrierEvent, kind: str, word: str) -> None:
        """Leave an event to a person, and count what is strange about it."""
        self.unknown.append(id_of(event))
        self.strange[StrangeWord.of(event.carrier, kind, word)] += 1

    def note_life(self, event: CarrierEvent, channel: Channel) -> str | None:
        """Who wrote or rang, and so can be reached; None if it was no number."""
        phone = sender_of(event)
        if phone is None:
            self.keep(event, "attempt", "no_number")
            return None
        self.alive.add((phone, channel))
        return phone


def sender_of(event: CarrierEvent) -> str | None:
    """The number of whoever wrote or rang; None if it was no number."""
    sender = _SENDER.fullmatch(event.value("From").strip())
    return f"+{sender.group(1)}" if sender else None


def sid_of(event: CarrierEvent) -> str | None:
    """The carrier's id of the message or call, if it gives a usable one."""
    sid = event.value("MessageSid") or event.value("CallSid")
    return sid if is_carrier_ref(sid) else None


def id_of(event: CarrierEvent) -> int:
    """The number of a stored event."""
    assert event.event_id is not None, "a stored event has an id"
    return event.event_id
