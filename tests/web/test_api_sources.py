"""Feeds, other systems, the record of what was done; and what anybody may read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import FakeServices, make_form
from warning.alert import AlertId, AlertState
from warning.cap import CapStatus
from warning.sources.feed_state import FeedState
from web.api.bearer import LIMIT
from web.api.rate_limit import RateLimit

Headers = dict[str, str]


def publish(services: FakeServices, **changes: object) -> AlertId:
    """An alert of ours that is live, where the publication looks."""
    case = services.alerts.draft_from_form(make_form(**changes), by="operator")
    live = replace(case, state=AlertState.LIVE, approved_at=services.now())
    services.sources.store.alerts.cases[case.alert_id] = live
    return case.alert_id


def test_feeds_are_shown_with_what_is_wrong(
    client: FlaskClient, viewer: Headers, services: FakeServices
) -> None:
    """In the list, in /health/ready and as figures."""
    services.sources.store.feeds.states["met"] = FeedState(
        next_at=services.now(),
        polled_at=services.now(),
        n_failures=3,
        error="It did not answer in time.",
    )

    listed = client.get("/api/v1/feeds", headers=viewer).json
    ready = client.get("/health/ready")

    assert listed is not None
    assert listed["items"][0]["failures"] == 3
    assert listed["items"][0]["ok"] is False
    assert ready.status_code == 200, "a feed never keeps alerts from being sent"
    assert ready.json is not None
    assert ready.json["feeds"][0]["sentence"] == "It did not answer in time."
    assert 'tocsin_feed_failures{feed="met"} 3' in client.get("/metrics").text


def test_a_secret_is_shown_once(client: FlaskClient, admin: Headers) -> None:
    """And a system that is told no more is gone."""
    url = "/api/v1/webhooks"
    created = client.post(url, json={"url": "https://hub.example/x"}, headers=admin)

    assert created.status_code == 201
    assert created.json is not None
    assert len(created.json["secret"]) >= 32
    listed = client.get(url, headers=admin)
    assert created.json["secret"] not in listed.text
    where = f"{url}/{created.json['id']}"
    assert client.delete(where, headers=admin).status_code == 204
    assert client.delete(where, headers=admin).status_code == 404


@pytest.mark.parametrize(
    "webhook",
    [
        {"url": "ftp://hub.example"},
        {"url": "https://user:x@hub.example"},
        {"url": "https://"},
        {"url": "https://hub.example/ü\n"},
        {"url": "https://hub.example", "events": []},
        {"url": "https://hub.example", "events": ["subscriber.add"]},
        {"url": "https://hub.example", "events": ["alert."]},
        {"url": "https://hub.example", "events": ["alert", "alert.approved"]},
    ],
)
def test_a_webhook_that_cannot_be_is_refused(
    client: FlaskClient, admin: Headers, webhook: dict[str, object]
) -> None:
    """Also one that would be told of people."""
    assert (
        client.post("/api/v1/webhooks", json=webhook, headers=admin).status_code == 422
    )


def test_webhooks_and_audit_are_for_admins(
    client: FlaskClient, approver: Headers
) -> None:
    """Nobody else reads or changes them."""
    for path in ("webhooks", "audit"):
        assert client.get(f"/api/v1/{path}", headers=approver).status_code == 403


def test_the_record_is_paged_newest_first(client: FlaskClient, admin: Headers) -> None:
    """Each entry with its hash."""
    for n in range(3):
        client.post(
            "/api/v1/webhooks", json={"url": f"https://h{n}.example"}, headers=admin
        )

    first = client.get("/api/v1/audit?limit=2", headers=admin).json
    assert first is not None
    second = client.get(
        f"/api/v1/audit?limit=2&cursor={first['next_cursor']}", headers=admin
    ).json

    assert second is not None
    assert [entry["seq"] for entry in first["items"]] == [3, 2]
    assert [entry["seq"] for entry in second["items"]] == [1]
    assert first["items"][0]["previous_hash"] == first["items"][1]["hash"]


@pytest.mark.parametrize("path", ["cap.atom", "cap.rss", "alerts.geojson"])
def test_a_feed_is_the_same_until_something_happens(
    client: FlaskClient, services: FakeServices, path: str
) -> None:
    """Whoever has it is answered with nothing."""
    publish(services)
    first = client.get(f"/feeds/{path}")
    by_tag = client.get(
        f"/feeds/{path}", headers={"If-None-Match": first.headers["ETag"]}
    )
    by_time = client.get(
        f"/feeds/{path}",
        headers={"If-Modified-Since": first.headers["Last-Modified"]},
    )

    assert first.status_code == 200
    assert (by_tag.status_code, by_tag.data) == (304, b"")
    assert by_time.status_code == 304
    services.now.advance(minutes=5)
    publish(services)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/feeds/{path}", headers=tag).status_code == 200


def test_a_public_alert_can_be_read_by_anybody(
    client: FlaskClient, services: FakeServices
) -> None:
    """As CAP, from wherever a page is shown."""
    alert_id = publish(services)
    answer = client.get(f"/feeds/cap/{alert_id}.xml")

    assert answer.status_code == 200
    assert answer.mimetype == "application/cap+xml"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_drills_and_drafts_are_nobodys_business(
    client: FlaskClient, services: FakeServices
) -> None:
    """Neither in a feed nor by guessing an address."""
    drill = publish(services, status=CapStatus.EXERCISE)
    draft = services.alerts.draft_from_form(make_form(), by="operator")
    services.sources.store.alerts.cases[draft.alert_id] = draft

    for alert_id in (drill, draft.alert_id, "nothing"):
        assert client.get(f"/feeds/cap/{alert_id}.xml").status_code == 404
        for path in ("cap.atom", "cap.rss", "alerts.geojson"):
            assert str(alert_id) not in client.get(f"/feeds/{path}").text


def test_nobody_asks_without_end(client: FlaskClient, services: FakeServices) -> None:
    """After ten seconds' worth at once a caller waits; others do not."""
    app = client.application
    app.extensions[LIMIT] = RateLimit(0.5, services.now)
    viewer = {"Authorization": "Bearer t-viewer"}

    statuses = [
        client.get("/api/v1/alerts", headers=viewer).status_code for _ in range(6)
    ]
    refused = client.get("/api/v1/alerts", headers=viewer)

    assert statuses == [200] * 5 + [429]
    assert refused.headers["Retry-After"] == "2"
    other = {"Authorization": "Bearer t-operator"}
    assert client.get("/api/v1/alerts", headers=other).status_code == 200
    services.now.advance(seconds=2)
    assert client.get("/api/v1/alerts", headers=viewer).status_code == 200
