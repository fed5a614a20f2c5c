"""What public warning needs from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from accounts.ports import AuditLog, OperatorRepository
from telephony.delivery import Channel
from telephony.ports import DeliveryQueue, EventLog, Outbox, StrangeWords, Transaction
from warning.alert import AlertCase, AlertId, AlertState
from warning.escalation_ports import RuleTransaction
from warning.history_ports import AlertHistory
from warning.recipients import (
    Audience,
    AudienceSummary,
    EscalationCandidate,
    Exclusion,
    Recipient,
    RecipientCounts,
    RecipientState,
    Turn,
)
from warning.strikes import StrikeBook
from warning.texts.text_ports import TextTransaction

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.progress import DeliveryLine


NO_CHANNEL = Channel(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """What planning needs of one person, as it is now."""

    subscriber_id: int
    phone: str
    language: str
    channels: Channel
    status: str
    vulnerable: bool
    in_drill_group: bool = False
    #: Is rung before being texted: cannot see, or cannot read.
    is_voice_first: bool = False
    #: Of the channels, those that rest after strikes.
    resting: Channel = NO_CHANNEL

    @property
    def usable(self) -> Channel:
        """Channels on which something is sent."""
        # Hardly anybody rests, and this is asked a million times.
        return self.channels & ~self.resting if self.resting else self.channels


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleColumns:
    """Every subscriber as columns of equal length, ascending by id."""

    ids: NDArray[np.int64]
    #: Index into ``languages``.
    language: NDArray[np.uint8]
    languages: Sequence[str]
    #: Sum of ``Channel``, those that rest left out.
    channels: NDArray[np.uint8]
    #: Index into ``warning.people.subscribers.STATUSES``.
    status: NDArray[np.uint8]
    vulnerable: NDArray[np.bool_]
    in_drill_group: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceColumns:
    """Places with coordinates, and areas for places of which only that is known."""

    subscriber_ids: NDArray[np.int64]
    #: Degrees, WGS 84.
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    #: Area code → ids of people with a place of which only this area is known.
    by_area_only: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRow:
    """One administrative area."""

    code: str
    name: str
    #: BCP 47 → name.
    names: Mapping[str, str]
    #: 0 country, 1 province, 2 district, 3 commune.
    level: int
    parent: str | None
    geometry: Polygon | MultiPolygon


@dataclass(frozen=True, kw_only=True, slots=True)
class UpsertCounts:
    """What an import changed."""

    added: int
    updated: int
    places: int


class SubscriberDirectory(Protocol):
    """Everybody who may be warned."""

    def upsert(
        self,
        people: Sequence[Mapping[str, object]],
        places: Sequence[Mapping[str, object]],
        *,
        now: datetime,
    ) -> UpsertCounts:
        """Write a batch of people by phone, and their places.

        Parameters
        ----------
        people : sequence of mapping
            ``phone, language, name, channels, groups, vulnerable, consent_at``; one a
            phone. Opted-out people stay opted out.
        places : sequence of mapping
            ``phone, lon, lat, area_code, source``; the places given here replace all
            earlier places of the phones in ``people``.
        """
        ...

    def change(self, people: Sequence[Mapping[str, object]], *, now: datetime) -> int:
        """Write people who exist anew and leave their places; return how many."""
        ...

    def add_places(
        self, places: Sequence[Mapping[str, object]], *, now: datetime
    ) -> int:
        """Add places of people who exist: a later batch of the same file."""
        ...

    def revision(self) -> int:
        """A number that grows with every change of people or places."""
        ...

    def changed_since(self, revision: int) -> Sequence[int]:
        """Ids of people who changed, or whose places did, after a revision."""
        ...

    def count_known(self, phones: Sequence[str]) -> int:
        """How many of these numbers belong to somebody registered."""
        ...

    def count(self) -> int:
        """How many people are registered, the erased not counted."""
        ...

    def people(self) -> PeopleColumns:
        """Every subscriber as columns."""
        ...

    def places(self, ids: Sequence[int] | None = None) -> PlaceColumns:
        """Every place as columns, or the places of these people."""
        ...

    def rows(self, ids: Sequence[int]) -> Mapping[int, PersonRow]:
        """What planning needs of these people; erased and unknown ones are absent."""
        ...

    def expect(self, phones: Sequence[str]) -> None:
        """Look these numbers up at once: they will be asked for one by one."""
        ...

    def find_by_phone(self, phone: str) -> PersonRow | None:
        """Return the person of this number."""
        ...

    def set_status(self, ids: Sequence[int], status: str, *, now: datetime) -> None:
        """Note that people opted out, rest, or are active again."""
        ...

    def erase(self, subscriber_id: int, *, now: datetime) -> bool:
        """Remove a person's data for good; False when there is no such person."""
        ...


