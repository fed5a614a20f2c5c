"""Signed requests of carriers: checked, kept, answered."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.errors import PositionError, ScriptError
from telephony.callback_urls import CallbackUrls
from telephony.callbacks.intake import (
    CallbackIntake,
    CarrierIdentity,
    SignedForm,
)
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.carriers.signature import sign
from telephony.delivery import (
    AttemptId,
    CallContext,
    CarrierEvent,
    Content,
    ContentId,
    EventKind,
)
from telephony.errors import (
    CallbackNotKeptError,
    SignatureError,
    UnknownAttemptError,
)
from tests.unit.telephony.virtual_time import START

PUBLIC = "https://tocsin.example"
TOKEN = "secret"
IDENTITY = CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)
CATALOGUE = load_catalogue()
ATTEMPT = AttemptId(5)
URLS = CallbackUrls(PUBLIC)
SCRIPT = urlsplit(URLS.call_step("main", ATTEMPT)).path


def content(language: str, *, script: str = "warning", area: str = "") -> Content:
    return Content(
        owner_ref="alert:1",
        variant="warning",
        language=language,
        sms_text="Flood",
        script=script,
        variables={
            "source": "Tocsin",
            "event": "Flood",
            "area": area or f"area in {language}",
            "instruction": "Go up",
            "until": "noon",
        },
    )


class Sink:
    def __init__(self) -> None:
        self.kept: list[CarrierEvent] = []
        self.is_broken = False

    def keep(self, event: CarrierEvent) -> None:
        if self.is_broken:
            raise CallbackNotKeptError("The database did not take the callback.")
        self.kept.append(event)


class Door:
    """An intake with everything around it."""

    def __init__(self, *texts: Content) -> None:
        texts = texts or (content("en"), content("fr"))
        context = CallContext(
            attempt_id=ATTEMPT,
            content_id=ContentId(1),
            content=texts[0],
            translations={text.language: text for text in texts},
        )
        self.sink = Sink()
        self.intake = CallbackIntake(
            carriers={
                "main": CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)
            },
            public_url=f"{PUBLIC}/",
            sink=self.sink,
            context_of={ATTEMPT: context}.get,
            talk=CallTalk(catalogue=CATALOGUE),
            now=lambda: START,
        )

    def step(self, position: str | None = None, **form: str) -> str:
        path = SCRIPT if position is None else f"{SCRIPT}/{position}"
        return self.intake.call_step("main", ATTEMPT, position, signed(path, **form))


def signed(path: str, *, token: str = TOKEN, **form: str) -> SignedForm:
    fields = list(form.items())
    return SignedForm(
        path_and_query=path,
        form=fields,
        signature=sign(token, PUBLIC + path, fields),
    )


def position_of(document: str) -> str:
    """Where the call goes on, from the document's only address."""
    (gather,) = etree.fromstring(document.encode()).findall("Gather")
    return gather.get("action", "").rpartition("/")[2]


def test_addresses_carry_the_attempt() -> None:
    """And end in one slash only, however the setting is written."""
    urls = CallbackUrls("https://tocsin.example/base/")
    base = "https://tocsin.example/base/telephony/main"
    assert urls.message_status("main", ATTEMPT) == f"{base}/messages/5/status"
    assert urls.call_status("main", ATTEMPT) == f"{base}/calls/5/status"
    assert urls.call_answerer("main", ATTEMPT) == f"{base}/calls/5/answerer"
    assert urls.call_step("main", ATTEMPT) == f"{base}/calls/5/script"


def test_statuses_are_kept_as_they_came() -> None:
    """Blank fields and all, with their attempt and the time."""
    door = Door()
    door.intake.message_status("main", ATTEMPT, signed("/a", MessageStatus="", B="1"))
    door.intake.call_status("main", ATTEMPT, signed("/b?x=1", CallStatus="busy"))
    one, two = door.sink.kept
    assert one == CarrierEvent(
        kind=EventKind.MESSAGE_STATUS,
        received_at=START,
        carrier="main",
        attempt_id=ATTEMPT,
        form=(("MessageStatus", ""), ("B", "1")),
    )
    assert (two.kind, two.value("CallStatus")) == (EventKind.CALL_STATUS, "busy")


def test_a_text_is_answered_with_an_empty_document() -> None:
    """An empty body would count as an error and be repeated."""
    door = Door()
    answer = door.intake.inbound_message("main", signed("/in", From="+855", Body="1"))
    assert etree.fromstring(answer.encode()).tag == "Response"
    (event,) = door.sink.kept
    assert (event.kind, event.attempt_id) == (EventKind.INBOUND_MESSAGE, None)


