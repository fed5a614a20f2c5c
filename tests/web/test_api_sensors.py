"""Plans and sensors over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.alert_bodies import body
from tests.web.fakes import START, FakeServices

Headers = dict[str, str]


def a_plan(**changes: object) -> dict[str, Any]:
    times = {"effective", "onset", "expires"}
    form = {name: value for name, value in body().items() if name not in times}
    return (
        {"name": "kandal-flood", "title": "Kandal", "lasts_s": 21_600} | form | changes
    )


def a_sensor(**changes: object) -> dict[str, Any]:
    return {
        "id": "bridge",
        "title": "Bridge",
        "plan": "kandal-flood",
        "thresholds": {"level": 5.0, "clear_level": 4.5},
    } | changes


def readings(*levels: object, start_min: float = 0) -> dict[str, Any]:
    return {
        "readings": [
            {
                "at": (START + timedelta(minutes=start_min + n)).isoformat(),
                "level": level,
            }
            for n, level in enumerate(levels)
        ]
    }


@pytest.fixture
def gauge(client: FlaskClient, admin: Headers, services: FakeServices) -> FlaskClient:
    """A client, with a sensor and its plan registered."""
    services.now.advance(hours=1)
    assert client.post("/api/v1/plans", json=a_plan(), headers=admin).status_code == 201
    assert (
        client.post("/api/v1/sensors", json=a_sensor(), headers=admin).status_code
        == 201
    )
    return client


def test_a_plan_is_kept_shown_drafted_and_removed(
    client: FlaskClient, operator: Headers
) -> None:
    """Saving it again replaces it."""
    url = "/api/v1/plans"
    assert client.post(url, json=a_plan(), headers=operator).status_code == 201
    again = client.post(url, json=a_plan(title="New"), headers=operator)
    assert again.status_code == 200

    listed = client.get(url, headers=operator).json
    assert listed is not None
    assert [plan["title"] for plan in listed["items"]] == ["New"]
    draft = client.post(f"{url}/kandal-flood/draft", headers=operator)
    assert draft.status_code == 201
    assert draft.json is not None
    assert draft.json["state"] == "draft"
    assert draft.json["expires"] == "2026-09-01T09:00:00Z"

    assert client.delete(f"{url}/kandal-flood", headers=operator).status_code == 204
    assert client.get(f"{url}/kandal-flood", headers=operator).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Kandal Flood"},
        {"lasts_s": 1},
        {"lasts_s": None},
        {"texts": {}},
        {"expires": "2026-09-01T09:00:00Z"},
        {"area": {"type": "Point", "coordinates": [1, 2]}},
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    client: FlaskClient, operator: Headers, changes: dict[str, object]
) -> None:
    """Better now than at 3 a.m."""
    answer = client.post("/api/v1/plans", json=a_plan(**changes), headers=operator)

    assert answer.status_code == 422


def test_an_alarm_drafts_once(gauge: FlaskClient, operator: Headers) -> None:
    """The batch that rings names the draft; the same batch again does nothing."""
    url = "/api/v1/sensors/bridge/readings"
    first = gauge.post(url, json=readings(4.0, 5.5), headers=operator)
    second = gauge.post(url, json=readings(4.0, 5.5), headers=operator)

    assert first.json is not None
    assert second.json is not None
    assert first.json["taken"] == 2
    assert first.json["phase"] == "alarm"
    assert first.json["alert_id"]
    assert second.json["known"] == 2
    assert second.json["alert_id"] is None
    shown = gauge.get("/api/v1/sensors/bridge", headers=operator).json
    assert shown is not None
    assert shown["alert_id"] == first.json["alert_id"]
    assert shown["newest_level"] == 5.5


def test_bad_readings_are_refused_one_by_one(
    gauge: FlaskClient, operator: Headers
) -> None:
    """What is no number, or lies in the future, does not take the others with it."""
    batch = readings(4.0, None, 4.1)
    batch["readings"] += readings(4.2, start_min=600)["readings"]

    answer = gauge.post("/api/v1/sensors/bridge/readings", json=batch, headers=operator)

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["taken"] == 2
    assert [one["index"] for one in answer.json["refused"]] == [1, 3]


def test_not_a_number_is_read_and_refused(
    gauge: FlaskClient, operator: Headers
) -> None:
    """NaN is no JSON, and some loggers send it all the same."""
    at = START.isoformat()
    data = f'{{"readings": [{{"at": "{at}", "level": NaN}}]}}'

    answer = gauge.post(
        "/api/v1/sensors/bridge/readings",
        data=data,
        content_type="application/json",
        headers=operator,
    )

    assert answer.status_code == 200
    assert answer.json is not None
    assert "no number" in answer.json["refused"][0]["reason"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"plan": "other"}, 404),
        ({"thresholds": {"clear_level": 1}}, 422),
        ({"thresholds": {"level": 1, "clear_level": 2}}, 422),
        ({"thresholds": {"level": 1, "clear_level": 1, "rise_per_h": -1}}, 422),
        ({"id": "../x"}, 422),
    ],
)
def test_a_sensor_that_cannot_be_is_refused(
    gauge: FlaskClient, admin: Headers, change: dict[str, object], status: int
) -> None:
    """Thresholds that could never ring, or never stop; a plan that is not there."""
    answer = gauge.post("/api/v1/sensors", json=a_sensor(**change), headers=admin)

    assert answer.status_code == status


def test_an_unknown_sensor(client: FlaskClient, operator: Headers) -> None:
    """Says to register it."""
    url = "/api/v1/sensors/x/readings"
    answer = client.post(url, json=readings(1.0), headers=operator)

    assert answer.status_code == 404
    assert answer.json is not None
    assert "register" in answer.json["detail"]
