"""Tokens: who may call."""

from __future__ import annotations

import dataclasses

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import FakeServices

URL = "/api/v1/alerts"


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer  ", "Basic dmlld2VyOng=", "t-viewer"],
)
def test_no_token(client: FlaskClient, header: str | None) -> None:
    """Without a bearer token: 401, and how to get one."""
    headers = {} if header is None else {"Authorization": header}

    answer = client.get(URL, headers=headers)

    assert answer.status_code == 401
    assert answer.json is not None
    assert "tocsin token create" in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tocsin"'


@pytest.mark.parametrize("token", ["wrong", "t-nobody", "t-viewer x", "ü" * 10])
def test_wrong_token(client: FlaskClient, token: str) -> None:
    """A token that is not known: 401, and the token is not repeated."""
    answer = client.get(URL, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert token not in answer.text
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_token_of_somebody_who_left(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """An operator who is no longer active has no token any more."""
    gone = dataclasses.replace(services.accounts.operators["viewer"], is_active=False)
    services.accounts.operators["viewer"] = gone

    assert client.get(URL, headers=viewer).status_code == 401


def test_role_that_is_not_enough(client: FlaskClient, viewer: dict[str, str]) -> None:
    """403 names the role that is needed and the one that is there."""
    answer = client.post(f"{URL}/a1/submit", headers=viewer)

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["detail"] == "This needs the role operator; yours is viewer."


def test_scheme_in_any_case(client: FlaskClient) -> None:
    """The scheme's letters do not matter (RFC 9110)."""
    answer = client.get(URL, headers={"Authorization": "bearer t-viewer"})

    assert answer.status_code == 200


def test_session_does_not_open_the_api(client: FlaskClient) -> None:
    """The API reads no cookie: no other site can make a browser call it."""
    with client.session_transaction() as session:
        session["name"] = "admin"

    assert client.get(URL).status_code == 401
