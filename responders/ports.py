"""What responders and cases need from a store. One unit of work is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from accounts.ports import AuditLog
from responders.case import CardiacCase, CaseId
from responders.learning_ports import LearningRepository
from responders.offer import Offer
from responders.reachability_ports import ReachabilityRepository
from responders.roster.aeds import Aed, AedId
from responders.roster.volunteer import Responder, ResponderId
from telephony.ports import Outbox, Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Upserted:
    """What an import did."""

    added: int
    updated: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRows:
    """Places of responders who may be looked for, as columns of equal length."""

    responder_ids: NDArray[np.int64]
    #: Degrees, WGS 84.
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a decision knew and chose, to be replayed and learnt from."""

    at: datetime
    #: E.g. ``wave`` or ``role``.
    kind: str
    #: Plain JSON values; people by id.
    facts: Mapping[str, object]


#: What is kept of a decision in the place of it.
Redacted = Callable[[Decision], Mapping[str, object]]


class ResponderRepository(Protocol):
    """Volunteers."""

    def upsert(self, people: Sequence[Responder], *, now: datetime) -> Upserted:
        """Write people by phone.

        Of somebody known, standing, availability, verified number, check-in and record
        stay: a file knows no better. A PIN that it gives replaces the one before.
        """
        ...

    def get(self, responder_id: ResponderId) -> Responder:
        """Return one.

        Raises
        ------
        ResponderNotFoundError
            If there is none of this id.
        """
        ...

    def expect(self, phones: Sequence[str]) -> None:
        """Look up at once which of these numbers nobody has: they will be asked for."""
        ...

    def find_by_phone(self, phone: str) -> Responder | None:
        """Return whoever has this number."""
        ...

    def get_many(
        self, ids: Sequence[ResponderId], *, lock: bool = False
    ) -> Mapping[ResponderId, Responder]:
        """People by id; unknown ids are absent.

        With ``lock`` nobody else may ask or change them until this transaction ends.
        """
        ...

    def save(self, person: Responder, *, now: datetime) -> None:
        """Write everything about one person.

        Raises
        ------
        ResponderNotFoundError
            If there is none of this id.
        """
        ...

    def page(self, *, after: int, limit: int) -> Sequence[Responder]:
        """People with an id above ``after``, ascending by id; not the erased."""
        ...

    def count(self) -> int:
        """How many there are, the erased not counted."""
        ...

    def revision(self) -> int:
        """A number that grows with every change of people or places."""
        ...

    def changed_since(self, revision: int) -> Sequence[int]:
        """Ids of people who changed after a revision, ascending."""
        ...

    def places(self, ids: Sequence[int] | None = None) -> PlaceRows:
        """Places of those who are active, of all or of some."""
        ...

    def set_code(
        self, responder_id: ResponderId, digest: str, *, until: datetime
    ) -> None:
        """Remember the digest of a code that was sent to a phone."""
        ...

    def code(self, responder_id: ResponderId) -> tuple[str, datetime] | None:
        """Return the digest of the code last sent, and until when it holds."""
        ...

    def credentials_ending(
        self, *, after: datetime, until: datetime
    ) -> Sequence[Responder]:
        """Active people whose last valid credential ends in a span of time."""
        ...

    def forget_check_ins(self, *, before: datetime) -> int:
        """Delete check-ins made before a time; return how many."""
        ...


class AedRepository(Protocol):
    """Defibrillators."""

    def upsert(self, aeds: Sequence[Aed], *, now: datetime) -> Upserted:
        """Write AEDs by ``ref``; one that is out of order stays so."""
        ...

    def get(self, aed_id: AedId) -> Aed | None:
        """Return one."""
        ...

    def near(self, lon: float, lat: float, *, within_m: float) -> Sequence[Aed]:
        """AEDs in a box around a point, ascending by id."""
        ...

    def set_out_of_order(self, aed_id: AedId, at: datetime | None) -> bool:
        """Mark one as out of order or in order; False if there is none of this id."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...


class CaseRepository(Protocol):
    """Cases, their offers, and what was decided."""

    def add(self, case: CardiacCase) -> None:
        """Store a new case.

        Raises
        ------
        CaseStateError
            If its code or its number at the ambulance computer is in use.
        """
        ...

    def get(self, case_id: CaseId) -> CardiacCase:
        """Return one.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        ...

    def get_for_update(self, case_id: CaseId) -> CardiacCase:
        """The same, and nobody else may change it until this transaction ends."""
        ...

    def save(self, case: CardiacCase) -> None:
        """Write what has become of a case.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        ...

    def find_by_ref(self, external_ref: str) -> CardiacCase | None:
        """Return the case of a number at the ambulance computer."""
        ...

    def count(self) -> int:
        """How many there have been."""
        ...

    def open(self) -> Sequence[CardiacCase]:
        """Open cases, oldest first."""
        ...

    def newest(self, *, before: str = "", limit: int) -> Sequence[CardiacCase]:
        """Cases, newest first, older than the one with id ``before``."""
        ...

    def due(self, *, now: datetime, limit: int) -> Sequence[CaseId]:
        """Cases somebody has to look at, the longest overdue first."""
        ...

    def add_offers(self, offers: Sequence[Offer]) -> None:
        """Store new offers; a person is asked once for one case.

        Raises
        ------
        CaseStateError
            If one of them is there already.
        """
        ...

    def offers(self, case_id: CaseId) -> Sequence[Offer]:
        """All offers of a case, in the order in which they were made."""
        ...

    def offer(self, case_id: CaseId, responder_id: ResponderId) -> Offer | None:
        """Return one offer."""
        ...

    def save_offer(self, offer: Offer) -> None:
        """Write what has become of an offer.

        Raises
        ------
        CaseStateError
            If it was never made, or the person is on the way to another patient.
        """
        ...

    def live_offers(
        self, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, Sequence[Offer]]:
        """Offers of people that still may become, or are, a yes."""
        ...

    def offers_of(
        self, responder_id: ResponderId, *, since: datetime
    ) -> Sequence[Offer]:
        """Offers to one person since a time, newest first."""
        ...

    def alerts_since(
        self, since: datetime, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, int]:
        """Real alerts of people since a time; those with none are absent."""
        ...

    def to_follow_up(self) -> Sequence[Offer]:
        """Offers whose people wait for a call, oldest first."""
        ...

    def note(self, case_id: CaseId, decision: Decision) -> None:
        """Keep what a decision knew and chose."""
        ...

    def decisions(self, case_id: CaseId) -> Sequence[Decision]:
        """Every decision of a case, in order."""
        ...

    def redact_decisions(self, case_id: CaseId, redacted: Redacted) -> int:
        """Keep less of every decision of a case; return how many have changed."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over people, AEDs, cases, deliveries and the record."""

    @property
    def responders(self) -> ResponderRepository:
        """Volunteers."""
        ...

    @property
    def aeds(self) -> AedRepository:
        """Defibrillators."""
        ...

    @property
    def cases(self) -> CaseRepository:
        """Cases and offers."""
        ...

    @property
    def reachability(self) -> ReachabilityRepository:
        """How volunteers can be reached."""
        ...

    @property
    def learning(self) -> LearningRepository:
        """What was learnt of when people say yes."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Where alerts are handed over."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...
