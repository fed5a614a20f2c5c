"""Alerts that come in over the API: taken, judged, refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.alert_bodies import CAP, URL, body
from tests.web.fakes import FakeServices


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
        b"[" * 900,
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
