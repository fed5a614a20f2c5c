"""A volunteer rings back: from the carrier's request to the answer in the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest
from lxml import etree

from ivr_scripts.catalogue import LanguageLookup, load_catalogue
from ivr_scripts.model import Lookup
from ops.ports import UnitOfWork
from ops.wiring.incoming_calls import CallsInTurn, Doors
from responders.offer import OfferState
from telephony.callbacks.event_reading import InboundCall
from telephony.callbacks.inbound_calls import InboundCalls
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity, SignedForm
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.signature import sign
from telephony.delivery import CarrierEvent
from tests.fakes.case_world import ADDRESS, SEALS, CaseWorld, a_person, phone

URL = "https://warn.example"
TOKEN = "secret"
CATALOGUE = load_catalogue()


@dataclass
class Citizens:
    """The door and the ears of everybody else."""

    heard: list[InboundCall] = field(default_factory=list)

    def opening(self, phone: str) -> tuple[str, str]:
        del phone
        return "registration", "en"

    def lookup(self, phone: str) -> Lookup:
        del phone
        return LanguageLookup(CATALOGUE, ("en",))

    def on_call(self, uow: object, call: InboundCall) -> None:
        self.heard.append(call)


class Line:
    """Carrier, doors, and the fold of what was kept."""

    def __init__(self, world: CaseWorld) -> None:
        self.world = world
        self.citizens = Citizens()
        self.events: list[CarrierEvent] = []
        volunteers = world.services.calls
        self.calls = InboundCalls(
            intake=CallbackIntake(
                carriers={
                    "main": CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)
                },
                public_url=URL,
                sink=self,
                context_of=lambda _: None,
                talk=CallTalk(catalogue=CATALOGUE),
                now=world.now,
            ),
            public_url=URL,
            door=Doors(volunteers, self.citizens, SEALS),
            catalogue=CATALOGUE,
            variables=volunteers.variables,
        )
        self.ears = CallsInTurn(volunteers, self.citizens)

    def keep(self, event: CarrierEvent) -> None:
        self.events.append(event)

    def ring(self, n: int, *keys: str) -> str:
        """A whole call; everything that was said in it."""
        document = self.calls.answer("main", self._form("/inbound/call", n))
        said = [document]
        for digit in keys:
            root = etree.fromstring(document.encode())
            path = next(e.get("action") for e in root.iter() if e.get("action"))
            path = str(path).removeprefix(f"{URL}/telephony/main")
            script, _, position = path.removeprefix("/inbound/call/").partition("/")
            form = self._form(path, n, Digits=digit)
            document = self.calls.step("main", script, position, form)
            said.append(document)
        self._fold(n)
        return "\n".join(said)

    def _form(self, path: str, n: int, **fields: str) -> SignedForm:
        path = f"/telephony/main{path}"
        pairs = [("From", phone(n)), ("CallSid", "CA1"), *fields.items()]
        signature = sign(TOKEN, URL + path, pairs)
        return SignedForm(path_and_query=path, form=pairs, signature=signature)

    def _fold(self, n: int) -> None:
        with self.world.new_uow() as uow:
            for number, event in enumerate(self.events):
                call = InboundCall(
                    phone=phone(n),
                    at=self.world.now(),
                    answers=event.answers or (),
                    event_id=number,
                )
                self.ears.on_call(cast("UnitOfWork", uow), call)
            uow.commit()
        self.events.clear()


@pytest.fixture
def line() -> Line:
    return Line(CaseWorld())


def test_yes_by_ringing_back(line: Line) -> None:
    """The request is heard, 1 accepts, and the address comes by text alone."""
    (one,) = line.world.people(a_person(1))
    case_id = line.world.running()
    said = line.ring(1, "1")
    assert "300 metres" in said
    assert ADDRESS not in said
    assert line.world.offers(case_id)[int(one)].state is OfferState.ROLE_SENT
    assert ADDRESS in line.world.sent(1, "role")[0]
    assert ADDRESS not in line.ring(1)


def test_off_duty_by_ringing(line: Line) -> None:
    """Nobody needs them: they hear so, and 2 takes them off duty."""
    line.world.people(a_person(1))
    assert "no open request" in line.ring(1, "2")
    assert "You are off duty" in line.ring(1)


def test_an_unknown_number_hears_of_no_case(line: Line) -> None:
    """It is offered what everybody is, its call is kept, and no address is given."""
    line.world.people(a_person(1))
    line.world.running()
    said = line.ring(9)
    assert ADDRESS not in said
    assert "cardiac" not in said.lower()
    assert [call.phone for call in line.citizens.heard] == [phone(9)]
