"""PINs are sealed at the door: nothing that is kept holds four digits of one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_scripts.catalogue import LanguageLookup, load_catalogue
from ivr_scripts.interpreter import advance, start
from ivr_scripts.model import LookupRequest
from telephony.callbacks.sealing_sink import SealingSink
from telephony.calls.call_answers import answers_of
from telephony.delivery import CarrierEvent, EventKind
from telephony.sealing import PinLookup, Seals

SEALS = Seals(lambda: "a key")
PHONE = "+85512000001"
CATALOGUE = load_catalogue()


class Kept:
    def __init__(self) -> None:
        self.events: list[CarrierEvent] = []

    def keep(self, event: CarrierEvent) -> None:
        self.events.append(event)


def sealed(kind: EventKind, answers: tuple[str, ...] = (), **form: str) -> CarrierEvent:
    kept = Kept()
    SealingSink(kept, SEALS).keep(
        CarrierEvent(
            kind=kind,
            received_at=datetime(2026, 9, 3, tzinfo=UTC),
            carrier="main",
            attempt_id=None,
            form=tuple(form.items()),
            answers=answers,
        )
    )
    return kept.events[0]


@pytest.mark.parametrize(
    "body", ["4821", " 4821. ", "PIN 4821", "pin: 4821 5930", "1 4821", "1 4K 4821",
             "JOIN 123456 4821", "៤៨២១", "PIN ٤٨٢١"],
)  # fmt: skip
def test_a_pin_in_a_text_is_sealed(body: str) -> None:
    """Whatever the digits' script; what is beside it stays readable."""
    event = sealed(EventKind.INBOUND_MESSAGE, From=PHONE, Body=body)

    assert f"~{SEALS.of(PHONE, '4821')}" in event.value("Body")
    assert "4821" not in event.value("Body").replace(SEALS.of(PHONE, "4821"), "")


@pytest.mark.parametrize(
    "body", ["1", "1 4K", "JOIN", "JOIN 120501", "help at house 4821", "PIN", "48215",
             "PLACE 1205", "MOVE 11.5564, 104.9282", ""],
)  # fmt: skip
def test_any_other_text_is_left_alone(body: str) -> None:
    """Nothing is lost of what people write."""
    event = sealed(EventKind.INBOUND_MESSAGE, From=PHONE, Body=body)

    assert event.value("Body") == body


@given(st.text(max_size=40))
def test_no_text_breaks_the_door(body: str) -> None:
    """Whatever comes is kept."""
    sealed(EventKind.INBOUND_MESSAGE, From=PHONE, Body=body)


def test_keys_of_a_pin_are_not_kept() -> None:
    """The seal is in the answer; the digits of the request go."""
    event = sealed(EventKind.CALL_STEP, ("PROVED:5ea1",), Digits="4821")
    other = sealed(EventKind.CALL_STEP, ("ACCEPTED",), Digits="1")

    assert (event.value("Digits"), other.value("Digits")) == ("", "1")


def test_a_call_takes_four_digits_and_says_nothing_of_them() -> None:
    """Right or wrong sound the same, and what is kept is the seal."""
    script = CATALOGUE.script("cardiac_home")
    lookup = PinLookup(SEALS, PHONE, LanguageLookup(CATALOGUE))
    asked = advance(script, start(script, "en"), lookup=lookup)
    yes = advance(script, asked.position, "1", lookup=lookup)
    short = advance(script, yes.position, "48", lookup=lookup)
    done = advance(script, short.position, "4821", lookup=lookup)

    assert answers_of(yes, "cardiac_home") == ["ACCEPTED"]
    assert answers_of(short, "cardiac_home") == []
    assert answers_of(done, "cardiac_home") == [f"PROVED:{SEALS.of(PHONE, '4821')}"]
    assert done.ends
    assert "4821" not in repr(done)


def test_a_seal_is_of_one_number_and_one_key() -> None:
    """Who reads the table cannot tell who shares a PIN, nor try four digits."""
    one = SEALS.of(PHONE, "4821")

    assert one == SEALS.of(PHONE.removeprefix("+"), "4821")
    assert one != SEALS.of("+85512000002", "4821")
    assert one != Seals(lambda: "another key").of(PHONE, "4821")


@pytest.mark.parametrize("digits", ["", "482", "48211", "48a1", "-482", "²³¹²³"])
def test_what_is_no_pin_is_refused_without_repeating_it(digits: str) -> None:
    """The message may be logged."""
    with pytest.raises(ValueError, match="4 digits") as raised:
        SEALS.of(PHONE, digits)
    assert not digits or digits not in str(raised.value)


def test_other_lists_are_left_to_others() -> None:
    """Languages are offered as before."""
    lookup = PinLookup(SEALS, PHONE, LanguageLookup(CATALOGUE))

    assert lookup.options(LookupRequest("languages", "en"))
    assert lookup.options(LookupRequest("pin", "en", entered="48")) == []
