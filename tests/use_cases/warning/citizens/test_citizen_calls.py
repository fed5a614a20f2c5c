"""Calls of citizens: walked by key, kept as events, folded, told by text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from lxml import etree

from ivr_scripts.errors import PositionError
from telephony.callbacks.inbound_calls import InboundCalls
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity, SignedForm
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.signature import sign
from telephony.delivery import CarrierEvent, Channel, EventKind
from telephony.errors import SignatureError
from tests.use_cases.warning.citizen_world import CATALOGUE, Citizens
from tests.use_cases.warning.world import World, a_phone, an_alert, an_info

URL = "https://warn.example"
TOKEN = "secret"


@dataclass
class Sink:
    """Keeps events in memory."""

    events: list[CarrierEvent] = field(default_factory=list)

    def keep(self, event: CarrierEvent) -> None:
        self.events.append(event)


class Line:
    """The telephone line of one carrier."""

    def __init__(self, world: World, dialect: Dialect) -> None:
        self.citizens = Citizens(world)
        self.sink = Sink()
        intake = CallbackIntake(
            carriers={"main": CarrierIdentity(auth_token=TOKEN, dialect=dialect)},
            public_url=URL,
            sink=self.sink,
            context_of=lambda _: None,
            talk=CallTalk(catalogue=CATALOGUE),
            now=world.clock,
        )
        self.calls = InboundCalls(
            intake=intake,
            public_url=URL,
            door=self.citizens.menus,
            catalogue=CATALOGUE,
        )

    def form(self, path: str, phone: str, **fields: str) -> SignedForm:
        pairs = [("From", phone), ("CallSid", "CA1"), *fields.items()]
        signature = sign(TOKEN, URL + path, pairs)
        return SignedForm(path_and_query=path, form=pairs, signature=signature)

    def ring(self, phone: str, door: str = "call") -> str:
        """Call us; the first document."""
        form = self.form(f"/telephony/main/inbound/{door}", phone)
        take = {"call": self.calls.answer, "report": self.calls.take_report}[door]
        return take("main", form)

    def press(self, document: str, phone: str, digits: str = "", **more: str) -> str:
        """Answer a document as the carrier does, at the address it names."""
        path = action_of(document)
        _, _, rest = path.partition("/inbound/call/")
        script, _, position = rest.partition("/")
        form = self.form(path, phone, Digits=digits, **more)
        return self.calls.step("main", script, position, form)

    def walk(self, phone: str, *keys: str, door: str = "call") -> str:
        """A whole call; the last document."""
        document = self.ring(phone, door)
        for digits in keys:
            document = self.press(document, phone, digits)
        return document

    def fold(self, n: int) -> list[str]:
        """What the worker makes of it; what the phone then reads."""
        got: list[str] = []
        for event in self.sink.events:
            if event.answers:
                got = self.citizens.press(n, *event.answers) or got
        self.sink.events.clear()
        return got


def action_of(document: str) -> str:
    """Path that the carrier calls next."""
    root = etree.fromstring(document.encode())
    urls = [node.get("action") for node in root.iter() if node.get("action")]
    assert urls, document
    return str(urls[0]).removeprefix(URL)


@pytest.fixture(params=list(Dialect))
def line(world: World, request: pytest.FixtureRequest) -> Line:
    return Line(world, request.param)


def language_key(line: Line, tag: str = "en") -> str:
    """The key that chooses a language."""
    offered = [
        one
        for one in line.citizens.menus.languages()
        if "common.language" in CATALOGUE.texts[one].prompts
    ]
    return str(offered.index(tag) + 1)


def test_registering_by_menu(line: Line) -> None:
    """Language, province, district, commune, yes: registered, and a welcome by text."""
    keys = (language_key(line), "1", "1", "1", "2", "1")
    assert "<Hangup/>" in line.walk(a_phone(1), *keys)
    (welcome,) = line.fold(1)
    assert "Roka Khpos" in welcome
    assert line.citizens.place(1) == "KH-080101"
    assert line.citizens.status(1) == "active"


def test_registering_by_code(line: Line) -> None:
    """The digits of a code, whatever letters stand before them."""
    line.walk(a_phone(1), language_key(line), "2", "0801", "1")
    line.fold(1)
    assert line.citizens.place(1) == "KH-0801"


@pytest.mark.parametrize("hang_up_after", range(5))
def test_who_hangs_up_is_not_registered(line: Line, hang_up_after: int) -> None:
    """Nothing is kept before the consent."""
    keys = (language_key(line), "1", "1", "1", "2")[:hang_up_after]
    line.walk(a_phone(1), *keys)
    assert line.fold(1) == []
    assert line.citizens.status(1) is None


@pytest.mark.parametrize("wrong", ["", "*", "#", "99"])
def test_silence_and_wrong_keys_end_the_call(line: Line, wrong: str) -> None:
    """Nobody is held on the line for ever, and nothing is changed."""
    document = line.ring(a_phone(1))
    n = 0
    while "<Hangup/>" not in document:
        document, n = line.press(document, a_phone(1), wrong), n + 1
        assert n < 40
    assert line.fold(1) == []
    assert line.citizens.status(1) is None


def test_a_restart_in_mid_call_loses_nothing(line: Line, world: World) -> None:
    """Another process goes on where the address says."""
    document = line.walk(a_phone(1), language_key(line), "2")
    document = Line(world, Dialect.TWILIO).press(document, a_phone(1), "12")
    assert "Phnom Penh" in document


def test_settings_change_and_are_told(line: Line, world: World) -> None:
    """Place, language, channels, leaving and coming back."""
    person = world.register(1)
    assert line.fold(1) == []
    line.walk(a_phone(1), "2", "2", "12", "1")
    assert "Phnom Penh" in line.fold(1)[0]
    line.walk(a_phone(1), "4", "1")
    line.fold(1)
    with world.read() as uow:
        assert uow.subscribers.rows([person])[person].channels is Channel.SMS
    line.walk(a_phone(1), "9", "1")
    line.fold(1)
    assert line.citizens.status(1) == "active"
    line.walk(a_phone(1), "9")
    assert line.fold(1) == line.citizens.words("stopped")
    assert line.citizens.status(1) == "opted_out"


def test_whoever_left_comes_back_by_saying_yes_again(line: Line, world: World) -> None:
    """A call alone, and every key but the last, leaves them in peace."""
    world.register(1)
    line.walk(a_phone(1), "9")
    line.fold(1)
    keys = (language_key(line), "2", "0801", "1")
    for n in range(len(keys)):
        line.walk(a_phone(1), *keys[:n])
        assert line.fold(1) == []
        assert line.citizens.status(1) == "opted_out"
    line.walk(a_phone(1), *keys)
    assert line.fold(1) == line.citizens.words("welcome", place="Ta Khmau")
    assert line.citizens.status(1) == "active"


def test_current_warnings_are_read_out(line: Line, world: World) -> None:
    """What holds for the registered place, and that nothing holds."""
    world.register(1)
    none = line.walk(a_phone(1), "1")
    assert "No warning holds" in none
    world.go_live(an_alert(an_info(headline="Flood on the Mekong")))
    assert "Flood on the Mekong" in line.walk(a_phone(1), "1")
    assert "Go to high ground." in line.walk(a_phone(1), "1", "1")


def test_a_report_has_kind_place_and_recording(line: Line, world: World) -> None:
    """Flood, somebody hurt, at home; then the words after the tone."""
    world.register(1)
    document = line.walk(a_phone(1), "1", "1", "1", door="report")
    line.press(document, a_phone(1), RecordingUrl="https://telco.example/r/RE1.wav?x=2")
    line.fold(1)
    with world.read() as uow:
        (seen,) = uow.citizen_reports.newest(before=None, limit=9)
        assert (seen.kind, seen.is_hurt, seen.where.lon) == ("flood", True, 104.5)
        (note,) = uow.voice_notes.of(f"report:{seen.number}")
    assert note.ref == "main/RE1"


def test_a_missed_call_is_rung_back(line: Line, world: World) -> None:
    """Refused as busy, rung back once; not again within minutes, nor for ever."""
    path = "/telephony/main/inbound/missed-call"
    said = line.calls.miss("main", line.form(path, a_phone(1)))
    assert re.search("<Reject", said)
    line.fold(1)
    assert line.citizens.received(1, Channel.VOICE) == ["registration/en"]
    line.citizens.press(1, "MISSED")
    assert line.citizens.received(1, Channel.VOICE) == []
    rung = 0
    for _ in range(6):
        world.clock.move(minutes=11)
        line.citizens.press(1, "MISSED")
        rung += len(line.citizens.received(1, Channel.VOICE))
    assert rung == 2


def test_help_by_key_opens_a_case(line: Line, world: World) -> None:
    """In earnest, not in an exercise; what is spoken then belongs to it."""
    world.register(1)
    case = world.go_live()
    line.citizens.press(1, "URGENT", owner_ref=case.owner_ref)
    line.citizens.press(1, "RECORDED:main/RE9", owner_ref=case.owner_ref)
    with world.read() as uow:
        (request,) = uow.help_requests.all(states=["open"], limit=9)
        assert (request.is_urgent, request.owner_ref) == (True, case.owner_ref)
        assert len(uow.voice_notes.of(f"help:{request.number}")) == 1


def test_a_withheld_number_is_refused(line: Line) -> None:
    """There would be nobody to register or to write to."""
    assert "<Reject" in line.ring("anonymous")
    assert line.sink.events == []


def test_forged_and_foreign_addresses_are_refused(line: Line) -> None:
    """Without the carrier's signature nothing happens; nor in a script of others."""
    path = "/telephony/main/inbound/call"
    forged = SignedForm(path_and_query=path, form=[], signature="no")
    with pytest.raises(SignatureError):
        line.calls.answer("main", forged)
    path = "/telephony/main/inbound/call/warning/en.menu.1.1"
    with pytest.raises(PositionError):
        line.calls.step("main", "warning", "en.menu.1.1", line.form(path, a_phone(1)))


def test_every_call_is_noted(line: Line) -> None:
    """Also one in which nobody chooses: the number lives."""
    line.ring(a_phone(1))
    (event,) = line.sink.events
    assert (event.kind, event.attempt_id) == (EventKind.INBOUND_CALL, None)
