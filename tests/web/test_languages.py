"""In which language the console speaks, and to which side it reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PASSWORD, PUBLIC_URL

Browser = Callable[[str], FlaskClient]


def choose(client: FlaskClient, language: str, back: str = "/") -> TestResponse:
    page = client.get("/sign-in", base_url=PUBLIC_URL, follow_redirects=True)
    form = {"language": language, "back": back, "csrf_token": csrf_of(page)}
    return client.post("/language", base_url=PUBLIC_URL, data=form)


def test_who_reads_arabic_reads_from_the_right(browser: Browser) -> None:
    """The choice holds for every page of the session."""
    client = browser("viewer")

    done = choose(client, "ar", back="/alerts/")

    assert (done.status_code, done.location) == (303, "/alerts/")
    page = client.get("/", base_url=PUBLIC_URL)
    assert '<html lang="ar" dir="rtl">' in page.text


def test_a_choice_at_the_door_holds_behind_it(client: FlaskClient) -> None:
    """Who chooses before signing in reads on in that language."""
    choose(client, "km")
    token = csrf_of(client.get("/sign-in", base_url=PUBLIC_URL))
    form = {"name": "viewer", "password": PASSWORD, "csrf_token": token}

    client.post("/sign-in", base_url=PUBLIC_URL, data=form)

    assert '<html lang="km" dir="ltr">' in client.get("/", base_url=PUBLIC_URL).text


def test_the_browser_is_asked_first(client: FlaskClient) -> None:
    """Nobody has to choose what their browser already says."""
    danish = {"Accept-Language": "da-DK,da;q=0.9,en;q=0.5"}

    page = client.get("/sign-in", base_url=PUBLIC_URL, headers=danish)

    assert '<html lang="da" dir="ltr">' in page.text


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/"])
def test_a_choice_leads_nowhere_else(browser: Browser, back: str) -> None:
    """The way back is a page of ours; a language nobody knows changes nothing."""
    client = browser("viewer")

    done = choose(client, "tlh", back=back)

    assert done.location == "/"
    assert '<html lang="en"' in client.get("/", base_url=PUBLIC_URL).text


def test_a_choice_needs_the_token_of_the_page(browser: Browser) -> None:
    """Another site cannot change what an operator reads."""
    done = browser("viewer").post(
        "/language", base_url=PUBLIC_URL, data={"language": "ar"}
    )

    assert done.status_code == 403
