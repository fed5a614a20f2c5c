"""CAP documents over the API: one document is one alert, by the real intake."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.fakes import FakeServices
from tests.web.test_pushed import document

URL = "/api/v1/alerts"
Headers = dict[str, str]


@pytest.fixture(autouse=True)
def real_intake(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The use case itself, over a store in memory."""
    monkeypatch.setattr(services, "intake", services.sources.desk._intake)
    services.board.cases = services.sources.store.alerts.cases


def post(client: FlaskClient, operator: Headers, data: bytes) -> TestResponse:
    headers = {**operator, "Content-Type": "application/cap+xml"}
    return client.post(URL, data=data, headers=headers)


def test_the_same_document_is_the_same_alert(
    client: FlaskClient, operator: Headers
) -> None:
    """201, and 200 from then on."""
    first = post(client, operator, document())
    second = post(client, operator, document())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json is not None
    assert second.json is not None
    assert first.json["id"] == second.json["id"]
    assert (first.json["source"], first.json["duplicate_of"]) == ("api", None)


def test_other_bytes_under_the_same_identity_are_refused(
    client: FlaskClient, operator: Headers
) -> None:
    """A problem that names the alert that is here."""
    first = post(client, operator, document())
    answer = post(client, operator, document().replace(b"Mekong", b"Bassac"))

    assert answer.status_code == 409
    assert answer.json is not None
    assert first.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:changed-alert"
    assert answer.json["alert_id"] == first.json["id"]


def test_a_reissue_says_what_it_repeats(client: FlaskClient, operator: Headers) -> None:
    """In the answer, with the alert, and in the list."""
    first = post(client, operator, document("KH-1"))
    second = post(client, operator, document("KH-2"))

    assert second.status_code == 201
    assert first.json is not None
    assert second.json is not None
    assert second.json["duplicate_of"] == first.json["id"]
    shown = client.get(f"{URL}/{second.json['id']}", headers=operator).json
    assert shown is not None
    assert shown["duplicate_of"] == first.json["id"]
    listed = client.get(URL, headers=operator).json
    assert listed is not None
    assert {one["duplicate_of"] for one in listed["items"]} == {None, first.json["id"]}
