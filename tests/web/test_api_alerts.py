"""Alerts over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from shapely.geometry import mapping

from ops.health import Check
from tests.web.fakes import SQUARE, FakeServices, delivery_line
from warning.alert import AlertState
from warning.cap import CapStatus

URL = "/api/v1/alerts"
CAP = "application/cap+xml"
AREA = json.loads(json.dumps(mapping(SQUARE)))


def body(**changes: Any) -> dict[str, Any]:
    """A flood warning as a client writes it."""
    return {
        "status": "Actual",
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "area": AREA,
        "area_desc": "Kandal",
        "texts": {
            "km": {
                "event": "ទឹកជំនន់",
                "headline": "ទឹកជំនន់ទន្លេមេគង្គ",
                "description": "ទឹកកំពុងឡើង។",
                "instruction": "ទៅទីទួល។",
                "area_desc": "កណ្ដាល",
            },
            "EN": {
                "event": "Flood",
                "headline": "Flood on the Mekong",
                "description": "The river rises.",
                "instruction": "Go to high ground.",
            },
        },
        "expires": "2026-09-01T16:00:00+07:00",
        "web": "https://warning.example.org/flood",
        **changes,
    }


def test_form_becomes_a_draft(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A form reaches nobody: it becomes a draft, with a language tag as it must be."""
    answer = client.post(URL, json=body(), headers=operator)

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["state"] == "draft"
    assert answer.json["created_by"] == "operator"
    assert set(answer.json["headlines"]) == {"km", "en"}
    assert answer.headers["Location"] == f"{URL}/{answer.json['id']}"
    (case,) = services.board.cases.values()
    places = {info.language: info.areas[0].area_desc for info in case.cap.infos}
    assert places == {"km": "កណ្ដាល", "en": "Kandal"}


