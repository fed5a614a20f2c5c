"""Subscribers over the API."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import PHONE, FakeServices

URL = "/api/v1/subscribers"
CSV = "text/csv"
LINES = f"phone,language\n{PHONE},km\nnonsense,km\n+85511111111,en\n".encode()


def body(**changes: Any) -> dict[str, Any]:
    return {
        "phone": PHONE,
        "language": "km",
        "places": [{"lon": 104.9, "lat": 11.5}],
        **changes,
    }


def test_new_person(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A new number: 201; a known one: 200 and the same id."""
    first = client.post(URL, json=body(), headers=operator)
    again = client.post(URL, json=body(language="EN"), headers=operator)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == {"id": "1", "is_new": True}
    assert again.json == {"id": "1", "is_new": False}
    assert services.people.persons[1].language == "en"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"phone": 85512345678}, "#/phone"),
        ({"phone": "12345"}, "#/phone"),
        ({"language": "Khmer"}, "#/language"),
        ({"language": "kh"}, "#/language"),
        ({"places": []}, "#/places"),
        ({"places": [{"lon": 190, "lat": 11}]}, "#/places/0/lon"),
        ({"places": [{"lon": 11.5, "lat": 104.9}]}, "#/places/0/lat"),
        ({"places": [{"lon": float("nan"), "lat": 11}]}, "#/places/0/lon"),
        ({"channels": ["fax"]}, "#/channels/0"),
        ({"consent_at": "2026-01-01"}, "#/consent_at"),
        ({"vulnerable": "perhaps"}, "#/vulnerable"),
    ],
)
def test_wrong_member(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    change: dict[str, Any],
    pointer: str,
) -> None:
    """A wrong member is pointed at, the number is not repeated, nobody is added."""
    answer = client.post(URL, json=body(**change), headers=operator)

    assert answer.status_code == 422
    assert answer.json is not None
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert PHONE not in answer.text
    assert not services.people.persons


def test_import(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Good lines are taken, the bad one is told with its line."""
    answer = client.post(
        f"{URL}/import", data=LINES, content_type=CSV, headers=operator
    )

    assert answer.json == {
        "dry_run": False,
        "read": 3,
        "added": 2,
        "updated": 0,
        "places": 2,
        "rejected": [
            {
                "line_no": 3,
                "column": "phone",
                "code": "phone",
                "reason": "Not a phone number.",
            }
        ],
        "notes": [],
    }
    assert len(services.people.phones) == 2


def test_dry_run_changes_nothing(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A dry run gives the same report and registers nobody."""
    answer = client.post(
        f"{URL}/import?dry_run=1", data=LINES, content_type=CSV, headers=operator
    )

    assert answer.json is not None
    assert (answer.json["dry_run"], answer.json["added"]) == (True, 2)
    assert not services.people.phones


def test_import_that_is_too_large(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """A file beyond the limit: 413, and not one line of it is taken."""
    data = LINES + b"+85522222222,km\n" * 10_000

    answer = client.post(f"{URL}/import", data=data, content_type=CSV, headers=operator)

    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["detail"] == "The most that is read here is 100,000 bytes."
    assert not services.people.phones


def test_import_of_another_format(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """415 names the format that is read."""
    answer = client.post(
        f"{URL}/import", data=b"{}", content_type="application/json", headers=operator
    )

    assert answer.status_code == 415
    assert answer.json is not None
    assert "text/csv" in answer.json["detail"]


def test_erase(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Erasing is answered 204 once, 404 after that."""
    client.post(URL, json=body(), headers=operator)

    answers = [client.delete(f"{URL}/1", headers=operator) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 404]
    assert answers[0].data == b""
    assert not services.people.phones


@pytest.mark.parametrize("wrong", ["x", "-1", "1.5", "٣", "9" * 40])
def test_erase_of_what_is_no_id(
    client: FlaskClient, operator: dict[str, str], wrong: str
) -> None:
    """What is no id of ours is simply not there."""
    assert client.delete(f"{URL}/{wrong}", headers=operator).status_code == 404
