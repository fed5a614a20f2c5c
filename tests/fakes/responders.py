"""``responders.ports`` in memory: people, AEDs, cases, offers, and the record."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from responders.errors import (
    ResponderNotFoundError,
)
from responders.ports import PlaceRows, Upserted
from responders.roster.aeds import Aed, AedId
from responders.roster.places import PlaceKind
from responders.roster.volunteer import Responder, ResponderId, Standing
from tests.fakes.audit import FakeAuditList
from tests.fakes.case_rows import CaseRows
from tests.fakes.cases import FakeCases
from tests.fakes.event_log import FakeEventLog
from tests.fakes.outbox import FakeOutbox
from tests.fakes.queue import FakeQueue
from tests.fakes.reachability import FakeLearning, FakeReachability
from tests.fakes.rows import Rows
from tests.fakes.transactions import OneAtATime


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
                    pin=person.pin if person.pin.is_set else known.pin,
                )
            )
        return Upserted(added=len(by_phone) - n_updated, updated=n_updated)

    def get(self, responder_id: ResponderId) -> Responder:
        if responder_id not in self._rows.people:
            raise ResponderNotFoundError(f"There is no responder {responder_id}.")
        return self._rows.people[responder_id]

    def expect(self, phones: Sequence[str]) -> None:
        """Everything is in memory."""

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


class FakeCaseStore:
    """What is committed, of volunteers and of telephony."""

    def __init__(self) -> None:
        self.rows = CaseRows()
        self.telephony = Rows()
        self.lock = threading.Lock()

    def unit_of_work(self) -> FakeCaseUnitOfWork:
        return FakeCaseUnitOfWork(self)


class FakeCaseUnitOfWork(OneAtATime):
    """A transaction: works on a copy, which ``commit`` makes true."""

    def __init__(self, store: FakeCaseStore) -> None:
        super().__init__(store.lock)
        self._store = store

    def begin(self) -> None:
        self._rows = rows = self._store.rows.copy()
        self._telephony = self._store.telephony.copy()
        self.responders = FakeResponders(rows)
        self.aeds = FakeAeds(rows)
        self.cases = FakeCases(rows)
        self.audit = FakeAuditList(rows.audit)
        self.reachability = FakeReachability(rows)
        self.learning = FakeLearning(rows)
        self.outbox = FakeOutbox(self._telephony)
        self.queue = FakeQueue(self._telephony)
        self.events = FakeEventLog(self._telephony)

    def commit(self) -> None:
        self._store.rows = self._rows.copy()
        self._store.telephony = self._telephony.copy()
