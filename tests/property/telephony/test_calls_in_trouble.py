"""Calls in which everything is pressed that is not asked for, and nothing at all.

Through the doors that carriers ask: signed forms in, documents out. The scripts' own
branches are walked in ``tests/property/ivr_scripts``.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lxml import etree

from ivr_scripts.model import StepKind
from ivr_scripts.position import Position
from telephony.callbacks.inbound_calls import InboundCalls
from telephony.callbacks.intake import (
    CallbackIntake,
    CallbackUrls,
    CarrierIdentity,
    SignedForm,
)
from telephony.calls.call_answers import CITIZEN_SCRIPTS, parse
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.signature import sign
from telephony.delivery import AttemptId, CallContext, CarrierEvent, Content, ContentId
from telephony.sealing import Seals
from tests.property.ivr_scripts.test_walk import (
    CATALOGUE,
    LANGUAGES,
    Country,
    Recorded,
    check_document,
    words,
)
from tests.unit.telephony.virtual_time import START

PUBLIC = "https://warn.example"
TOKEN = "secret"
ATTEMPT = AttemptId(5)
PHONE = "+85512345678"
#: More keys than were asked for, keys of other scripts, and what is no key.
ODD = ("#", "*", "**", "12", "1*#", "999999", "٣", "១", "A", " 1 1", "hangup", "\x00")
DECISIONS = {"CONFIRMED", "NEED_HELP", "SAFE", "URGENT", "ACCEPTED", "REGISTERED",
             "OPTED_OUT", "OPTED_IN", "REPORTED", "PLACE_CHANGED"}  # fmt: skip


class Line:
    """One carrier's line to a service without a database."""

    def __init__(self, script: str, language: str, dialect: Dialect) -> None:
        self.kept: list[CarrierEvent] = []
        self.script = script
        self.language = language
        content = Content(
            owner_ref="alert:1",
            variant="a",
            language=language,
            sms_text="",
            script=script,
            variables=words(language),
        )
        context = CallContext(
            attempt_id=ATTEMPT, content_id=ContentId(1), content=content
        )
        identity = CarrierIdentity(
            auth_token=TOKEN, dialect=dialect, caller_id="+855129"
        )
        self._intake = CallbackIntake(
            carriers={"main": identity},
            public_url=PUBLIC,
            sink=self,
            context_of=lambda _: context,
            talk=CallTalk(
                catalogue=CATALOGUE,
                sounds=Recorded(),
                lookup_of=lambda _: Country(2),
                seals=Seals(lambda: "key"),
                take_of=lambda ref: ref.partition("/")[2],
                numbers_of=lambda _: {"citizen_number": PHONE},
            ),
            now=lambda: START,
        )
        self._calls = InboundCalls(
            intake=self._intake,
            public_url=PUBLIC,
            door=self,
            catalogue=CATALOGUE,
            sounds=Recorded(),
        )
        self._first = urlsplit(CallbackUrls(PUBLIC).call_step("main", ATTEMPT)).path

    def keep(self, event: CarrierEvent) -> None:
        self.kept.append(event)

    def opening(self, phone: str) -> tuple[str, str]:
        return self.script, self.language

    def lookup(self, phone: str) -> Country:
        return Country(2)

    def rung(self) -> str:
        """We call; the first document."""
        return self._intake.call_step(
            "main", ATTEMPT, None, self._form(self._first, To=PHONE)
        )

    def rings(self) -> str:
        """We are called; the first document."""
        path = "/telephony/main/inbound/call"
        return self._calls.answer("main", self._form(path, From=PHONE))

    def answer(self, document: str, **fields: str) -> str:
        """What follows, by the address that the document names."""
        path = urlsplit(action_of(document)).path
        form = self._form(path, From=PHONE, To=PHONE, **fields)
        place = path.rpartition("/")[2]
        if "/inbound/" in path:
            return self._calls.step("main", self.script, place, form)
        return self._intake.call_step("main", ATTEMPT, place, form)

    def decided(self) -> set[str]:
        """Names of everything that was decided so far."""
        return {parse(answer).name for event in self.kept for answer in event.answers}

    @staticmethod
    def _form(path: str, **fields: str) -> SignedForm:
        pairs = list(fields.items())
        signature = sign(TOKEN, PUBLIC + path, pairs)
        return SignedForm(path_and_query=path, form=pairs, signature=signature)


def action_of(document: str) -> str:
    """Where the answer goes; empty if the call ends."""
    root = etree.fromstring(document.encode())
    return next((str(e.get("action")) for e in root.iter() if e.get("action")), "")


