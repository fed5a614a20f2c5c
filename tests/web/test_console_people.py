"""People: found, looked at, taken away, erased; files of them."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PHONE, PUBLIC_URL, FakeServices
from warning.people.registration import ImportReport
from web.console.people.importing import DESK

Browser = Callable[[str], FlaskClient]


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=PUBLIC_URL)


def post(client: FlaskClient, path: str, page: str, **form: object) -> TestResponse:
    token = csrf_of(get(client, page))
    return client.post(path, base_url=PUBLIC_URL, data={**form, "csrf_token": token})


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        (f"phone={PHONE.replace('+', '%2B')}", True),
        ("name=dara", True),
        ("area=KH-12", True),
        ("name=nobody", False),
        ("", False),
    ],
)
def test_people_are_searched(browser: Browser, query: str, *, is_found: bool) -> None:
    """The list leads to the person and holds no number."""
    page = get(browser("operator"), f"/people/search?{query}")
    assert ("/people/7" in page.text) is is_found
    assert is_found or "Nobody was found" in page.text
    assert "Sok &lt;Dara&gt;" in page.text or not is_found


def test_what_is_no_number_is_said(browser: Browser) -> None:
    """With what was typed still there."""
    page = get(browser("operator"), "/people/search?phone=12")
    assert page.status_code == 422
    assert 'value="12"' in page.text


def test_statistics(browser: Browser) -> None:
    """By area and language."""
    page = words(get(browser("operator"), "/people/"))
    assert "1,000 people with a place on the map" in page
    assert "Kandal 1,000" in page


def test_one_person(browser: Browser) -> None:
    """State, rest, places and every message; viewers never see single people."""
    page = words(get(browser("operator"), "/people/7"))
    assert "resting since 2026-09-01" in page
    assert "until 2026-10-01" in page
    assert "Phnom Penh 11.50000, 104.90000" in page
    assert "Flood. Go to high ground." in page
    assert get(browser("operator"), "/people/8").status_code == 404
    assert get(browser("viewer"), "/people/7").status_code == 403


def test_a_person_is_taken_away_as_a_file(browser: Browser) -> None:
    """For admins; no browser keeps it."""
    answer = get(browser("admin"), "/people/7/export.json")
    assert json.loads(answer.text)["phone"] == PHONE
    assert answer.cache_control.no_store
    assert get(browser("admin"), "/people/8/export.json").status_code == 404
    assert get(browser("operator"), "/people/7/export.json").status_code == 403


def test_erasing_takes_the_number_typed(
    browser: Browser, services: FakeServices
) -> None:
    """One wrong digit erases nobody."""
    services.people.phones = {f"+8551234567{n}": n for n in range(9)}
    admin = browser("admin")
    refused = post(admin, "/people/7/erase", "/people/7", confirmation="8")
    assert refused.status_code == 422
    assert 7 in services.people.phones.values()
    done = post(admin, "/people/7/erase", "/people/7", confirmation="7")
    assert done.status_code == 303
    assert 7 not in services.people.phones.values()
    assert "Person 7 was erased" in words(get(admin, "/people/"))


def take_in(app: Flask, client: FlaskClient, data: bytes, **form: object) -> str:
    """Send a file and wait until it is read; the page that tells of it."""
    sent = (io.BytesIO(data), "people.csv")
    answer = post(client, "/people/import", "/people/", file=sent, **form)
    assert answer.status_code == 303
    app.extensions[DESK].wait()
    return words(get(client, answer.location))


@pytest.mark.parametrize("for_real", ["", "1"])
def test_a_file_is_checked_before_it_is_taken_in(
    app: Flask, browser: Browser, services: FakeServices, for_real: str
) -> None:
    """Each line that is not used with its number and reason."""
    data = b"phone,language\n+85512000001,km\nfoo,km\n"
    told = take_in(app, browser("admin"), data, for_real=for_real)

    assert "Lines read 2 New people 1" in told
    assert "3 phone Not a phone number." in told
    assert ("Nothing was changed" in told) == (not for_real)
    assert len(services.people.phones) == int(bool(for_real))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"phone\n", "no line below"), (b"\xff\xfe\n+1\n", "Its log has more")],
    ids=["empty", "defect"],
)
def test_a_file_that_cannot_be_used_is_said(
    app: Flask, browser: Browser, data: bytes, sentence: str
) -> None:
    """A refusal is its sentence; a defect of ours is told as one."""
    assert sentence in take_in(app, browser("admin"), data)


def test_one_file_at_a_time(
    app: Flask,
    browser: Browser,
    services: FakeServices,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While one is read the page says how far, and another one is refused."""
    admin = browser("admin")
    is_asked, may_go = threading.Event(), threading.Event()

    def slow(stream: BinaryIO, **options: Any) -> ImportReport:
        options["on_progress"](1_000, 12)
        is_asked.set()
        may_go.wait(10)
        return ImportReport(read=1, added=1, updated=0, places=0, rejected=[])

    monkeypatch.setattr(services.people, "import_csv", slow)
    first = post(
        admin, "/people/import", "/people/", file=(io.BytesIO(b"x" * 24), "a.csv")
    )
    assert is_asked.wait(10)
    second = post(admin, "/people/import", "/people/", file=(io.BytesIO(b"x"), "b.csv"))
    now = words(get(admin, f"{first.location}/now"))
    may_go.set()
    app.extensions[DESK].wait()

    assert "1,000 lines read" in now
    assert "50 %" in now
    assert second.status_code == 422
    assert "New people 1" in words(get(admin, f"{first.location}/now"))
    assert get(admin, "/people/import/99").status_code == 404


def test_a_file_that_was_cut_off_is_said(
    browser: Browser, services: FakeServices
) -> None:
    """Its process died: nobody waits for it, and the page says what to do."""
    begun = services.imports.begin(name="a.csv", is_dry=False, by="admin", n_bytes=9)
    assert begun is not None
    services.now.advance(minutes=2)

    page = words(get(browser("admin"), f"/people/import/{begun.number}"))

    assert "stopped in the middle" in page
    assert "of the file" not in page


def test_no_file_is_said(browser: Browser) -> None:
    """Nothing is taken in."""
    answer = post(browser("admin"), "/people/import", "/people/")
    assert answer.status_code == 422
    assert "Choose a CSV file" in words(answer)
