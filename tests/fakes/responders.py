"""``responders.ports`` in memory: people, AEDs, cases, offers, and the record."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

import numpy as np

from accounts.audit import GENESIS, AuditEntry
from responders.aeds import Aed, AedId
from responders.case import CardiacCase, CaseId
from responders.errors import (
    CaseNotFoundError,
    CaseStateError,
    ResponderNotFoundError,
)
from responders.offer import Offer
from responders.places import PlaceKind
from responders.ports import Decision, PlaceRows, Redacted, Upserted
from responders.roster import Responder, ResponderId, Standing
from tests.fakes.event_log import FakeEventLog
from tests.fakes.outbox import FakeOutbox
from tests.fakes.queue import FakeQueue
from tests.fakes.rows import Rows


@dataclass
class CaseRows:
    """Everything about volunteers, as one transaction sees it."""

    people: dict[int, Responder] = field(default_factory=dict)
    stamps: dict[int, int] = field(default_factory=dict)
    codes: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    revision: int = 0
    aeds: dict[int, Aed] = field(default_factory=dict)
    cases: dict[CaseId, CardiacCase] = field(default_factory=dict)
    offers: dict[tuple[CaseId, ResponderId], Offer] = field(default_factory=dict)
    decisions: list[tuple[CaseId, Decision]] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)

    def copy(self) -> CaseRows:
        return CaseRows(
            people=dict(self.people),
            stamps=dict(self.stamps),
            codes=dict(self.codes),
            revision=self.revision,
            aeds=dict(self.aeds),
            cases=dict(self.cases),
            offers=dict(self.offers),
            decisions=list(self.decisions),
            audit=list(self.audit),
        )


class FakeResponders:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows
        self._is_stamped = False

    def upsert(self, people: Sequence[Responder], *, now: datetime) -> Upserted:
        n_updated = 0
        by_phone = {person.phone: person for person in people}
        for person in by_phone.values():
            known = self.find_by_phone(person.phone)
            if known is None:
                number = len(self._rows.people) + 1
                self._put(replace(person, responder_id=ResponderId(number)))
                continue
            n_updated += 1
            kept = [p for p in known.places if p.kind is PlaceKind.CHECK_IN]
            self._put(
                replace(
                    known,
                    name=person.name,
                    organisation=person.organisation,
                    language=person.language,
                    channels=person.channels,
                    credentials=person.credentials,
                    mode=person.mode,
                    max_alerts_30d=person.max_alerts_30d,
                    places=(*kept, *person.places),
                )
            )
        return Upserted(added=len(by_phone) - n_updated, updated=n_updated)

    def get(self, responder_id: ResponderId) -> Responder:
        if responder_id not in self._rows.people:
            raise ResponderNotFoundError(f"There is no responder {responder_id}.")
        return self._rows.people[responder_id]

    def find_by_phone(self, phone: str) -> Responder | None:
        found = (one for one in self._rows.people.values() if one.phone == phone)
        return next(found, None)

    def get_many(
        self, ids: Sequence[ResponderId], *, lock: bool = False
    ) -> Mapping[ResponderId, Responder]:
        people = self._rows.people
        return {number: people[number] for number in sorted(ids) if number in people}

    def save(self, person: Responder, *, now: datetime) -> None:
        self.get(person.responder_id)
        self._put(person)

    def page(self, *, after: int, limit: int) -> Sequence[Responder]:
        found = [p for n, p in sorted(self._rows.people.items()) if n > after]
        return [p for p in found if p.standing is not Standing.ERASED][:limit]

    def count(self) -> int:
        return len(self.page(after=0, limit=len(self._rows.people)))

    def revision(self) -> int:
        return self._rows.revision

    def changed_since(self, revision: int) -> Sequence[int]:
        return sorted(n for n, at in self._rows.stamps.items() if at > revision)

    def places(self, ids: Sequence[int] | None = None) -> PlaceRows:
        found = [
            (number, place.lon, place.lat)
            for number, person in self._rows.people.items()
            if person.standing is Standing.ACTIVE and (ids is None or number in ids)
            for place in person.places
        ]
        columns = list(zip(*found, strict=True)) or [(), (), ()]
        return PlaceRows(
            responder_ids=np.array(columns[0], dtype=np.int64),
            lon=np.array(columns[1], dtype=np.float64),
            lat=np.array(columns[2], dtype=np.float64),
        )

    def set_code(
        self, responder_id: ResponderId, digest: str, *, until: datetime
    ) -> None:
        self._rows.codes[responder_id] = digest, until

    def code(self, responder_id: ResponderId) -> tuple[str, datetime] | None:
        return self._rows.codes.get(responder_id)

    def credentials_ending(
        self, *, after: datetime, until: datetime
    ) -> Sequence[Responder]:
        return [
            person
            for person in self._rows.people.values()
            if person.standing is Standing.ACTIVE
            and person.credentials
            and after < max(c.valid_until for c in person.credentials) <= until
        ]

    def forget_check_ins(self, *, before: datetime) -> int:
        n_gone = 0
        for person in list(self._rows.people.values()):
            kept = tuple(
                place
                for place in person.places
                if place.reported_at is None or place.reported_at >= before
            )
            if len(kept) < len(person.places):
                n_gone += len(person.places) - len(kept)
                self._put(replace(person, places=kept))
        return n_gone

    def _put(self, person: Responder) -> None:
        if not self._is_stamped:
            self._rows.revision += 1
            self._is_stamped = True
        self._rows.people[person.responder_id] = person
        self._rows.stamps[person.responder_id] = self._rows.revision


class FakeAeds:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def upsert(self, aeds: Sequence[Aed], *, now: datetime) -> Upserted:
        known = {aed.ref: aed for aed in self._rows.aeds.values()}
        by_ref = {aed.ref: aed for aed in aeds}
        for ref, aed in by_ref.items():
            old = known.get(ref)
            number = old.aed_id if old else AedId(len(self._rows.aeds) + 1)
            at = old.out_of_order_at if old else aed.out_of_order_at
            self._rows.aeds[number] = replace(aed, aed_id=number, out_of_order_at=at)
        n_known = len(by_ref.keys() & known.keys())
        return Upserted(added=len(by_ref) - n_known, updated=n_known)

    def get(self, aed_id: AedId) -> Aed | None:
        return self._rows.aeds.get(aed_id)

    def near(self, lon: float, lat: float, *, within_m: float) -> Sequence[Aed]:
        north = within_m / 110_500.0
        east = north / np.cos(np.radians(lat))
        return [
            aed
            for _, aed in sorted(self._rows.aeds.items())
            if abs(aed.lat - lat) <= north and abs(aed.lon - lon) <= east
        ]

    def set_out_of_order(self, aed_id: AedId, at: datetime | None) -> bool:
        aed = self._rows.aeds.get(aed_id)
        if aed is not None:
            self._rows.aeds[aed_id] = replace(aed, out_of_order_at=at)
        return aed is not None

    def count(self) -> int:
        return len(self._rows.aeds)


class FakeCases:
    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def add(self, case: CardiacCase) -> None:
        for other in self._rows.cases.values():
            same_code = other.state.is_open and other.code == case.code
            same_ref = case.external_ref and other.external_ref == case.external_ref
            if same_code or same_ref:
                raise CaseStateError("The code or the number of the case is in use.")
        self._rows.cases[case.case_id] = case

    def get(self, case_id: CaseId) -> CardiacCase:
        if case_id not in self._rows.cases:
            raise CaseNotFoundError(f"There is no case {case_id}.")
        return self._rows.cases[case_id]

    def get_for_update(self, case_id: CaseId) -> CardiacCase:
        return self.get(case_id)

    def save(self, case: CardiacCase) -> None:
        self.get(case.case_id)
        self._rows.cases[case.case_id] = case

    def find_by_ref(self, external_ref: str) -> CardiacCase | None:
        known = self._rows.cases.values()
        return next((one for one in known if one.external_ref == external_ref), None)

    def count(self) -> int:
        return len(self._rows.cases)

    def open(self) -> Sequence[CardiacCase]:
        return [case for case in self._rows.cases.values() if case.state.is_open]

    def newest(self, *, before: str = "", limit: int) -> Sequence[CardiacCase]:
        found = list(self._rows.cases.values())
        if before:
            ids = [case.case_id for case in found]
            found = found[: ids.index(CaseId(before))]
        return found[::-1][:limit]

    def due(self, *, now: datetime, limit: int) -> Sequence[CaseId]:
        found = [
            (case.next_due_at, n, case.case_id)
            for n, case in enumerate(self._rows.cases.values())
            if case.next_due_at is not None and case.next_due_at <= now
        ]
        return [case_id for *_, case_id in sorted(found)[:limit]]

    def add_offers(self, offers: Sequence[Offer]) -> None:
        for offer in offers:
            if (offer.case_id, offer.responder_id) in self._rows.offers:
                raise CaseStateError("This responder was asked already.")
            self._put(offer)

    def offers(self, case_id: CaseId) -> Sequence[Offer]:
        self.get(case_id)
        return [one for one in self._rows.offers.values() if one.case_id == case_id]

    def offer(self, case_id: CaseId, responder_id: ResponderId) -> Offer | None:
        return self._rows.offers.get((case_id, responder_id))

    def save_offer(self, offer: Offer) -> None:
        if (offer.case_id, offer.responder_id) not in self._rows.offers:
            raise CaseStateError(f"Responder {offer.responder_id} was never asked.")
        self._put(offer)

    def live_offers(
        self, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, Sequence[Offer]]:
        found: dict[ResponderId, list[Offer]] = defaultdict(list)
        for offer in self._rows.offers.values():
            if offer.responder_id in responder_ids and offer.state.is_live:
                found[offer.responder_id].append(offer)
        return found

    def offers_of(
        self, responder_id: ResponderId, *, since: datetime
    ) -> Sequence[Offer]:
        found = [
            offer
            for offer in self._rows.offers.values()
            if offer.responder_id == responder_id and offer.offered_at >= since
        ]
        found.reverse()
        return sorted(found, key=lambda offer: offer.offered_at, reverse=True)

    def alerts_since(
        self, since: datetime, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, int]:
        counts: dict[ResponderId, int] = {}
        for offer in self._rows.offers.values():
            is_real = not self._rows.cases[offer.case_id].is_exercise
            is_meant = offer.responder_id in responder_ids
            if is_real and is_meant and offer.offered_at >= since:
                counts[offer.responder_id] = counts.get(offer.responder_id, 0) + 1
        return counts

    def to_follow_up(self) -> Sequence[Offer]:
        return [
            offer
            for offer in self._rows.offers.values()
            if offer.feeling is not None
            and offer.feeling.needs_a_call
            and not offer.is_followed_up
        ]

    def note(self, case_id: CaseId, decision: Decision) -> None:
        self.get(case_id)
        self._rows.decisions.append((case_id, decision))

    def decisions(self, case_id: CaseId) -> Sequence[Decision]:
        return [one for of, one in self._rows.decisions if of == case_id]

    def redact_decisions(self, case_id: CaseId, redacted: Redacted) -> int:
        before = list(self._rows.decisions)
        self._rows.decisions = [
            (of, replace(one, facts=redacted(one)) if of == case_id else one)
            for of, one in before
        ]
        pairs = zip(before, self._rows.decisions, strict=True)
        return sum(old != new for old, new in pairs)

    def _put(self, offer: Offer) -> None:
        if offer.state.is_engaged:
            for other in self._rows.offers.values():
                is_same = other.responder_id == offer.responder_id
                if (
                    is_same
                    and other.state.is_engaged
                    and other.case_id != offer.case_id
                ):
                    raise CaseStateError("On the way to another patient.")
        self._rows.offers[offer.case_id, offer.responder_id] = offer


class FakeAudit:
    """The chain without its hashes, which thousands of histories need not compute."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        entry = AuditEntry(
            seq=len(self._rows.audit) + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            details=dict(details),
            previous_hash=GENESIS,
        )
        self._rows.audit.append(entry)
        return entry

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        return (e for e in self._rows.audit if subject is None or e.subject == subject)


class FakeCaseStore:
    """What is committed, of volunteers and of telephony."""

    def __init__(self) -> None:
        self.rows = CaseRows()
        self.telephony = Rows()
        self.lock = threading.Lock()

    def unit_of_work(self) -> FakeCaseUnitOfWork:
        return FakeCaseUnitOfWork(self)


class FakeCaseUnitOfWork:
    """A transaction: works on a copy, which ``commit`` makes true."""

    def __init__(self, store: FakeCaseStore) -> None:
        self._store = store

    def __enter__(self) -> Self:
        self._store.lock.acquire()
        self._rows = rows = self._store.rows.copy()
        self._telephony = self._store.telephony.copy()
        self.responders = FakeResponders(rows)
        self.aeds = FakeAeds(rows)
        self.cases = FakeCases(rows)
        self.audit = FakeAudit(rows)
        self.outbox = FakeOutbox(self._telephony)
        self.queue = FakeQueue(self._telephony)
        self.events = FakeEventLog(self._telephony)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._store.lock.release()

    def commit(self) -> None:
        self._store.rows = self._rows.copy()
        self._store.telephony = self._telephony.copy()