class AreaRepository(Protocol):
    """Administrative areas."""

    def upsert(self, areas: Sequence[AreaRow]) -> int:
        """Write areas by code; return how many."""
        ...

    def revision(self) -> int:
        """A number that grows with every change of areas."""
        ...

    def all(self, *, level: int | None = None) -> Sequence[AreaRow]:
        """Every area, or those of one level, by code."""
        ...

    def names(self) -> Mapping[str, str]:
        """Code → name, without reading any outline."""
        ...


class AlertRepository(AlertHistory, Protocol):
    """Alerts, their audiences and their people."""

    def add(self, case: AlertCase) -> None:
        """Store a new alert."""
        ...

    def get(self, alert_id: AlertId) -> AlertCase:
        """Return an alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        ...

    def get_for_update(self, alert_id: AlertId) -> AlertCase:
        """The same, and nobody else may change it until this transaction ends."""
        ...

    def save(self, case: AlertCase) -> None:
        """Write an alert's state and signatures of hand; its CAP never changes here."""
        ...

    def find_by_identity(
        self, *, sender: str, identifier: str, sent: datetime
    ) -> AlertId | None:
        """Return the alert of this CAP identity."""
        ...

    def all(
        self, *, states: Sequence[AlertState] = (), limit: int | None = None
    ) -> Sequence[AlertCase]:
        """Alerts, newest first, of these states or of all."""
        ...

    def set_audience(self, alert_id: AlertId, audience: Audience) -> None:
        """Fix who is concerned; once."""
        ...

    def audience(self, alert_id: AlertId) -> Audience | None:
        """Return who is concerned; None before approval."""
        ...

    def members(self, alert_id: AlertId, *, start: int, n: int) -> Sequence[int]:
        """Ids of a part of the audience, in sending order; empty before approval."""
        ...

    def audience_summary(
        self, alert_id: AlertId, *, known: AudienceSummary | None = None
    ) -> AudienceSummary | None:
        """The figures of who is concerned; None before approval.

        What is known is given back where it still holds: its people are not read again.
        """
        ...

    def n_planned(self, alert_id: AlertId) -> int:
        """How many of the audience are written out."""
        ...

    def unplanned(self) -> Sequence[AlertId]:
        """Live alerts that go on and are not yet written out, oldest first."""
        ...

    def add_recipients(
        self, alert_id: AlertId, recipients: Sequence[Recipient], *, n_planned: int
    ) -> None:
        """Write a chunk of people and how far planning has come."""
        ...

    def advance_recipients(
        self, alert_id: AlertId, states: Mapping[int, RecipientState]
    ) -> None:
        """Move people forward (subscriber id → state); never back."""
        ...

    def confirmed(
        self, alert_id: AlertId, subscriber_ids: Sequence[int]
    ) -> frozenset[int]:
        """Which of these people have confirmed, or asked for help."""
        ...

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        """An alert's deliveries with an id above ``after``, ascending by id."""
        ...

    def leave_out(self, subscriber_ids: Sequence[int], reason: Exclusion) -> None:
        """Exclude people of live alerts of whom everything was withdrawn untried.

        Whoever was tried, or is being tried, counts as such and stays what they are.
        """
        ...

    def recipient_counts(self, alert_id: AlertId) -> RecipientCounts:
        """How an alert's people stand, in total and by area."""
        ...

    def to_escalate(
        self,
        alert_id: AlertId,
        turn: Turn,
        *,
        sent_before: datetime,
        now: datetime,
        limit: int,
        among: Sequence[int] | None = None,
    ) -> Sequence[EscalationCandidate]:
        """Active people whose turn has come, in order of position.

        They have ``turn.to_channel`` and no delivery of its round on it yet, and their
        newest step is on ``turn.from_channel``. For the first time on a channel those
        are due whose newest step failed, or was handed to a carrier before
        ``sent_before``; a further call follows both kinds only after that wait. What
        has passed its deadline at ``now`` is not said on another channel either.

        Parameters
        ----------
        among : sequence of int, optional
            Only these people.
        """
        ...


class UnitOfWork(TextTransaction, RuleTransaction, Transaction, Protocol):
    """One transaction over everything a warning touches."""

    @property
    def alerts(self) -> AlertRepository:
        """Alerts, audiences, recipients."""
        ...

    @property
    def subscribers(self) -> SubscriberDirectory:
        """Everybody who may be warned."""
        ...

    @property
    def areas(self) -> AreaRepository:
        """Administrative areas."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Where deliveries are handed over."""
        ...

    @property
    def queue(self) -> DeliveryQueue:
        """Deliveries and attempts as the sender sees them."""
        ...

    @property
    def events(self) -> EventLog:
        """Callbacks as they came."""
        ...

    @property
    def strange_words(self) -> StrangeWords:
        """What carriers said that nobody knows."""
        ...

    @property
    def strikes(self) -> StrikeBook:
        """What is held against numbers."""
        ...

    @property
    def operators(self) -> OperatorRepository:
        """Who works here."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...