def test_answer_is_what_a_later_look_shows(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """The address in the answer shows the same alert."""
    made = client.post(URL, json=body(), headers=operator)

    assert client.get(made.location, headers=operator).json == made.json


def test_cap_becomes_a_draft_once(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """The same document again answers the alert that is already there."""
    headers = {**operator, "Content-Type": CAP}

    first = client.post(URL, data=b"<alert/>", headers=headers)
    second = client.post(URL, data=b"<alert/>", headers=headers)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert len(services.board.cases) == 1


def test_cap_that_is_not_xml(client: FlaskClient, operator: dict[str, str]) -> None:
    """A document that cannot be used: 422 with a sentence, and nothing is kept."""
    answer = client.post(URL, data=b"hello", headers={**operator, "Content-Type": CAP})

    assert answer.status_code == 422
    assert answer.json is not None
    assert "Line 1" in answer.json["detail"]


@pytest.mark.parametrize(("data", "usable"), [(b"<alert/>", True), (b"not xml", False)])
def test_dry_run_of_cap(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    data: bytes,
    usable: bool,
) -> None:
    """A dry run answers the verdict of ``tocsin cap check`` and keeps nothing."""
    answer = client.post(
        f"{URL}?dry_run=1",
        data=data,
        headers={**operator, "Content-Type": CAP},
    )

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["usable"] is usable
    assert set(answer.json) >= {"file", "valid_xsd", "targetable", "defects", "area"}
    assert not services.board.cases


def test_dry_run_of_a_form(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """The same for a form."""
    answer = client.post(f"{URL}?dry_run=1", json=body(), headers=operator)

    assert answer.status_code == 200
    assert not services.board.cases


def test_misspelt_dry_run_is_not_a_real_one(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A parameter that is not known is refused rather than ignored."""
    answer = client.post(f"{URL}?dryrun=1", json=body(), headers=operator)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == [
        {"parameter": "dryrun", "detail": "extra inputs are not permitted"}
    ]
    assert not services.board.cases


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "Real"}, "#/status"),
        ({"categories": []}, "#/categories"),
        ({"severity": None}, "#/severity"),
        ({"texts": {}}, "#/texts"),
        ({"texts": {"kh": body()["texts"]["km"]}}, "#/texts/kh"),
        ({"texts": dict.fromkeys(("en", "EN"), body()["texts"]["EN"])}, "#/texts"),
        ({"area_desc": "a\u0000b"}, "#/area_desc"),
        ({"area_desc": "   "}, "#/area_desc"),
        ({"expires": "2026-09-01T16:00:00"}, "#/expires"),
        ({"expires": "tomorrow"}, "#/expires"),
        ({"colour": "red"}, "#/colour"),
        ({"area": [1, 2]}, "#/area"),
        ({"web": "javascript:alert(1)"}, "#/web"),
        ({"sender_name": "x" * 501}, "#/sender_name"),
    ],
)
def test_wrong_member_is_pointed_at(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    change: dict[str, Any],
    pointer: str,
) -> None:
    """A fault in a form: 422 with a pointer to it, and nothing is kept."""
    answer = client.post(URL, json=body(**change), headers=operator)

    assert answer.status_code == 422
    assert answer.json is not None
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert pointer in answer.json["detail"]
    assert not services.board.cases


def test_every_fault_is_told_at_once(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """Two faults are told in one answer."""
    answer = client.post(
        URL, json=body(status="Real", urgency="Soon"), headers=operator
    )

    assert answer.json is not None
    assert len(answer.json["errors"]) == 2
    assert answer.json["detail"].endswith("(1 more).")


@pytest.mark.parametrize(
    ("area", "slug"),
    [
        ({"type": "Point", "coordinates": [104, 11]}, "invalid-area"),
        ({"type": "Polygon", "coordinates": []}, "invalid-area"),
        ({"type": "Polygon", "coordinates": "here"}, "invalid-area"),
        ({"type": "Nonsense"}, "invalid-area"),
        ({}, "invalid-area"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[11, 104], [11, 105], [12, 105], [11, 104]]],
            },
            "swapped-axes",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[n / 1000, n / 2000] for n in range(600)]],
            },
            "large-area",
        ),
    ],
)
def test_area_that_cannot_be_used(
    client: FlaskClient, operator: dict[str, str], area: dict[str, Any], slug: str
) -> None:
    """A geometry that encloses nobody or cannot be read is named."""
    answer = client.post(URL, json=body(area=area), headers=operator)

    assert answer.status_code in {413, 422}
    assert answer.json is not None
    assert answer.json["type"] == f"urn:tocsin:problem:{slug}"


def test_self_crossing_area_is_taken(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """A bow tie is repaired, not refused."""
    bow = [[104, 11], [105, 12], [105, 11], [104, 12], [104, 11]]
    area = {"type": "Polygon", "coordinates": [bow]}

    answer = client.post(URL, json=body(area=area), headers=operator)

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"status": "Act',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"status": "\\ud800"}',
    ],
)
def test_body_that_is_not_json(
    client: FlaskClient, operator: dict[str, str], data: bytes
) -> None:
    """Bytes that are no JSON: 400, however deep they nest."""
    answer = client.post(
        URL, data=data, headers={**operator, "Content-Type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["detail"].startswith("The body is not JSON")


@pytest.mark.parametrize("media_type", ["text/xml", "text/plain", None])
def test_wrong_media_type(
    client: FlaskClient, operator: dict[str, str], media_type: str | None
) -> None:
    """Another format: 415 names those that are read."""
    answer = client.post(
        URL, data=b"<alert/>", headers=operator, content_type=media_type
    )

    assert answer.status_code == 415
    assert answer.json is not None
    assert CAP in answer.json["detail"]


def test_expired_alert(client: FlaskClient, operator: dict[str, str]) -> None:
    """An alert whose end is past is refused."""
    answer = client.post(
        URL, json=body(expires="2026-08-01T00:00:00Z"), headers=operator
    )

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["type"] == "urn:tocsin:problem:invalid-alert"


def test_four_eyes(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    approver: dict[str, str],
    admin: dict[str, str],
) -> None:
    """Draft, submit, approve by another: live. Nobody approves their own."""
    del admin
    alert_id = client.post(URL, json=body(), headers=approver).json["id"]  # type: ignore[index]
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


def test_list_is_paged_newest_first(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """Pages join without a gap, also when alerts come in meanwhile."""
    made = [services.alert().alert_id for _ in range(5)]

    first = client.get(f"{URL}?limit=2", headers=viewer).json
    services.alert()
    assert first is not None
    rest = []
    cursor = first["next_cursor"]
    while cursor:
        answer = client.get(f"{URL}?limit=2&cursor={cursor}", headers=viewer).json
        assert answer is not None
        rest += answer["items"]
        cursor = answer["next_cursor"]

    shown = [item["id"] for item in first["items"] + rest]
    assert shown == made[::-1]


def test_list_by_state(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """Only alerts of the state asked for."""
    services.alert()
    live = services.alert(AlertState.LIVE)

    answer = client.get(f"{URL}?state=live", headers=viewer)

    assert answer.json is not None
    assert [item["id"] for item in answer.json["items"]] == [live.alert_id]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "state=odd", "cursor=%ff"])
def test_wrong_page(client: FlaskClient, viewer: dict[str, str], query: str) -> None:
    """A wrong parameter is named."""
    answer = client.get(f"{URL}?{query}", headers=viewer)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


def test_progress(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """The four figures, by channel, area and language, and whether all is settled."""
    case = services.alert(AlertState.LIVE)

    answer = client.get(f"{URL}/{case.alert_id}/progress", headers=viewer)

    assert answer.json is not None
    assert answer.json["affected"] == 1_000
    assert answer.json["sms"]["failed"] == {"30003": 12}
    assert answer.json["by_area"]["KH-12"] == {"reached": 200, "confirmed": 300}
    assert answer.json["settled"] is False
    assert answer.json["alarms"] == []


def test_progress_tells_what_stands_in_its_way(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """A carrier that is stopped is seen beside the figures that stand still."""
    case = services.alert(AlertState.LIVE)
    sentence = "The carrier refuses our sender number."
    stopped = Check(name="carrier:main", ok=False, sentence=sentence)
    services.health.checks.append(stopped)

    answer = client.get(f"{URL}/{case.alert_id}/progress", headers=viewer)

    assert answer.json is not None
    assert answer.json["alarms"] == [{"name": "carrier:main", "sentence": sentence}]


def test_deliveries_are_paged_and_name_no_number(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Deliveries name people by id alone."""
    case = services.alert(AlertState.LIVE)
    services.board.lines = [delivery_line(number) for number in range(1, 6)]
    url = f"{URL}/{case.alert_id}/deliveries?limit=3"

    first = client.get(url, headers=operator).json
    assert first is not None
    second = client.get(f"{url}&cursor={first['next_cursor']}", headers=operator).json
    assert second is not None

    assert [item["id"] for item in first["items"]] == ["1", "2", "3"]
    assert [item["id"] for item in second["items"]] == ["4", "5"]
    assert second["next_cursor"] is None
    assert first["items"][0]["subscriber"] == "101"
    assert "phone" not in first["items"][0]


@pytest.mark.parametrize(
    "cursor", ["Zm9v", "!!!", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"]
)
def test_cursor_that_is_not_ours(
    client: FlaskClient, services: FakeServices, operator: dict[str, str], cursor: str
) -> None:
    """A cursor that was never given out is refused."""
    case = services.alert()
    url = f"{URL}/{case.alert_id}/deliveries?cursor={cursor}"

    assert client.get(url, headers=operator).status_code == 422


def test_cap_out(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """The alert as a CAP document."""
    case = services.alert()

    answer = client.get(f"{URL}/{case.alert_id}/cap", headers=viewer)

    assert answer.mimetype == CAP
    assert case.cap.identifier.encode() in answer.data


@pytest.mark.parametrize("status", list(CapStatus))
def test_status_is_the_authors(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    status: CapStatus,
) -> None:
    """Actual or exercise is said by the author; there is no default."""
    client.post(URL, json=body(status=status.value), headers=operator)

    (case,) = services.board.cases.values()
    assert case.cap.status is status