@pytest.mark.parametrize(
    ("carrier", "request_"),
    [
        ("main", signed("/a", token="wrong")),
        ("other", signed("/a")),
        ("main", SignedForm(path_and_query="/a", form=[], signature="")),
        (
            "main",
            SignedForm(
                path_and_query="/other", form=[], signature=signed("/a").signature
            ),
        ),
    ],
)
def test_what_is_not_signed_by_its_carrier_is_not_kept(
    carrier: str, request_: SignedForm
) -> None:
    """Through whichever door it comes."""
    door = Door()
    doors = [
        lambda: door.intake.message_status(carrier, ATTEMPT, request_),
        lambda: door.intake.call_status(carrier, ATTEMPT, request_),
        lambda: door.intake.call_answerer(carrier, ATTEMPT, request_),
        lambda: door.intake.inbound_message(carrier, request_),
        lambda: door.intake.call_step(carrier, ATTEMPT, None, request_),
    ]
    for enter in doors:
        with pytest.raises(SignatureError):
            enter()
    assert not door.sink.kept


def test_a_call_begins_with_the_warning_and_a_question() -> None:
    """Nothing is decided yet, so nothing is kept."""
    door = Door()
    answer = door.step(CallStatus="ringing")
    assert "area in en" in answer
    assert position_of(answer) == "en.menu.1.1"
    assert not door.sink.kept


def test_a_key_is_durable_before_the_next_word() -> None:
    """What the person decided is kept with the call's id; the call then ends."""
    door = Door()
    answer = door.step("en.menu.1.1", Digits="1", CallSid="CA1")
    assert "<Hangup/>" in answer
    (event,) = door.sink.kept
    assert (event.kind, event.answers) == (EventKind.CALL_STEP, ("CONFIRMED",))
    assert event.value("CallSid") == "CA1"
    door.sink.is_broken = True
    with pytest.raises(CallbackNotKeptError):
        door.step("en.menu.1.1", Digits="1")


@pytest.mark.parametrize(
    "digits", ["", "7", "12", "\uff11", "#", "1" * 5_000, "\x00", "a"]
)
def test_keys_that_do_not_belong_decide_nothing(digits: str) -> None:
    """The question is asked again; nobody confirms by accident."""
    door = Door()
    assert position_of(door.step("en.menu.1.1", Digits=digits)) == "en.menu.2.2"
    assert not door.sink.kept


def test_silence_ends_the_call_and_confirms_nothing() -> None:
    """After three times; Somleng sends no Digits at all then."""
    door = Door()
    assert "<Hangup/>" in door.step("en.menu.3.3")
    assert not door.sink.kept


def test_another_language_has_its_own_words() -> None:
    """The choice itself is no answer to the warning."""
    door = Door(content("en"), content("fr"))
    answer = door.step("en.menu.1.1", Digits="4")
    position = position_of(answer)
    answer = door.step(position, Digits="2")
    assert "area in fr" in answer
    assert not door.sink.kept


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en-GB", "British"),
        ("en-US", "American"),
        ("en-AU", "American"),
        ("fr", "American"),
    ],
)
def test_the_very_tag_comes_first(language: str, spoken: str) -> None:
    """Then any of the same language, then whatever the owner wrote."""
    door = Door(content("en-US", area="American"), content("en-GB", area="British"))
    assert spoken in door.step(f"{language}.menu.0.0")


def test_a_call_we_never_made_is_kept_for_a_look() -> None:
    """Its caller hears nothing of ours, and a person hears of it."""
    door = Door()
    stranger = AttemptId(6)
    with pytest.raises(UnknownAttemptError):
        door.intake.call_step("main", stranger, None, signed("/x"))
    assert [event.attempt_id for event in door.sink.kept] == [stranger]


@pytest.mark.parametrize("position", ["nonsense", "en.gone.1.1", "en.thanks.1.1"])
def test_a_place_that_is_none_is_an_error_of_the_request(position: str) -> None:
    """It is told as such and decides nothing."""
    door = Door()
    with pytest.raises(PositionError):
        door.step(position, Digits="1")
    assert not door.sink.kept


def test_a_script_that_is_not_there_is_told_by_name() -> None:
    """It was there when the alert was approved."""
    with pytest.raises(ScriptError, match="no telephone script"):
        Door(content("en", script="gone")).step()


@given(st.text(max_size=30))
def test_any_digits_get_a_document(digits: str) -> None:
    """Whatever a carrier sends, the person hears words and not an error."""
    answer = Door().step("en.menu.1.1", Digits=digits)
    assert etree.fromstring(answer.encode()).tag == "Response"
