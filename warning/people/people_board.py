"""One person as an operator sees them: found by number, name or area, and taken away.

Single people are for those who may write; whoever exports one is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from telephony.delivery import Channel, DeliveryState
from warning import ports

#: Messages that a page shows; an export has all of them.
N_MESSAGES = 200
_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPlace:
    """Where somebody lives or works; degrees, WGS 84, or an area alone."""

    lon: float | None
    lat: float | None
    area_code: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMessage:
    """A text or call to somebody."""

    owner_ref: str
    channel: Channel
    language: str
    text: str
    state: DeliveryState
    code: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """Everything that is registered of one person."""

    subscriber_id: int
    phone: str
    name: str
    language: str
    channels: Channel
    groups: Sequence[str]
    is_vulnerable: bool
    consent_at: datetime | None
    status: str
    status_at: datetime
    created_at: datetime
    places: Sequence[KnownPlace]
    #: Channel's word → until when nothing is sent on it.
    rests: Mapping[str, datetime]


class PeopleFinder(Protocol):
    """What finding people asks of a store; the erased are nobody."""

    def search(self, *, name: str, area_code: str, limit: int) -> Sequence[Profile]:
        """People with a text in their name, a place in an area, or both; by id."""
        ...

    def by_phone(self, phone: str) -> Profile | None:
        """Return the person of exactly this number."""
        ...

    def profile(self, subscriber_id: int) -> Profile | None:
        """Return one person."""
        ...

    def messages(self, subscriber_id: int, *, limit: int) -> Sequence[SentMessage]:
        """Texts and calls of alerts to a person, the newest first."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """A transaction in which people can be found."""

    @property
    def people_finder(self) -> PeopleFinder:
        """Finds people."""
        ...


class PeopleBoard:
    """The use cases of looking at people.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    parse_phone : callable
        Text → E.164; raises ValueError with a sentence without the number.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        parse_phone: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._parse_phone = parse_phone
        self._now = now

    def search(
        self, *, phone: str = "", name: str = "", area_code: str = "", limit: int
    ) -> Sequence[Profile]:
        """Find people; a number finds one at most, nothing at all finds nobody.

        Raises
        ------
        ValueError
            If the number cannot be one; says why without it.
        """
        if not (phone or name or area_code):
            return []
        number = self._parse_phone(phone) if phone else ""
        with self._read_uow() as uow:
            if number:
                found = uow.people_finder.by_phone(number)
                return [found] if found else []
            return uow.people_finder.search(name=name, area_code=area_code, limit=limit)

    def profile(self, subscriber_id: int) -> Profile | None:
        """Return one person; None if there is none."""
        with self._read_uow() as uow:
            return uow.people_finder.profile(subscriber_id)

    def messages(self, subscriber_id: int) -> Sequence[SentMessage]:
        """What was sent to a person lately, the newest first."""
        with self._read_uow() as uow:
            return uow.people_finder.messages(subscriber_id, limit=N_MESSAGES)

    def export(self, subscriber_id: int, *, by: str) -> Mapping[str, object] | None:
        """Everything that is kept of a person, as plain values; noted in the audit."""
        with self._new_uow() as uow:
            person = uow.people_finder.profile(subscriber_id)
            if person is None:
                return None
            sent = uow.people_finder.messages(subscriber_id, limit=_ALL)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="subscriber.export",
                subject=f"subscriber:{subscriber_id}",
                details={},
            )
            uow.commit()
        return {
            **asdict(person),
            "channels": [one.word for one in person.channels],
            "messages": [
                asdict(one)
                | {"channel": one.channel.word, "state": one.state.name.lower()}
                for one in sent
            ],
        }
