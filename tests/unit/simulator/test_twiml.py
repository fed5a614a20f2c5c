"""TwiML is read with care: what it says, what it must not be."""

from __future__ import annotations

import pytest

from simulator.errors import TwimlError
from simulator.twiml import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Texted,
    Unknown,
    is_absolute_url,
    parse,
)


def test_every_verb_is_read() -> None:
    """Attributes and texts of all verbs arrive, in order."""
    verbs = parse(
        """<?xml version="1.0" encoding="UTF-8"?><!-- note --><Response>
        <Say language="km-KH" voice="alice" loop="2">ជំរាប</Say>
        <Play>https://x.org/a.wav</Play><Pause length="3"/>
        <Gather numDigits="1" timeout="7" finishOnKey="*" action="/a" method="get"
          actionOnEmptyResult="true"><Say>One</Say><Play loop="0">b.wav</Play></Gather>
        <Record maxLength="20" timeout="3" finishOnKey="#" playBeep="false"/>
        <Dial callerId="1294" timeout="9" action="/d"><Number>+1</Number></Dial>
        <Dial>+2</Dial><Redirect>/next</Redirect><Reject reason="busy"/><Hangup/>
        <Message>Hi</Message><Message><Body>Hi</Body></Message><Fax/></Response>"""
    )
    assert verbs == (
        Say("ជំរាប", "km-KH", "alice", 2),
        Play("https://x.org/a.wav"),
        Pause(3.0),
        Gather(
            prompts=(Say("One"), Play("b.wav", 1000)),
            action="/a",
            method="GET",
            timeout_s=7.0,
            num_digits=1,
            finish_on_key="*",
            action_on_empty_result=True,
        ),
        Record(max_length_s=20.0, timeout_s=3.0, finish_on_key="#", play_beep=False),
        Dial(numbers=("+1",), caller_id="1294", timeout_s=9.0, action="/d"),
        Dial(numbers=("+2",)),
        Redirect("/next"),
        Reject("busy"),
        Hangup(),
        Texted("Hi"),
        Texted("Hi"),
        Unknown("Fax", "is not a verb"),
    )


def test_defaults_are_those_of_the_telcos() -> None:
    """A bare Gather waits 5 seconds, ends with #, and takes any number of keys."""
    (gather,) = parse("<Response><Gather/></Response>")
    assert gather == Gather()
    assert isinstance(gather, Gather)
    assert not gather.is_complete("12345")


@pytest.mark.parametrize(
    ("key", "ends_with"), [("", ""), ("5", "5"), ("x", "#"), ("12", "#")]
)
def test_finish_on_key(key: str, ends_with: str) -> None:
    """An empty key means none, an impossible one the default."""
    (gather,) = parse(f'<Response><Gather finishOnKey="{key}"/></Response>')
    assert isinstance(gather, Gather)
    assert gather.finish_on_key == ends_with


@pytest.mark.parametrize("inner", ["<Gather><Dial/></Gather>", "<Dial><Queue/></Dial>"])
def test_forbidden_nesting(inner: str) -> None:
    """What may not stand inside makes the whole verb unusable."""
    (verb,) = parse(f"<Response>{inner}</Response>")
    assert isinstance(verb, Unknown)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "nothing",
        "<Response>",
        "<html/>",
        '<!DOCTYPE Response [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>',
    ],
)
def test_what_is_no_twiml(document: str) -> None:
    """No XML, another root or a DOCTYPE is an error, not a call in silence."""
    with pytest.raises(TwimlError):
        parse(document)


def test_numbers_that_are_none() -> None:
    """A number that cannot be read or is out of bounds is the default."""
    verbs = parse(
        '<Response><Pause length="x"/><Pause length="-1"/><Pause length="1e9"/>'
        "</Response>"
    )
    assert verbs == (Pause(1.0), Pause(1.0), Pause(1.0))


@pytest.mark.parametrize(
    ("url", "is_absolute"),
    [
        ("http://a/b", True),
        ("https://a.org", True),
        ("/b", False),
        ("ftp://a/b", False),
        ("http://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_absolute_urls(url: str, is_absolute: bool) -> None:
    """Only http and https with a host count."""
    assert is_absolute_url(url) is is_absolute
