"""What follows an alert, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.operators import Role
from tests.web.alert_bodies import CAP, URL, body
from tests.web.fakes import START, FakeServices, make_form
from warning.alert import AlertState
from warning.alert_form import cap_alert
from warning.cap_documents import cap_xml


@pytest.fixture
def live(services: FakeServices) -> str:
    """An alert that is live."""
    return str(services.alert(AlertState.LIVE).alert_id)


def test_an_update_becomes_a_draft(
    client: FlaskClient, live: str, operator: dict[str, str]
) -> None:
    """Of a form or of CAP; it says what it follows and where it is."""
    answer = client.post(f"{URL}/{live}/update", json=body(), headers=operator)
    assert answer.status_code == 201
    assert answer.json is not None
    said = answer.json
    assert (said["kind"], said["follows"], said["state"]) == ("update", live, "draft")
    assert answer.headers["Location"] == f"{URL}/{said['id']}"
    assert said["schedule"] is None


def test_an_update_may_be_cap(
    client: FlaskClient, live: str, operator: dict[str, str]
) -> None:
    """Read by the same reader; what is no CAP is refused."""
    cap = cap_alert(make_form(), identifier="X", sender="a.example", sent=START)
    kind = {"Content-Type": CAP}
    for data, status in ((b"nonsense", 422), (cap_xml.write(cap), 201)):
        answer = client.post(
            f"{URL}/{live}/update", data=data, headers={**operator, **kind}
        )
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("verb", "kind"), [("all-clear", "all_clear"), ("correction", "correction")]
)
def test_an_end_is_prepared_in_one_step(
    client: FlaskClient, live: str, operator: dict[str, str], verb: str, kind: str
) -> None:
    """The answer is the message that waits for a second person."""
    answer = client.post(f"{URL}/{live}/{verb}", headers=operator)
    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["kind"], answer.json["state"]) == (kind, "submitted")
    assert client.get(f"{URL}/{live}", headers=operator).get_json()["state"] == "ended"
    again = client.post(f"{URL}/{live}/{verb}", headers=operator)
    assert again.status_code == 409
    assert again.json is not None
    assert again.json["alert_id"] == answer.json["id"]
    assert again.json["type"].endswith("followed")


def test_an_end_that_nobody_need_hear_of_answers_the_alert(
    client: FlaskClient, services: FakeServices, live: str, operator: dict[str, str]
) -> None:
    """Nothing was prepared: 200 and the alert itself."""
    services.follow_ups.is_anybody_told = False
    answer = client.post(f"{URL}/{live}/all-clear", headers=operator)
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["id"], answer.json["state"]) == (live, "ended")


def test_a_cancel_says_what_waits(
    client: FlaskClient, services: FakeServices, live: str, operator: dict[str, str]
) -> None:
    """The id of what is to be told, or null."""
    answer = client.post(f"{URL}/{live}/cancel", headers=operator)
    assert answer.json is not None
    assert (answer.json["state"], answer.json["follow_up"]) == ("cancelled", None)


@pytest.mark.parametrize("verb", ["update", "all-clear", "correction"])
def test_what_follows_needs_a_live_alert(
    client: FlaskClient, services: FakeServices, operator: dict[str, str], verb: str
) -> None:
    """A draft has told nobody; an unknown one does not exist."""
    draft = services.alert().alert_id
    content: dict[str, Any] = {"json": body()} if verb == "update" else {}
    for alert_id, status in ((draft, 409), ("nope", 404)):
        answer = client.post(f"{URL}/{alert_id}/{verb}", headers=operator, **content)
        assert answer.status_code == status


@pytest.mark.parametrize("verb", ["update", "all-clear", "correction"])
def test_viewers_change_nothing(
    client: FlaskClient, live: str, viewer: dict[str, str], verb: str
) -> None:
    """Whoever only looks is refused."""
    answer = client.post(f"{URL}/{live}/{verb}", headers=viewer)
    assert answer.status_code == 403


def test_a_draft_is_given_its_times(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """And shows them; later ones are refused."""
    draft = services.alert().alert_id
    times = {
        "send_at": "2026-09-01T12:00:00+07:00",
        "repeat_every_s": 600,
        "repeat_until": "2026-09-01T15:00:00+07:00",
        "repeat_to": "all",
    }
    answer = client.put(f"{URL}/{draft}/schedule", json=times, headers=operator)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["schedule"] == {
        **times,
        "send_at": "2026-09-01T12:00:00+07:00",
    }
    live = services.alert(AlertState.LIVE).alert_id
    answer = client.put(f"{URL}/{live}/schedule", json=times, headers=operator)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "times",
    [
        {"send_at": "tomorrow"},
        {"send_at": "2026-09-01T12:00:00"},
        {"repeat_every_s": 10},
        {"repeat_every_s": 10**9},
        {"repeat_to": "nobody"},
        {"sendat": None},
    ],
)
def test_times_that_cannot_be_are_refused(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    times: dict[str, object],
) -> None:
    """By name."""
    draft = services.alert().alert_id
    answer = client.put(f"{URL}/{draft}/schedule", json=times, headers=operator)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"]


@pytest.mark.parametrize("page", ["preview", "report"])
def test_anybody_who_may_look_sees_previews_and_reports(
    client: FlaskClient,
    live: str,
    auth: Callable[[Role], dict[str, str]],
    page: str,
) -> None:
    """All of it in one document."""
    answer = client.get(f"{URL}/{live}/{page}", headers=auth(Role.VIEWER))
    assert answer.status_code == 200
    assert answer.json is not None
    wanted = {
        "preview": {"counts", "sayings", "differences", "overlaps", "sms_parts"},
        "report": {"alert", "steps", "progress", "shares", "followers"},
    }
    assert wanted[page] <= set(answer.json)
    unknown = client.get(f"{URL}/nope/{page}", headers=auth(Role.VIEWER))
    assert unknown.status_code == 404


def test_a_live_alert_stands_still_and_goes_on(
    client: FlaskClient, live: str, operator: dict[str, str]
) -> None:
    """It says since when; it is live all the while."""
    paused = client.post(f"{URL}/{live}/pause", headers=operator).json
    resumed = client.post(f"{URL}/{live}/resume", headers=operator).json
    assert paused is not None
    assert resumed is not None
    assert (paused["state"], bool(paused["paused_at"])) == ("live", True)
    assert (resumed["state"], resumed["paused_at"]) == ("live", None)


def test_an_end_is_put_off_by_an_approver(
    client: FlaskClient, live: str, auth: Callable[[Role], dict[str, str]]
) -> None:
    """An operator may not; a time that is not later is refused."""
    url, until = f"{URL}/{live}/extend", (START + timedelta(hours=12)).isoformat()
    asked = [
        client.post(url, json={"until": at}, headers=auth(role)).status_code
        for at, role in (
            (until, Role.OPERATOR),
            (START.isoformat(), Role.APPROVER),
            (until, Role.APPROVER),
        )
    ]
    assert asked == [403, 422, 200]


def test_only_a_live_alert_is_held(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A draft has nothing that could stand still."""
    draft = services.alert(AlertState.DRAFT).alert_id
    answer = client.post(f"{URL}/{draft}/pause", headers=operator)
    assert answer.status_code == 409
