"""Alerts that other systems push: by their secret alone, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.fakes import START, FakeServices, make_form
from tests.web.source_fakes import SECRET
from warning.alert_form import cap_alert
from warning.cap_documents import cap_xml

URL = "/intake/cap/composer"


def document(identifier: str = "KH-1", **changes: object) -> bytes:
    form = make_form(**changes)
    return cap_xml.write(
        cap_alert(form, identifier=identifier, sender="met.example", sent=START)
    )


def push(
    client: FlaskClient,
    data: bytes,
    *,
    secret: str = SECRET,
    url: str = URL,
    media_type: str = "application/xml",
) -> TestResponse:
    headers = {"CAP-Webhook-Auth": secret}
    return client.post(url, data=data, headers=headers, content_type=media_type)


def test_a_pushed_alert_becomes_a_draft(
    client: FlaskClient, services: FakeServices
) -> None:
    """It says where it came from and reaches nobody."""
    answer = push(client, document())

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["outcome"] == "taken"
    (case,) = services.sources.store.alerts.cases.values()
    assert (case.state, case.created_by) == ("draft", "push:composer")


def test_the_same_again_changes_nothing(
    client: FlaskClient, services: FakeServices
) -> None:
    """The composer tries again when an answer is lost."""
    first, second = push(client, document()), push(client, document())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json is not None
    assert second.json is not None
    assert first.json["alert_id"] == second.json["alert_id"]
    assert len(services.sources.store.alerts.cases) == 1


def test_the_same_words_under_another_name_are_held(client: FlaskClient) -> None:
    """A re-issue without a reference waits for an operator."""
    push(client, document("KH-1"))
    answer = push(client, document("KH-2"))

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["outcome"] == "held"


def test_other_words_under_the_same_name_are_refused(client: FlaskClient) -> None:
    """Who said what could not be told any more."""
    push(client, document())
    answer = push(client, document(expires=START + timedelta(hours=9)))

    assert answer.status_code == 422
    assert answer.json is not None
    assert "says something else" in answer.json["detail"]


@pytest.mark.parametrize(
    ("secret", "url"),
    [
        ("", URL),
        ("wrong", URL),
        (SECRET + "x", URL),
        ("sécret", URL),
        (SECRET, "/intake/cap/nobody"),
        ("", "/intake/cap/nobody"),
    ],
)
def test_without_the_secret_nothing_is_read(
    client: FlaskClient, services: FakeServices, secret: str, url: str
) -> None:
    """The same answer for a wrong secret and for a name that nobody has."""
    answer = push(client, document(), secret=secret, url=url)

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:secret"
    assert not services.sources.store.alerts.cases


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"<html>", "text/html", 415),
        (b"no xml", "application/xml", 422),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><alert>&x;</alert>", "text/xml", 422),
        (b"", "application/cap+xml", 422),
        (b"x" * 5_000_001, "application/xml", 413),
    ],
)
def test_what_is_no_alert_is_refused(
    client: FlaskClient, data: bytes, media_type: str, status: int
) -> None:
    """With a sentence."""
    answer = push(client, data, media_type=media_type)

    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["detail"]
