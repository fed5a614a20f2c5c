"""What citizens change by text or key: joining, leaving, language, place, channels.

Only the number itself changes its own entry, every change is told to that number, and
nothing but its own JOIN or START takes its STOP back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telephony.delivery import Channel
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.place_book import PlaceEntry
from warning.escalation.listener import grant_wish
from warning.people.subscribers import Status
from warning.ports import PersonRow

_CHANNELS = {
    "sms": Channel.SMS,
    "voice": Channel.VOICE,
    "sms+voice": Channel.SMS | Channel.VOICE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Citizen:
    """A number as it stands in the register, and the way to change it.

    Parameters
    ----------
    uow : UnitOfWork
        Open, and writes.
    phone : str
        E.164.
    at : datetime
        When it was asked for, aware UTC.
    """

    uow: UnitOfWork
    phone: str
    at: datetime

    @property
    def row(self) -> PersonRow | None:
        """The entry of the number."""
        return self.uow.subscribers.find_by_phone(self.phone)

    def join(self, language: str) -> tuple[int, bool]:
        """Register, or take a STOP back; the id, and whether anything changed."""
        known = self.row
        person = self.uow.citizens.join(
            self.phone, language=language, status=Status.ACTIVE.value, now=self.at
        )
        if known is None:
            self._note(person, "join")
            return person, True
        if known.status == Status.OPTED_OUT:
            grant_wish(self.uow, [person], Status.ACTIVE, now=self.at)
            return person, True
        return person, False

    def leave(self, language: str) -> None:
        """Say STOP; it holds also for a number that somebody imports tomorrow."""
        if self.row is None:
            status = Status.OPTED_OUT.value
            self.uow.citizens.join(
                self.phone, language=language, status=status, now=self.at
            )
        row = self.row
        assert row is not None, "just written"
        grant_wish(self.uow, [row.subscriber_id], Status.OPTED_OUT, now=self.at)

    def speak(self, language: str) -> None:
        """Choose a language."""
        row = self.row
        if row is not None and row.language != language:
            self.uow.citizens.set_language(row.subscriber_id, language, now=self.at)
            self._note(row.subscriber_id, "language", before=row.language)

    def live_at(self, place: PlaceEntry) -> None:
        """Choose a place, instead of all earlier ones."""
        row = self.row
        if row is not None:
            self.uow.citizens.set_place(row.subscriber_id, place.code, now=self.at)
            self._note(row.subscriber_id, "place", area=place.code)

    def listen_by(self, channels: str) -> None:
        """Choose ``sms``, ``voice`` or ``sms+voice``; other words change nothing."""
        row, wanted = self.row, _CHANNELS.get(channels)
        if row is not None and wanted is not None:
            self.uow.citizens.set_channels(row.subscriber_id, wanted, now=self.at)
            self._note(row.subscriber_id, "channels", channels=channels)

    def _note(self, person: int, what: str, **details: str) -> None:
        self.uow.audit.append(
            at=self.at,
            actor="system",
            action=f"subscriber.{what}",
            subject=f"subscriber:{person}",
            details={"by": "phone", **details},
        )
