"""What talking with citizens needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from telephony.delivery import Channel
from warning import ports
from warning.citizens.conversation import Conversation
from warning.citizens.place_book import PlaceEntry
from warning.people.whereabout import Whereabout

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.citizens.citizen_reports import CitizenReport
    from warning.citizens.help_requests import HelpRequest
    from warning.citizens.silent_people import SilentPeople
    from warning.citizens.voice_notes import VoiceNotes


class CitizenRegister(Protocol):
    """What people change about themselves, and what was said between us."""

    def expect(self, phones: Sequence[str]) -> None:
        """Read these talks at once; what is kept of them is written with the commit."""
        ...

    def conversation(self, phone: str) -> Conversation:
        """Where the talk with a number stands; a new one if there was none."""
        ...

    def keep(self, phone: str, talk: Conversation, *, now: datetime) -> None:
        """Write where a talk stands."""
        ...

    def forget_before(self, then: datetime) -> int:
        """Remove talks that have been silent since a time; return how many."""
        ...

    def join(self, phone: str, *, language: str, status: str, now: datetime) -> int:
        """Register a number with its language; return its id.

        Who is registered keeps everything; the status of who is new is as given.
        """
        ...

    def set_language(self, person: int, language: str, *, now: datetime) -> None:
        """Write and speak to a person in another language."""
        ...

    def set_channels(self, person: int, channels: Channel, *, now: datetime) -> None:
        """Reach a person in other ways."""
        ...

    def set_place(self, person: int, area_code: str, *, now: datetime) -> None:
        """Warn a person for one area, in place of all earlier places."""
        ...

    def whereabout(self, person: int) -> Whereabout:
        """The place of a person: the one they told last."""
        ...

    def area_shape(self, code: str) -> Polygon | MultiPolygon | None:
        """The outline of an area: lon and lat in WGS 84 degrees."""
        ...

    def places(self) -> Sequence[PlaceEntry]:
        """Every area without its outline."""
        ...


class HelpRequests(Protocol):
    """Who needs help."""

    def open_of(self, phone: str) -> HelpRequest | None:
        """The request of a number that is not closed."""
        ...

    def add(self, request: HelpRequest) -> int:
        """Store a new request; return its id."""
        ...

    def get(self, number: int) -> HelpRequest | None:
        """Return a request, and nobody else may change it meanwhile."""
        ...

    def save(self, request: HelpRequest) -> None:
        """Write a request over its earlier state."""
        ...

    def all(
        self, *, states: Sequence[str], limit: int, owner_ref: str = ""
    ) -> Sequence[HelpRequest]:
        """Requests in these states, the oldest first: of an alert, or all.

        With names; of an alert with the area that people are counted under there,
        where no other is known.
        """
        ...


class CitizenReports(Protocol):
    """What people saw."""

    def add(self, report: CitizenReport) -> int:
        """Store a report; return its id. Without a cluster it starts one."""
        ...

    def near(
        self, kind: str, *, since: datetime, until: datetime
    ) -> Sequence[CitizenReport]:
        """Reports of a kind in a span of time, the oldest first."""
        ...

    def latest_of(self, phone: str, *, since: datetime) -> CitizenReport | None:
        """The newest report of a number since a time."""
        ...

    def cluster(self, number: int) -> Sequence[CitizenReport]:
        """Every report of one thing, the oldest first; locked."""
        ...

    def newest(self, *, before: int | None, limit: int) -> Sequence[CitizenReport]:
        """First reports of clusters below an id, newest first."""
        ...

    def judge(self, cluster: int, state: str, *, by: str, now: datetime) -> None:
        """Write what an operator thinks of all reports of one thing."""
        ...

    def move(self, cluster: int, *, into: int) -> None:
        """Put all reports of one thing with those of another."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """One transaction over what citizens tell us."""

    @property
    def citizens(self) -> CitizenRegister:
        """What people change about themselves."""
        ...

    @property
    def silent_people(self) -> SilentPeople:
        """Who has not been heard from, and who looks in on them."""
        ...

    @property
    def help_requests(self) -> HelpRequests:
        """Who needs help."""
        ...

    @property
    def citizen_reports(self) -> CitizenReports:
        """What people saw."""
        ...

    @property
    def voice_notes(self) -> VoiceNotes:
        """What people said after the tone."""
        ...
