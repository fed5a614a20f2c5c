"""What is done with alerts over the API, by whom, and in which state."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.alert_bodies import URL, body
from tests.web.fakes import FakeServices
from warning.alert import AlertState


def test_four_eyes(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    approver: dict[str, str],
    admin: dict[str, str],
) -> None:
    """Draft, submit, approve by another: live. Nobody approves their own."""
    del admin
    alert_id = client.post(URL, json=body(), headers=approver).get_json()["id"]
    submitted = client.post(f"{URL}/{alert_id}/submit", headers=operator)
    own = client.post(f"{URL}/{alert_id}/approve", headers=approver)

    assert submitted.json is not None
    assert submitted.json["state"] == "submitted"
    assert own.status_code == 403
    assert own.json is not None
    assert own.json["type"] == "urn:tocsin:problem:four-eyes"
    assert services.board.get(alert_id).state is AlertState.SUBMITTED


def test_approval_makes_it_live(
    client: FlaskClient, services: FakeServices, approver: dict[str, str]
) -> None:
    """A second person makes it live."""
    case = services.alert(AlertState.SUBMITTED)

    answer = client.post(f"{URL}/{case.alert_id}/approve", headers=approver)

    assert answer.json is not None
    assert (answer.json["state"], answer.json["approved_by"]) == ("live", "approver")


def test_rejection_sends_it_back(
    client: FlaskClient, services: FakeServices, approver: dict[str, str]
) -> None:
    """A rejected alert is a draft again."""
    case = services.alert(AlertState.SUBMITTED)

    answer = client.post(f"{URL}/{case.alert_id}/reject", headers=approver)

    assert answer.json is not None
    assert answer.json["state"] == "draft"


def test_cancel(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """An operator alone can stop a live alert."""
    case = services.alert(AlertState.LIVE)

    answer = client.post(f"{URL}/{case.alert_id}/cancel", headers=operator)

    assert answer.json is not None
    assert (answer.json["state"], answer.json["closed_by"]) == ("cancelled", "operator")


def test_step_that_is_not_possible(
    client: FlaskClient, services: FakeServices, approver: dict[str, str]
) -> None:
    """409 says in which state the alert is and what can be done."""
    case = services.alert(AlertState.CANCELLED)

    answer = client.post(f"{URL}/{case.alert_id}/approve", headers=approver)

    assert answer.status_code == 409
    assert answer.json is not None
    assert "cancelled" in answer.json["detail"]


def test_empty_audience(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Nobody inside: 422, and it stays a draft."""
    case = services.alert()
    services.alerts.is_empty = True

    answer = client.post(f"{URL}/{case.alert_id}/submit", headers=operator)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:empty-audience"
    assert services.board.get(case.alert_id).state is AlertState.DRAFT


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/progress"),
        ("GET", "/deliveries"),
        ("GET", "/cap"),
        ("POST", "/submit"),
        ("POST", "/cancel"),
    ],
)
def test_no_such_alert(
    client: FlaskClient, operator: dict[str, str], method: str, path: str
) -> None:
    """404 for an alert that does not exist."""
    answer = client.open(f"{URL}/zzz{path}", method=method, headers=operator)

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:no-such-alert"
