"""TwiML: only what both telcos run, whatever the words contain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ivr_scripts.model import Dial, Gather, Prompt, Record, Turn
from ivr_scripts.position import Position
from telephony.calls import twiml
from telephony.calls.twiml import Audio, Dialect, Sound, Speech
from telephony.errors import CarrierConfigError, ContentError

POSITION = Position("en", "menu", 2, 5)
GATHER = Gather(max_digits=1, timeout_s=6)


def address(position: Position) -> str:
    return f"https://warn.example/ivr/7?at={position.encode()}&k=v"


def parsed(text: str) -> etree._Element:
    return etree.fromstring(text.encode("utf-8"))


def document(
    sounds: Sequence[Sound],
    wait: Gather | Record | Dial | None = None,
    **options: Any,
) -> str:
    """The document for a turn that speaks these sounds."""
    queue = list(sounds)
    turn = Turn(tuple(Prompt("en", "x") for _ in queue), POSITION, wait=wait)
    return twiml.render(
        turn,
        action_url=address,
        prompt_source=lambda _: queue.pop(0),
        **options,
    )


def test_a_question_is_a_gather_that_always_comes_back() -> None:
    """The golden document of a menu, character by character."""
    assert document([Speech("Press 1", "en")], GATHER) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        '<Gather action="https://warn.example/ivr/7?at=en.menu.2.5&amp;k=v" '
        'method="POST" input="dtmf" numDigits="1" timeout="6" finishOnKey="" '
        'actionOnEmptyResult="true">'
        '<Say voice="Polly.Amy" language="en-GB">Press 1</Say>'
        "</Gather></Response>"
    )


def test_an_end_hangs_up() -> None:
    """The call does not depend on the carrier to notice that nothing follows."""
    root = parsed(document([Speech("Goodbye.", "en")]))

    assert [verb.tag for verb in root] == ["Say", "Hangup"]


def test_a_recording_comes_back_even_if_nothing_was_said() -> None:
    """Twilio runs on after silence; the redirect brings the call back to us."""
    root = parsed(document([Speech("Speak", "en")], Record(45, 5)))

    say, record, redirect = root
    assert say.tag == "Say"
    assert dict(record.items()) == {
        "action": address(POSITION),
        "method": "POST",
        "maxLength": "45",
        "timeout": "5",
        "finishOnKey": "#",
        "playBeep": "true",
    }
    assert (redirect.tag, redirect.text) == ("Redirect", address(POSITION))


def test_a_bridge_dials_the_number_of_the_caller() -> None:
    """The number is not part of the script, but given with the turn."""
    text = document([], Dial("operator"), numbers={"operator": "+85512345678"})

    assert "<Number>+85512345678</Number></Dial>" in text


@pytest.mark.parametrize("numbers", [None, {}, {"operator": "12<34"}])
def test_a_bridge_without_a_number_is_an_error(numbers: dict[str, str] | None) -> None:
    """Nothing but digits gets into the document."""
    with pytest.raises(CarrierConfigError):
        document([], Dial("operator"), numbers=numbers)


def test_neighbouring_words_of_a_language_are_one_say() -> None:
    """Fewer pieces, no gap between them; another language gets its own voice."""
    sounds: list[Sound] = [
        Speech("One", "en"),
        Speech("two", "en"),
        Speech("trois", "fr"),
        Audio("https://warn.example/a.wav"),
        Speech("four", "en"),
    ]

    root = parsed(document(sounds))

    assert [(verb.tag, verb.text) for verb in root] == [
        ("Say", "One two"),
        ("Say", "trois"),
        ("Play", "https://warn.example/a.wav"),
        ("Say", "four"),
        ("Hangup", None),
    ]


@given(st.text(max_size=200))
def test_any_words_make_a_well_formed_document(words: str) -> None:
    """Markup, control characters and surrogates never break out of the speech."""
    text = document([Speech(words, "en")], GATHER)

    root = parsed(text)
    assert [verb.tag for verb in root] == ["Gather"]
    assert all(verb.tag == "Say" and not len(verb) for verb in root[0])
    assert not re.search(r"[\x00-\x1f\x7f]", text)


def test_words_longer_than_a_telco_takes_are_cut_at_blanks() -> None:
    """Nothing is lost, and no part is too long."""
    words = " ".join(["warning"] * 2_000)

    root = parsed(document([Speech(words, "en")]))

    said = [verb.text or "" for verb in root if verb.tag == "Say"]
    assert " ".join(said) == words
    assert max(map(len, said)) <= twiml.MAX_SAY_CHARACTERS


def test_words_without_blanks_are_cut_as_well() -> None:
    """A language written without blanks has parts of full length."""
    root = parsed(document([Speech("x" * 7_000, "en")]))

    assert "".join(verb.text or "" for verb in root) == "x" * 7_000


def test_blank_words_say_nothing() -> None:
    """An empty element would be an invalid verb."""
    assert "<Say" not in document([Speech(" \n\x07", "en")])


@pytest.mark.parametrize(
    "url",
    ["/a.wav", "a.wav", "ftp://x/a", "", "https://", "https://x/a b", "https://x/\x00"],
)
def test_an_address_that_is_not_absolute_is_refused(url: str) -> None:
    """Somleng has no base to resolve one against."""
    with pytest.raises(CarrierConfigError, match="absolute"):
        document([Audio(url)])


@pytest.mark.parametrize(
    ("language", "dialect", "expected"),
    [
        ("en", Dialect.TWILIO, True),
        ("fr-CA", Dialect.SOMLENG, True),
        ("vi", Dialect.TWILIO, True),
        ("vi", Dialect.SOMLENG, False),
        ("km", Dialect.TWILIO, False),
        ("cjm", Dialect.SOMLENG, False),
    ],
)
def test_what_a_telco_can_speak(
    language: str, dialect: Dialect, *, expected: bool
) -> None:
    """Khmer and Cham by nobody, Vietnamese by one of the two."""
    assert twiml.speakable(language, dialect) is expected


def test_words_that_nobody_can_speak_are_an_error() -> None:
    """An English voice reading Khmer letters is silence: say so instead."""
    with pytest.raises(ContentError, match="km"):
        document([Speech("ទឹកជំនន់", "km")])


def test_fixed_documents_are_well_formed() -> None:
    """Refusing a call, ending one and answering a text."""
    assert [verb.tag for verb in parsed(twiml.rejection())] == ["Reject"]
    assert [verb.tag for verb in parsed(twiml.hangup())] == ["Hangup"]
    assert list(parsed(twiml.silence())) == []
