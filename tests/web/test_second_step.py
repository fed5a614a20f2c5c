"""After the password: a code, or enrolling what shows it."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PASSWORD, PUBLIC_URL, FakeServices
from web import WebOptions, register


@pytest.fixture
def strict(services: FakeServices) -> FlaskClient:
    """A client of an installation that wants a second factor of everybody."""
    app = Flask("tocsin", static_folder=None)
    options = WebOptions(secret_key="k" * 32, public_url=PUBLIC_URL)
    register(app, services=services, options=options, version="1.2.3")
    return app.test_client()


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=PUBLIC_URL)


def post(client: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    token = csrf_of(get(client, page))
    data = {**form, "csrf_token": token}
    return client.post(path, base_url=PUBLIC_URL, data=data)


def password(client: FlaskClient, path: str = "/sign-in") -> TestResponse:
    return post(client, path, path, name="operator", password=PASSWORD)


def code_of(services: FakeServices, page: TestResponse) -> str:
    """What a telephone shows that read the enrolment page."""
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7]+)<', page.text)
    assert secret is not None
    return pyotp.TOTP(secret[1]).at(services.now())


def enrolled(client: FlaskClient, services: FakeServices) -> list[str]:
    """Sign in for the first time; return the recovery codes that were shown."""
    password(client)
    code = code_of(services, get(client, "/sign-in/enrol"))
    done = post(client, "/sign-in/enrol", "/sign-in/enrol", code=code)
    post(client, "/sign-out", "/")
    services.now.advance(minutes=1)
    return re.findall(r"<code>([A-Z2-7-]{19})</code>", done.text)


def test_the_first_sign_in_enrols(strict: FlaskClient, services: FakeServices) -> None:
    """Password, picture, code, recovery codes; only then is somebody in."""
    first = password(strict)
    page = get(strict, "/sign-in/enrol")
    before = get(strict, "/")
    done = post(
        strict, "/sign-in/enrol", "/sign-in/enrol", code=code_of(services, page)
    )

    assert first.location == "/sign-in/enrol"
    assert 'src="data:image/svg+xml' in page.text
    assert before.location == "/sign-in"
    assert "not shown again" in done.text
    assert get(strict, "/").status_code == 200


def test_later_a_code_is_asked(strict: FlaskClient, services: FakeServices) -> None:
    """The password alone opens nothing."""
    enrolled(strict, services)
    secret = services.factor_secret("operator")

    first = password(strict)
    between = get(strict, "/")
    services.now.advance(minutes=1)
    code = pyotp.TOTP(secret).at(services.now())
    done = post(strict, "/sign-in/code", "/sign-in/code", code=code)

    assert first.location == "/sign-in/code"
    assert between.location == "/sign-in"
    assert (done.status_code, done.location) == (303, "/")


def test_a_recovery_code_opens_once(
    strict: FlaskClient, services: FakeServices
) -> None:
    """For who lost the telephone."""
    recovery, *_ = enrolled(strict, services)

    password(strict)
    done = post(strict, "/sign-in/code", "/sign-in/code", code=recovery)
    post(strict, "/sign-out", "/")
    password(strict)
    again = post(strict, "/sign-in/code", "/sign-in/code", code=recovery)

    assert done.status_code == 303
    assert again.status_code == 401
    assert "was used" in again.text


def test_guessing_codes_is_slow(strict: FlaskClient, services: FakeServices) -> None:
    """After a few wrong ones each further one waits."""
    enrolled(strict, services)
    password(strict)

    answers = [
        post(strict, "/sign-in/code", "/sign-in/code", code="000000") for _ in range(6)
    ]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/enrol"])
def test_the_second_step_needs_the_first(strict: FlaskClient, path: str) -> None:
    """Without a password there is nothing to see or to try."""
    answer = get(strict, path)

    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_the_second_step_does_not_wait_for_ever(
    strict: FlaskClient, services: FakeServices
) -> None:
    """Ten minutes after the password it is asked again."""
    password(strict)
    services.now.at += timedelta(minutes=11)

    assert get(strict, "/sign-in/enrol").location == "/sign-in"


def test_a_code_without_the_token_is_refused(strict: FlaskClient) -> None:
    """Another site cannot enrol for an operator."""
    password(strict)

    answer = strict.post("/sign-in/enrol", base_url=PUBLIC_URL, data={"code": "1"})

    assert answer.status_code == 403


def test_who_enrolled_cannot_enrol_again_by_password(
    strict: FlaskClient, services: FakeServices
) -> None:
    """A stolen password does not replace the telephone."""
    enrolled(strict, services)
    password(strict)

    page = get(strict, "/sign-in/enrol")

    assert "secret" not in page.text
    assert "second factor already" in page.text


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/alerts/new", "/alerts/new"),
        ("//evil.example/", "/"),
        ("https://x.example", "/"),
    ],
)
def test_signing_in_leads_back(app: Flask, wanted: str, leads_to: str) -> None:
    """To the page that was asked for, and never out of the house."""
    client = app.test_client()

    answer = password(client, f"/sign-in?next={wanted}")

    assert answer.location == leads_to
