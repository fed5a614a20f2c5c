"""Volunteers and AEDs over the API."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from accounts.operators import Role
from responders.roster.volunteer import ResponderId
from tests.fakes.case_world import a_person, phone
from tests.web.fakes import FakeServices

Auth = Callable[[Role], dict[str, str]]
URL = "/api/v1/responders"


@pytest.fixture
def dispatcher(auth: Auth) -> dict[str, str]:
    return auth(Role.DISPATCHER)


def a_form(**changes: object) -> dict[str, object]:
    return {
        "phone": phone(1),
        "name": "Dara",
        "credentials": [{"skill": "nurse", "verified": True}],
        "places": [{"kind": "home", "lon": 104.9, "lat": 11.5}],
        "quiet": "23:00-07:00",
        "consent_at": "2026-08-01T10:00:00Z",
    } | changes


def test_a_number_counts_when_its_owner_has_answered(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """A code goes out; only the reply with it opens the number."""
    added = client.post(URL, json=a_form(), headers=dispatcher)
    assert added.status_code == 201
    shown = added.get_json()
    assert (shown["skills"], shown["number_verified"]) == (["nurse"], False)
    world = services.case_world
    (code_text,) = world.sent(1)
    code = next(word for word in code_text.split() if word.strip(".").isdecimal())
    assert world.text(phone(1), f"JOIN {code.strip('.')}")
    again = client.post(URL, json=a_form(name="Sok"), headers=dispatcher)
    assert again.status_code == 200
    assert again.get_json()["number_verified"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"pin": "12345"},
        {"pin": "12a4"},
        {"credentials": [{"skill": "juggler"}]},
        {"phone": "12"},
        {"places": [{"kind": "home", "lon": 0, "lat": 0}]},
        {"quiet": "late"},
        {"channels": ["pigeon"]},
        {"channels": []},
        {"consent_at": "2030-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, dispatcher: dict[str, str], wrong: dict[str, object]
) -> None:
    """422 with a sentence; nothing is registered."""
    answer = client.post(URL, json=a_form(**wrong), headers=dispatcher)
    assert answer.status_code == 422
    assert client.get(URL, headers=dispatcher).get_json()["items"] == []


def test_positions_of_now_are_kept(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """Not those of the sea, the future or yesterday."""
    number = client.post(URL, json=a_form(), headers=dispatcher).get_json()["id"]
    url = f"{URL}/{number}/position"
    here = {"lon": 104.92, "lat": 11.56}
    assert client.put(url, json=here, headers=dispatcher).status_code == 200
    for wrong in (
        {"lon": 0, "lat": 0},
        here | {"at": "2026-10-01T00:00:00Z"},
        here | {"at": "2026-08-01T00:00:00Z"},
    ):
        assert client.put(url, json=wrong, headers=dispatcher).status_code == 422
    unknown = client.put(f"{URL}/99/position", json=here, headers=dispatcher)
    assert unknown.status_code == 404
    with services.case_world.new_uow() as uow:
        person = uow.responders.get(ResponderId(int(number)))
    assert [place.kind for place in person.places] == ["check_in", "home"]


def test_standing_and_erasure(client: FlaskClient, dispatcher: dict[str, str]) -> None:
    """Suspended, confirmed, gone."""
    number = client.post(URL, json=a_form(), headers=dispatcher).get_json()["id"]
    url = f"{URL}/{number}"
    suspended = client.post(f"{url}/suspend", headers=dispatcher).get_json()
    assert suspended["standing"] == "suspended"
    assert client.post(f"{url}/confirm", headers=dispatcher).status_code == 200
    assert client.delete(url, headers=dispatcher).status_code == 204
    assert client.post(f"{url}/confirm", headers=dispatcher).status_code == 422
    assert client.get(URL, headers=dispatcher).get_json()["items"] == []


def test_whether_there_is_a_pin_is_shown_and_no_more(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """By the desk or by a file; its digits are kept nowhere."""
    table = f"phone,skills,pin\n{phone(2)},cpr,4821\n{phone(3)},cpr,48\n"
    client.post(URL, json=a_form(pin="5930"), headers=dispatcher)
    answer = client.post(
        f"{URL}/import", data=table, content_type="text/csv", headers=dispatcher
    )
    client.post(URL, json=a_form(phone=phone(4)), headers=dispatcher)
    shown = client.get(URL, headers=dispatcher)
    with services.case_world.new_uow() as uow:
        people = repr(uow.responders.page(after=0, limit=9))
    assert [one["has_pin"] for one in shown.get_json()["items"]] == [True, True, False]
    (rejected,) = answer.get_json()["rejected"]
    assert (rejected["line_no"], rejected["column"]) == (3, "pin")
    assert "4821" not in people + answer.text
    assert "5930" not in people + shown.text


def test_lists_in_pages(client: FlaskClient, dispatcher: dict[str, str]) -> None:
    """By id."""
    for n in range(1, 4):
        client.post(URL, json=a_form(phone=phone(n)), headers=dispatcher)
    page = client.get(f"{URL}?limit=2", headers=dispatcher).get_json()
    assert [one["id"] for one in page["items"]] == ["1", "2"]
    rest = client.get(f"{URL}?cursor={page['next_cursor']}", headers=dispatcher)
    assert [one["id"] for one in rest.get_json()["items"]] == ["3"]


def test_files(client: FlaskClient, dispatcher: dict[str, str]) -> None:
    """Volunteers as CSV; AEDs as GeoJSON or CSV; bad lines are reported."""
    table = f"phone,skills,home_lon,home_lat\n{phone(1)},cpr,104.9,11.5\n1,cpr,,\n"
    answer = client.post(
        f"{URL}/import", data=table, content_type="text/csv", headers=dispatcher
    ).get_json()
    assert (answer["read"], answer["added"], len(answer["rejected"])) == (2, 1, 1)
    feature = {
        "type": "Feature",
        "id": "node/1",
        "geometry": {"type": "Point", "coordinates": [104.9, 11.5]},
        "properties": {"emergency": "defibrillator", "opening_hours": "24/7"},
    }
    broken = feature | {"id": "node/2", "properties": {"opening_hours": "sometimes"}}
    collection = {"type": "FeatureCollection", "features": [feature, broken]}
    answer = client.post(
        "/api/v1/aeds/import",
        data=json.dumps(collection),
        content_type="application/geo+json",
        headers=dispatcher,
    ).get_json()
    assert (answer["added"], answer["rejected"][0]["column"]) == (1, "opening_hours")
    order = {"is_working": False}
    url = "/api/v1/aeds/1/order"
    assert client.put(url, json=order, headers=dispatcher).status_code == 204
    unknown = client.put("/api/v1/aeds/9/order", json=order, headers=dispatcher)
    assert unknown.status_code == 404


def test_who_does_not_answer_is_listed(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """Asked now, silent for two days: with name and number, until a text comes."""
    world = services.case_world
    (one,) = world.people(a_person(1))
    asked = client.post(f"{URL}/{one}/test", headers=dispatcher)
    assert asked.status_code == 204
    assert client.post(f"{URL}/99/test", headers=dispatcher).status_code == 404
    path = f"{URL}/unreachable"
    assert client.get(path, headers=dispatcher).get_json() == {"items": []}
    services.now.advance(days=2)
    headers = dispatcher
    (found,) = client.get(path, headers=headers).get_json()["items"]
    assert (found["phone"], found["tests_missed"]) == (phone(1), 1)
    world.text(phone(1), "1")
    assert client.get(path, headers=headers).get_json() == {"items": []}
