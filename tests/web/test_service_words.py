"""What the service itself says is translated where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.audit_check import _SENTENCES
from accounts.errors import WeakPasswordError
from ops.carrier_board import _NO_WORDS
from telephony.carriers.failures import CODES, WORDS
from telephony.errors import SoundError
from tests.web.fakes import PUBLIC_URL, FakeServices
from warning.errors import FourEyesError
from web.console import service_words
from web.console.refusals import PARTS, WHOLE, sentence_of

Browser = Callable[[str], FlaskClient]


def test_every_failure_of_a_carrier_has_words() -> None:
    """A code that the product learns is translated before anybody sees it."""
    reasons = {signal.reason for signal in (*CODES.values(), *WORDS.values())}

    assert reasons | {_NO_WORDS} <= set(service_words.FAILURES)


def test_every_verdict_on_the_record_has_words() -> None:
    """The same sentences as the command says."""
    assert {
        kind: words.replace("%(seq)s", "{seq}")
        for kind, words in service_words.VERDICTS.items()
    } == _SENTENCES


@pytest.mark.parametrize(
    ("error", "language", "says"),
    [
        (FourEyesError("You wrote it yourself, anna."), "en", "You wrote it"),
        (FourEyesError("You wrote it yourself, anna."), "da", "anden"),
        (WeakPasswordError("At least 12."), "ar", "كلمة"),
        (SoundError("This is a FLAC file."), "da", "FLAC file."),
        (ValueError("What nobody noted."), "km", "What nobody noted."),
    ],
)
def test_refusals_are_said_in_the_operators_language(
    app: Flask, error: Exception, language: str, says: str
) -> None:
    """In English as they stand; elsewhere by their class, with what only they know."""
    with app.test_request_context(headers={"Accept-Language": language}):
        assert says in sentence_of(error)


def test_no_refusal_is_said_twice() -> None:
    """A class has words of its own, or words before its own sentence."""
    assert not WHOLE.keys() & PARTS.keys()


def test_trouble_is_translated_in_the_strip(
    services: FakeServices, browser: Browser
) -> None:
    """Above every page, in the language of whoever looks."""
    (line,) = services.carriers.known
    trouble = "The carrier account is suspended, unpaid or not allowed."
    services.carriers.known = [replace(line, trouble=trouble)]
    client = browser("viewer")
    headers = {"Accept-Language": "da"}
    page = client.get("/telco/", base_url=PUBLIC_URL, headers=headers).text

    assert "Kontoen hos teleselskabet" in page
    assert trouble not in page
