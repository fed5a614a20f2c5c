"""The door of the console."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.operators import Role
from tests.web.conftest import csrf_of
from tests.web.fakes import PASSWORD, PUBLIC_URL, FakeServices
from web import sessions

Browser = Callable[[str], FlaskClient]
URL = "/sign-in"


def attempt(
    client: FlaskClient, name: str = "viewer", password: str = ""
) -> TestResponse:
    token = csrf_of(client.get(URL, base_url=PUBLIC_URL))
    return client.post(
        URL,
        base_url=PUBLIC_URL,
        data={"name": name, "password": password, "csrf_token": token},
    )


def test_name_and_password_open_the_console(browser: Browser) -> None:
    """After signing in the situation is shown."""
    page = browser("viewer").get("/", base_url=PUBLIC_URL)

    assert page.status_code == 200
    assert "<summary><bdi>viewer</bdi> · viewer</summary>" in page.text


def test_cookie_is_hard_to_steal(client: FlaskClient) -> None:
    """The session's cookie is for this site, for HTTPS and not for scripts."""
    answer = attempt(client, password=PASSWORD)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("tocsin=")
    for flag in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert flag in cookie


@pytest.mark.parametrize("name", ["viewer", "nobody", "", "x" * 5_000])
def test_wrong_password_and_wrong_name_look_alike(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """401 with one sentence, which does not say what is wrong; the log has no name."""
    answer = attempt(client, name)

    assert answer.status_code == 401
    assert "Name or password is wrong" in answer.text
    failed = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert [r.getMessage() for r in failed] == ["A sign-in from 127.0.0.1 failed"]


def test_what_was_typed_is_kept_but_not_the_password(client: FlaskClient) -> None:
    """The name stands in the form again, escaped; the password does not."""
    answer = attempt(client, '"><script>alert(1)</script>', "my-password")

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "my-password" not in answer.text


def test_guessing_is_made_slow(client: FlaskClient, services: FakeServices) -> None:
    """After five failures even the right password has to wait, ever longer."""
    for _ in range(5):
        assert attempt(client).status_code == 401

    refused = attempt(client, password=PASSWORD)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"

    services.now.advance(seconds=1)
    assert attempt(client).status_code == 401
    assert attempt(client).headers["Retry-After"] == "2"
    services.now.advance(seconds=2)
    assert attempt(client, password=PASSWORD).status_code == 303


def test_others_are_not_locked_out(client: FlaskClient) -> None:
    """Failures of one name do not keep another out."""
    for _ in range(6):
        attempt(client)

    assert attempt(client, "operator", PASSWORD).status_code == 303


@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
def test_form_of_another_site_is_refused(
    client: FlaskClient, token: str | None
) -> None:
    """Without the session's token a form is not read."""
    client.get(URL, base_url=PUBLIC_URL)
    data = {"name": "viewer", "password": PASSWORD}
    if token is not None:
        data["csrf_token"] = token

    answer = client.post(URL, base_url=PUBLIC_URL, data=data)

    assert answer.status_code == 403
    assert "Load the page again" in answer.text


def test_form_without_any_session_is_refused(client: FlaskClient) -> None:
    """An empty token does not fit an absent one."""
    answer = client.post(URL, data={"csrf_token": ""})

    assert answer.status_code == 403


def test_form_that_is_too_large(client: FlaskClient) -> None:
    """A password of a megabyte is not read."""
    answer = attempt(client, password="x" * 1_000_000)

    assert answer.status_code == 413


def test_session_is_new_after_sign_in(client: FlaskClient) -> None:
    """A token from before signing in is worth nothing afterwards."""
    before = csrf_of(client.get(URL, base_url=PUBLIC_URL))
    attempt(client, password=PASSWORD)

    answer = client.post("/sign-out", base_url=PUBLIC_URL, data={"csrf_token": before})

    assert answer.status_code == 403


def test_sign_out(browser: Browser) -> None:
    """After signing out the console is closed."""
    client = browser("viewer")
    token = csrf_of(client.get("/", base_url=PUBLIC_URL))

    answer = client.post("/sign-out", base_url=PUBLIC_URL, data={"csrf_token": token})

    assert answer.location == URL
    assert client.get("/", base_url=PUBLIC_URL).location == URL


def test_session_ends(browser: Browser, services: FakeServices) -> None:
    """A session has an end, however busy it is."""
    client = browser("viewer")
    services.now.advance(minutes=479)
    assert client.get("/", base_url=PUBLIC_URL).status_code == 200

    services.now.advance(minutes=2)

    assert client.get("/", base_url=PUBLIC_URL).location == URL


def test_operator_who_left_is_out_at_once(
    browser: Browser, services: FakeServices
) -> None:
    """A session does not outlive its operator's account."""
    client = browser("viewer")
    del services.accounts.operators["viewer"]

    assert client.get("/", base_url=PUBLIC_URL).location == URL


def test_page_for_others(app: Flask, browser: Browser) -> None:
    """A page that needs more than the role allows says so; a form needs its token."""
    page = sessions.signed_in(Role.ADMIN)(lambda by: by.name)
    app.add_url_rule("/admins", "admins", page, methods=["GET", "POST"])

    refused = browser("viewer").get("/admins", base_url=PUBLIC_URL)
    client = browser("admin")

    assert refused.status_code == 403
    assert "This needs the role admin; yours is viewer." in refused.text
    assert client.get("/admins", base_url=PUBLIC_URL).text == "admin"
    assert client.post("/admins", base_url=PUBLIC_URL).status_code == 403


def test_forged_cookie_is_nobody(client: FlaskClient) -> None:
    """A cookie that was not signed here is ignored."""
    client.set_cookie("tocsin", "eyJuYW1lIjoiYWRtaW4ifQ.aaaaaa.bbbbbbbb")

    assert client.get("/").location == URL


def test_signed_in_goes_straight_on(browser: Browser) -> None:
    """Who is signed in need not do it again."""
    assert browser("viewer").get(URL, base_url=PUBLIC_URL).location == "/"


def test_a_form_that_comes_too_late_leads_back_to_its_page(
    client: FlaskClient,
) -> None:
    """It is not sent again by itself; another site's page is no way back."""
    for page, door in (
        ("/alerts/new", "/sign-in?next=%2Falerts%2Fnew"),
        ("//evil.example", "/sign-in"),
    ):
        late = client.post(
            "/alerts/new", base_url=PUBLIC_URL, headers={"Referer": PUBLIC_URL + page}
        )
        assert late.location == door
