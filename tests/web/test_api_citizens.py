"""Those who need help, and what citizens saw, over the API; calls that come in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Post
from tests.web.fakes import PHONE, FakeServices

HELP, REPORTS = "/api/v1/help", "/api/v1/reports"


def test_who_needs_help_is_listed_by_need(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Danger to life first; taken is seen by others; closed is gone."""
    services.help_desk.ask("+85512000001")
    urgent = services.help_desk.ask("+85512000002", is_urgent=True)
    listed = client.get(HELP, headers=operator).json["items"]
    assert [one["id"] for one in listed] == [str(urgent), "1"]
    taken = client.post(f"{HELP}/{urgent}/take", headers=operator).json
    assert (taken["state"], bool(taken["taken_by"])) == ("taken", True)
    close = f"{HELP}/{urgent}/close"
    done = client.post(close, json={"outcome": "boat sent"}, headers=operator)
    assert done.json["outcome"] == "boat sent"
    assert len(client.get(HELP, headers=operator).json["items"]) == 1
    again = client.post(close, json={"outcome": "x"}, headers=operator)
    assert again.status_code == 409


@pytest.mark.parametrize("path", [f"{HELP}/99/take", f"{HELP}/x/take"])
def test_a_request_that_is_not_there(
    client: FlaskClient, operator: dict[str, str], path: str
) -> None:
    """404, with a sentence."""
    assert client.post(path, headers=operator).status_code == 404


def test_a_report_is_taken_and_judged(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """Place and accuracy come back; the verdict holds."""
    seen = {"kind": "flood", "lon": 104.5, "lat": 11.5, "accuracy_m": 30, "hurt": True}
    made = client.post(REPORTS, json=seen, headers=operator)
    assert (made.status_code, made.json["accuracy_m"]) == (201, 30)
    for verb, state in (("verify", "verified"), ("dismiss", "dismissed")):
        path = f"{REPORTS}/{made.json['id']}/{verb}"
        assert client.post(path, headers=operator).json["state"] == state
    assert client.post(f"{REPORTS}/99/verify", headers=operator).status_code == 404
    listed = client.get(REPORTS, headers=operator).json
    assert ([one["kind"] for one in listed["items"]], listed["next_cursor"]) == (
        ["flood"],
        None,
    )


@pytest.mark.parametrize("wrong", [{"kind": "ufo"}, {"lat": 91}, {"phone": "12"}])
def test_a_senseless_report_is_refused(
    client: FlaskClient, operator: dict[str, str], wrong: dict[str, object]
) -> None:
    """422, before anything is kept."""
    seen = {"kind": "flood", "lon": 104.5, "lat": 11.5} | wrong
    answer = client.post(REPORTS, json=seen, headers=operator)
    assert answer.status_code == 422


def test_a_call_is_answered_and_goes_on(carrier_post: Post) -> None:
    """The first document names the next address, and that one answers."""
    inbound = "/telephony/main/inbound"
    first = carrier_post(f"{inbound}/call", (("From", PHONE),))
    assert "/inbound/call/registration/en." in first.text
    step = f"{inbound}/call/registration/en.language.1.1"
    assert "Welcome" in carrier_post(step, (("From", PHONE), ("Digits", "1"))).text
    report = carrier_post(f"{inbound}/report", (("From", PHONE),))
    assert "/inbound/call/report_incident/" in report.text
    missed = carrier_post(f"{inbound}/missed-call", (("From", PHONE),))
    assert "<Reject" in missed.text
