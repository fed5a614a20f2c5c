"""Scripts, what they say, who speaks it, and a call to oneself."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fakes.recordings import FakeRecordings, make_prompts, make_recordings
from tests.fakes.sounds import sound_file, tone
from tests.web.conftest import csrf_of
from tests.web.fakes import PHONE, PUBLIC_URL, FakeServices

Browser = Callable[..., FlaskClient]
SOUND = sound_file(tone(0.4))
KEY = "common.goodbye"


@pytest.fixture(autouse=True)
def shelf(services: FakeServices, tmp_path: Path) -> None:
    """Recordings and texts over the same rows."""
    rows = FakeRecordings()
    services.recordings = make_recordings(tmp_path, services.now, rows)
    services.prompts = make_prompts(rows)


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=PUBLIC_URL)


def send(client: FlaskClient, data: bytes, **form: object) -> TestResponse:
    """Keep a sound from the page of the script ``drill``."""
    token = csrf_of(get(client, "/scripts/drill"))
    body = {"csrf_token": token, "script": "drill", "language": "en", "key": KEY}
    body |= {"sound": (io.BytesIO(data), "spoken.wav"), **form}
    return client.post("/scripts/recordings", data=body, base_url=PUBLIC_URL)


def test_every_script_is_a_picture(services: FakeServices, browser: Browser) -> None:
    """The list leads to each, and each is drawn in a language."""
    client = browser()
    page = get(client, "/scripts/").text

    for name in services.prompts.scripts():
        assert f"/scripts/{name}" in page
    drawn = get(client, "/scripts/drill/picture.svg?language=km")
    assert drawn.mimetype == "image/svg+xml"
    assert "<svg" in drawn.text


def test_languages_that_cannot_be_heard_are_named(browser: Browser) -> None:
    """How many texts nobody speaks, and whose texts are borrowed."""
    page = get(browser(), "/scripts/").text

    assert "texts are missing" in page
    assert "borrows the texts of" in page


def test_a_text_is_recorded_and_heard(browser: Browser) -> None:
    """Spoken at the desk, kept by name, played from then on."""
    client = browser("operator")
    before = get(client, f"/scripts/sound?language=da&key={KEY}").status_code

    assert send(client, SOUND, language="da").status_code == 303
    assert "recorded by" in get(client, "/scripts/drill?language=da").text
    heard = get(client, f"/scripts/sound?language=da&key={KEY}")
    assert (before, heard.status_code, heard.data[:4]) == (404, 200, b"RIFF")
    heard.close()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"\x7fELF", {}),
        (b"", {}),
        (SOUND, {"key": "no.such.text"}),
        (b"<html>", {"key": KEY}),
    ],
    ids=["program", "empty", "no text", "markup"],
)
def test_what_is_no_sound_is_refused(
    browser: Browser, data: bytes, form: dict[str, object]
) -> None:
    """A sentence beside the texts, and nothing is kept."""
    answer = send(browser("operator"), data, **form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "recorded by" not in answer.text


def test_the_microphone_is_for_these_pages(browser: Browser) -> None:
    """Everywhere else no script may open it."""
    client = browser("operator")

    policy = get(client, "/scripts/drill").headers["Permissions-Policy"]
    assert "microphone=(self)" in policy
    assert "microphone=()" in get(client, "/").headers["Permissions-Policy"]


def test_ones_own_telephone_rings(services: FakeServices, browser: Browser) -> None:
    """In the language that is looked at; what is no number is refused."""
    client = browser("admin")
    token = csrf_of(get(client, "/scripts/drill"))
    form = {"csrf_token": token, "language": "km", "number": PHONE}
    done = client.post("/scripts/drill/call", data=form, base_url=PUBLIC_URL)

    assert done.status_code == 303
    assert services.trial_messages.rung == [(PHONE, "drill", "km")]
    form["number"] = "12"
    refused = client.post("/scripts/drill/call", data=form, base_url=PUBLIC_URL)
    assert refused.status_code == 422


def test_a_text_is_spoken_by_telephone(
    services: FakeServices, browser: Browser
) -> None:
    """Whoever is to speak is rung; a number that is none, or no text, is told."""
    client = browser("operator")
    token = csrf_of(get(client, "/scripts/drill"))
    form = {"csrf_token": token, "language": "km", "key": KEY, "number": PHONE}

    def ask(**changes: str) -> int:
        data = {**form, **changes}
        path = "/scripts/drill/record"
        return client.post(path, data=data, base_url=PUBLIC_URL).status_code

    assert ask() == 303
    assert [one.key for one in services.voice.recording_calls.known] == [KEY]
    assert ask(number="12") == 422
    assert ask(key="no.such.text") == 422


def test_roles_see_what_they_may_do(browser: Browser) -> None:
    """A viewer looks and listens, an operator records, an admin rings."""
    assert "sound-form" not in get(browser("viewer"), "/scripts/drill").text
    assert "drill/call" not in get(browser("operator"), "/scripts/drill").text
    assert "drill/call" in get(browser("admin"), "/scripts/drill").text
    assert send(browser("viewer"), SOUND).status_code == 403


@pytest.mark.parametrize(
    "path", ["/scripts/nothing", "/scripts/nothing/picture.svg", "/scripts/sound?key=x"]
)
def test_what_is_not_there_is_said(browser: Browser, path: str) -> None:
    """An unknown script or text is a page of ours."""
    assert get(browser(), path).status_code == 404
