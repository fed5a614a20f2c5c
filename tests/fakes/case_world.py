"""Volunteers and cases on a store in memory, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from ivr_scripts.catalogue import load_catalogue
from ops.wiring.case_parts import understand
from ops.wiring.responder_services import CaseParts, build_case_services
from responders.case import CardiacCase, CaseId, PlaceType, Scene
from responders.cases.case_intake import NewCase, Opened
from responders.cases.decider import ChooseWave, People, Policies
from responders.cases.directory import candidates_of
from responders.deciding.facts import Candidates, Skill
from responders.deciding.waves import decide_wave
from responders.duty.reachability import ReachPolicy
from responders.offer import Offer
from responders.ports import UnitOfWork
from responders.roster.aeds import Access, Aed
from responders.roster.columns import Columns
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import Credential
from responders.roster.volunteer import Consent, Responder, ResponderId, Standing
from telephony.callbacks.event_reading import InboundText
from telephony.delivery import Channel, DeliveryEvent, DeliveryState, NewDelivery
from telephony.numbers import parse_number
from telephony.sealing import Seals
from tests.fakes.responders import FakeCaseStore

#: A Thursday, at night in Europe and in the morning in Cambodia.
START = datetime(2026, 9, 3, 3, 0, tzinfo=UTC)
PATIENT = (104.92, 11.56)
#: Degrees of latitude of one metre.
METRE = 1 / 110_574.0
ADDRESS = "Kerkstraat 12"
SEALS = Seals(lambda: "a key of tests")
NewUow = Callable[[], AbstractContextManager[UnitOfWork]]


def phone(n: int) -> str:
    return f"+8551200{n:04d}"


def north(metres: float) -> Place:
    """A home so far north of the patient."""
    lon, lat = PATIENT
    return Place(kind=PlaceKind.HOME, lon=lon, lat=lat + metres * METRE)


def a_person(n: int, metres: float = 300, **changes: Any) -> Responder:
    values: dict[str, Any] = {
        "phone": phone(n),
        "language": "en",
        "name": f"Volunteer {n}",
        "standing": Standing.ACTIVE,
        "credentials": (
            Credential(
                skill=Skill.CPR,
                valid_until=START + timedelta(days=300),
                verified_at=START,
            ),
        ),
        "consent": Consent(version="1", given_at=START),
        "number_verified_at": START,
        "places": (north(metres),),
    }
    return Responder(**(values | changes))


def an_aed(n: int, metres: float, **changes: Any) -> Aed:
    values: dict[str, Any] = {
        "ref": f"osm:node/{n}",
        "lon": PATIENT[0],
        "lat": PATIENT[1] + metres * METRE,
        "location": "Town hall, left of entrance",
        "opening_hours": "24/7",
        "access": Access.YES,
        "cabinet_code": "1379",
    }
    return Aed(**(values | changes))


def a_scene(**changes: Any) -> Scene:
    values: dict[str, Any] = {
        "lon": PATIENT[0],
        "lat": PATIENT[1],
        "address": ADDRESS,
        "details": "door B, 2nd floor",
        "scene_safe": True,
        "place_type": PlaceType.PUBLIC,
    }
    return Scene(**(values | changes))


class EverybodyNear:
    """Finds people by looking at all of them: the index is tested elsewhere."""

    def __init__(self, read_uow: NewUow) -> None:
        self._read_uow = read_uow
        self._seen = -1
        self.columns = Columns.empty(0)

    def rehearse(self) -> None:
        pass

    def refresh(self, *, wait: bool = True) -> int:
        with self._read_uow() as uow:
            revision = uow.responders.revision()
            if revision == self._seen:
                return 0
            self._seen = revision
            people = uow.responders.page(after=0, limit=1_000)
        self.columns = Columns.empty(len(people))
        for row, person in enumerate(people):
            self.columns.put(row, person)
        return len(people)

    def near(
        self, lon: float, lat: float, *, within_m: float, now: datetime
    ) -> Candidates:
        if not len(self.columns.ids):
            return candidates_of(Columns.empty(0), (lon, lat), within_m, (now, now))
        rows = np.arange(len(self.columns.ids))
        return candidates_of(self.columns.rows(rows), (lon, lat), within_m, (now, now))


class CaseWorld:
    """The services, and the verbs that tests tell stories with."""

    def __init__(
        self,
        new_uow: NewUow | None = None,
        *,
        policies: Policies | None = None,
        reach: ReachPolicy | None = None,
        find_place: Callable[[str], Any] = lambda name: None,
        clock: Callable[[], datetime] | None = None,
        choose: ChooseWave = decide_wave,
        people: Callable[[NewUow], People] | None = None,
    ) -> None:
        self._choose = choose
        self._finder = people or EverybodyNear
        self._clock = clock
        self.new_uow: NewUow = new_uow or FakeCaseStore().unit_of_work
        self.time = START
        self._policies = policies or Policies()
        self._reach = reach or ReachPolicy()
        self._find_place = find_place
        self._n_texts = 0
        self.restart()

    def restart(self) -> None:
        """As after a crash: nothing is remembered but rows."""
        self.services = build_case_services(
            CaseParts(
                new_uow=self.new_uow,
                urgent_uow=self.new_uow,
                read_uow=self.new_uow,
                catalogue=load_catalogue(),
                now=self.now,
                local=lambda at: at,
                find_place=self._find_place,
                parse_phone=parse_number,
                understand=understand,
                seals=SEALS,
                policies=self._policies,
                reach=self._reach,
                people=self._finder(self.new_uow),
                choose=self._choose,
            )
        )

    def now(self) -> datetime:
        return self.time if self._clock is None else self._clock()

    def move(self, **span: float) -> None:
        """Let time pass; the worker looks at what is due every second or so."""
        self.time += timedelta(**span)
        self.tick()

    def pass_by(self, seconds: int, step: int = 5) -> None:
        """Let time pass in steps."""
        for _ in range(0, seconds, step):
            self.move(seconds=step)

    def tick(self) -> int:
        return self.services.engine.run_once()

    def people(self, *people: Responder) -> list[ResponderId]:
        """Register people as they are, and return their ids."""
        with self.new_uow() as uow:
            uow.responders.upsert(people, now=self.now())
            ids = []
            for person in people:
                known = uow.responders.find_by_phone(person.phone)
                assert known is not None
                ids.append(known.responder_id)
            uow.commit()
        return ids

    def aeds(self, *aeds: Aed) -> None:
        with self.new_uow() as uow:
            uow.aeds.upsert(aeds, now=self.now())
            uow.commit()

    def open(self, **changes: Any) -> Opened:
        """A case; fields of the scene and of the report in one."""
        of_scene: dict[str, Any] = {
            name: changes.pop(name)
            for name in list(changes)
            if name in Scene.__dataclass_fields__
        }
        values: dict[str, Any] = {"scene": a_scene(**of_scene), "ems_eta_min": 12}
        new = NewCase(**(values | changes))
        return self.services.desk.open(new, by="dara")

    def running(self, **changes: object) -> CaseId:
        """A case whose first wave has left."""
        case_id = self.open(**changes).case.case_id
        self.tick()
        return case_id

    def case(self, case_id: CaseId) -> CardiacCase:
        with self.new_uow() as uow:
            return uow.cases.get(case_id)

    def offers(self, case_id: CaseId) -> dict[int, Offer]:
        with self.new_uow() as uow:
            return {int(o.responder_id): o for o in uow.cases.offers(case_id)}

    def press(self, case_id: CaseId, number: int, answer: str, part: str = "") -> None:
        """Somebody presses a key in a call."""
        self.news(case_id, number, DeliveryState.CONFIRMED, answer=answer, part=part)

    def news(
        self,
        case_id: CaseId,
        number: int,
        state: DeliveryState,
        *,
        channel: Channel = Channel.VOICE,
        answer: str | None = None,
        code: str | None = None,
        part: str = "",
    ) -> None:
        """News of a delivery."""
        owner = f"case:{case_id}/{part}" if part else f"case:{case_id}"
        event = DeliveryEvent(
            owner_ref=owner,
            recipient_id=number,
            channel=channel,
            state=state,
            at=self.now(),
            answer=answer,
            code=code,
        )
        with self.new_uow() as uow:
            self.services.listener.on_delivery_events(uow, [event])
            uow.commit()

    def text(self, number: str, body: str) -> bool:
        """Somebody sends a text; a PIN is sealed at the door."""
        sealed = SEALS.in_text(number, body)
        text = InboundText(phone=number, body=sealed, at=self.now())
        with self.new_uow() as uow:
            is_dealt_with = self.services.texts.read_text(uow, text)
            uow.commit()
        return is_dealt_with

    def sent(self, n: int, part: str | None = None) -> list[str]:
        """Texts that were ordered for a number, in order, of one message or all."""
        with self.new_uow() as uow:
            return [
                uow.outbox.content(order.content_id).sms_text
                for order in self.orders(uow)
                if order.phone == phone(n)
                and order.channel is Channel.SMS
                and (part is None or order.owner_ref.partition("/")[2] == part)
            ]

    def calls(self, n: int) -> list[NewDelivery]:
        """Calls that were ordered for a number."""
        with self.new_uow() as uow:
            return [
                order
                for order in self.orders(uow)
                if order.phone == phone(n) and order.channel is Channel.VOICE
            ]

    @staticmethod
    def orders(uow: Any) -> Sequence[NewDelivery]:
        """Every delivery that was ever ordered."""
        return [one.order for one in uow.outbox._rows.deliveries.values()]

    def decided(self, case_id: CaseId, kind: str) -> Any:
        """What the last decision of a kind knew and chose."""
        with self.new_uow() as uow:
            decisions = uow.cases.decisions(case_id)
        return [one.facts for one in decisions if one.kind == kind][-1]

    def actions(self, case_id: CaseId) -> list[str]:
        """What the record says was done about a case."""
        with self.new_uow() as uow:
            subject = f"case:{case_id}"
            return [entry.action for entry in uow.audit.entries(subject=subject)]
