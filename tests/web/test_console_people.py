"""People: found, looked at, taken away, erased; files of them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PHONE, PUBLIC_URL, FakeServices

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


@pytest.mark.parametrize("for_real", ["", "1"])
def test_a_file_is_checked_before_it_is_taken_in(
    browser: Browser, services: FakeServices, for_real: str
) -> None:
    """Each line that is not used with its number and reason."""
    data = b"phone,language\n+85512000001,km\nfoo,km\n"
    answer = post(
        browser("admin"),
        "/people/import",
        "/people/",
        file=(io.BytesIO(data), "people.csv"),
        for_real=for_real,
    )
    assert "2 lines read: 1 new people" in words(answer)
    assert "3 phone Not a phone number." in words(answer)
    assert len(services.people.phones) == int(bool(for_real))


def test_no_file_is_said(browser: Browser) -> None:
    """Nothing is taken in."""
    answer = post(browser("admin"), "/people/import", "/people/")
    assert answer.status_code == 422
    assert "Choose a CSV file" in words(answer)