def place_of(document: str) -> Position:
    return Position.decode(urlsplit(action_of(document)).path.rpartition("/")[2])


def usual_answers(script: str, at: Position) -> Iterator[dict[str, str]]:
    """Answers that lead on from a place: every key of its menu, or what it asks for."""
    step = CATALOGUE.script(script).steps[at.step]
    if step.kind is StepKind.RECORD:
        yield {"RecordingUrl": "https://t.example/Recordings/RE1", "Digits": "hangup"}
    elif step.kind is StepKind.DIAL:
        yield {"DialCallStatus": "completed", "DialCallDuration": "3"}
        yield {"DialCallStatus": "busy"}
    elif step.kind is StepKind.ENTER:
        yield {"Digits": "120501"}
    else:
        yield from ({"Digits": choice.digit} for choice in step.choices)
        yield {"Digits": "1"}
        yield {"Digits": "2"}


def questions(line: Line, first: str) -> Iterator[str]:
    """Every question of a call once, each with its document."""
    waiting, seen = [first], set()
    while waiting:
        document = waiting.pop()
        check_document(document)
        if not action_of(document):
            continue
        at = place_of(document)
        key = (at.step, at.language, sum(len(value) for _, value in at.picked))
        if key in seen:
            continue
        seen.add(key)
        yield document
        waiting += [
            line.answer(document, **fields) for fields in usual_answers(line.script, at)
        ]


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("script", sorted(CATALOGUE.scripts))
def test_what_is_not_asked_for_decides_nothing(script: str, dialect: Dialect) -> None:
    """At every question of every script the call goes on, or ends, without a yes."""
    line = Line(script, "km", dialect)
    for document in questions(line, line.rung()):
        step = CATALOGUE.script(script).steps[place_of(document).step]
        used = {choice.digit for choice in step.choices}
        for odd in (*ODD, ""):
            if odd in used or step.kind in {StepKind.RECORD, StepKind.DIAL}:
                continue
            line.kept.clear()
            check_document(line.answer(document, Digits=odd) if odd else
                           line.answer(document))  # fmt: skip
            assert not line.decided() & DECISIONS


@pytest.mark.parametrize("script", sorted(CATALOGUE.scripts))
@pytest.mark.parametrize("pressed", [None, *ODD])
def test_no_call_goes_on_for_ever(script: str, pressed: str | None) -> None:
    """Whatever is pressed again and again, a call has an end."""
    line = Line(script, "en", Dialect.SOMLENG)
    document, n_questions = line.rung(), 0
    fields = {} if pressed is None else {"Digits": pressed}
    while action_of(document):
        document = line.answer(document, **fields)
        n_questions += 1
    assert n_questions <= CATALOGUE.script(script).max_turns


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("script", sorted(CATALOGUE.scripts))
def test_a_request_that_comes_again_says_the_same(
    script: str, dialect: Dialect
) -> None:
    """In mid-call, and when the call has long been over: nothing is remembered."""
    line = Line(script, "km", dialect)
    for document in questions(line, line.rung()):
        for fields in usual_answers(script, place_of(document)):
            line.kept.clear()
            first = line.answer(document, **fields)
            told = [event.answers for event in line.kept]
            line.kept.clear()
            assert line.answer(document, **fields) == first
            assert [event.answers for event in line.kept] == told


@pytest.mark.parametrize("script", sorted(CATALOGUE.scripts))
def test_who_hangs_up_has_said_what_they_said(script: str) -> None:
    """A recording that ends with the call is one; what was not answered is not."""
    line = Line(script, "en", Dialect.TWILIO)
    for document in questions(line, line.rung()):
        step = CATALOGUE.script(script).steps[place_of(document).step]
        if step.kind is not StepKind.RECORD:
            continue
        line.kept.clear()
        line.answer(document, RecordingSid="RE7", Digits="hangup")
        recorded = [
            parse(answer).value for event in line.kept for answer in event.answers
        ]
        assert recorded[0] in {"main/RE7", "RE7"}
        line.kept.clear()
        line.answer(document, Digits="hangup")
        assert "RECORDED" not in line.decided()


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", sorted(CITIZEN_SCRIPTS))
def test_calls_to_us_are_walked_through_every_question(
    script: str, language: str, dialect: Dialect
) -> None:
    """Registration, settings and reports: each document runs on both telcos."""
    line = Line(script, language, dialect)
    steps = {place_of(document).step for document in questions(line, line.rings())}
    # "ended" and the rest that only speaks are passed through.
    asking = {
        step.name
        for step in CATALOGUE.script(script).steps.values()
        if step.kind not in {StepKind.SAY, StepKind.END}
    }
    assert steps == asking
