"""Cases over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from accounts.operators import Role
from tests.fakes.case_world import PATIENT, a_person, phone
from tests.web.fakes import FakeServices

Auth = Callable[[Role], dict[str, str]]
CASES = "/api/v1/cases"


@pytest.fixture
def dispatcher(auth: Auth) -> dict[str, str]:
    return auth(Role.DISPATCHER)


def a_report(**changes: object) -> dict[str, object]:
    lon, lat = PATIENT
    return {
        "lon": lon,
        "lat": lat,
        "address": "Kerkstraat 12",
        "scene_safe": True,
        "callback_phone": "+855 12 009 999",
        "ems_eta_min": 12,
    } | changes


def test_a_case_from_report_to_close(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """Reported, shown with its offers, corrected, closed; then nothing changes."""
    world = services.case_world
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 9)))
    answer = client.post(CASES, json=a_report(), headers=dispatcher)
    assert answer.status_code == 201
    url = answer.headers["Location"]
    world.tick()
    world.text(phone(1), "1")
    shown = client.get(url, headers=dispatcher).get_json()
    assert (shown["state"], len(shown["offers"])) == ("alerting", 8)
    by_id = {one["responder"]: one for one in shown["offers"]}
    assert (by_id["1"]["state"], by_id["1"]["name"]) == ("role_sent", "Volunteer 1")
    assert (by_id["2"]["name"], by_id["2"]["phone"]) == ("", "")
    assert {one["kind"] for one in shown["decisions"]} == {"wave", "role"}
    corrected = client.post(
        f"{url}/correct", json={"address": "Kerkstraat 14"}, headers=dispatcher
    )
    assert corrected.get_json()["address"] == "Kerkstraat 14"
    closed = client.post(f"{url}/close", json={"reason": "there"}, headers=dispatcher)
    assert (closed.status_code, closed.get_json()["state"]) == (200, "closed")
    again = client.post(f"{url}/cancel", json={}, headers=dispatcher)
    assert again.status_code == 409


def test_a_case_needs_coordinates_and_a_word_on_safety(
    client: FlaskClient, dispatcher: dict[str, str]
) -> None:
    """Without them nothing is taken in, and the answer says what is missing."""
    for name in ("lon", "lat", "address", "scene_safe"):
        report = a_report()
        del report[name]
        answer = client.post(CASES, json=report, headers=dispatcher)
        assert answer.status_code == 422
        assert name in answer.text
    nowhere = client.post(CASES, json=a_report(lon=0, lat=0), headers=dispatcher)
    assert nowhere.status_code == 422
    assert "sea" in nowhere.text
    ahead = a_report(call_received_at="2027-01-01T00:00:00Z")
    assert client.post(CASES, json=ahead, headers=dispatcher).status_code == 422


def test_the_computer_of_the_ambulance_may_repeat_itself(
    client: FlaskClient, dispatcher: dict[str, str]
) -> None:
    """The same number is the same case."""
    report = a_report(external_ref="cad-17")
    first = client.post(CASES, json=report, headers=dispatcher)
    second = client.post(CASES, json=report, headers=dispatcher)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json()["id"] == second.get_json()["id"]


def test_duplicates_are_proposed_and_merged_by_hand(
    client: FlaskClient, dispatcher: dict[str, str]
) -> None:
    """Near in place and time: the dispatcher decides."""
    first = client.post(CASES, json=a_report(), headers=dispatcher).get_json()
    second = client.post(CASES, json=a_report(), headers=dispatcher).get_json()
    assert second["duplicates"] == [first["id"]]
    url = f"{CASES}/{second['id']}/merge"
    merged = client.post(url, json={"into": first["id"]}, headers=dispatcher)
    assert merged.get_json()["merged_into"] == first["id"]
    itself = client.post(
        f"{CASES}/{first['id']}/merge", json={"into": first["id"]}, headers=dispatcher
    )
    assert itself.status_code == 409


def test_lists_in_pages(client: FlaskClient, dispatcher: dict[str, str]) -> None:
    """Newest first; open ones alone."""
    ids = [
        client.post(CASES, json=a_report(lat=11 + n), headers=dispatcher).get_json()[
            "id"
        ]
        for n in range(3)
    ]
    page = client.get(f"{CASES}?limit=2", headers=dispatcher).get_json()
    assert [one["id"] for one in page["items"]] == [ids[2], ids[1]]
    cursor = page["next_cursor"]
    rest = client.get(f"{CASES}?limit=2&cursor={cursor}", headers=dispatcher)
    assert [one["id"] for one in rest.get_json()["items"]] == [ids[0]]
    client.post(f"{CASES}/{ids[0]}/cancel", json={}, headers=dispatcher)
    shown = client.get(f"{CASES}?open=1", headers=dispatcher).get_json()["items"]
    assert [one["id"] for one in shown] == ids[1:]


def test_unknown_cases(client: FlaskClient, dispatcher: dict[str, str]) -> None:
    """404, in words."""
    assert client.get(f"{CASES}/nowhere", headers=dispatcher).status_code == 404


def test_who_waits_for_a_call(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """Shown with the number, until somebody says that it is done."""
    world = services.case_world
    world.people(a_person(1))
    case_id = client.post(CASES, json=a_report(), headers=dispatcher).get_json()["id"]
    world.tick()
    world.text(phone(1), "1")
    client.post(f"{CASES}/{case_id}/close", json={}, headers=dispatcher)
    services.now.advance(minutes=91)
    world.tick()
    world.text(phone(1), "3")
    (waits,) = client.get(f"{CASES}/follow-ups", headers=dispatcher).get_json()["items"]
    assert (waits["feeling"], waits["phone"]) == ("much_affected", phone(1))
    done = f"{CASES}/{case_id}/follow-ups/1/done"
    assert client.post(done, headers=dispatcher).status_code == 204
    assert (
        client.post(done.replace("/1/", "/x/"), headers=dispatcher).status_code == 404
    )
    left = client.get(f"{CASES}/follow-ups", headers=dispatcher).get_json()["items"]
    assert left == []


def test_the_telephone_is_down(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """Nothing leaves for ten seconds: the dispatcher gets names and numbers to ring."""
    world = services.case_world
    world.people(a_person(1))
    case_id = world.running()
    shown = client.get(f"{CASES}/{case_id}", headers=dispatcher).get_json()
    assert shown["by_hand"] == []
    services.now.advance(seconds=10)
    world.tick()
    shown = client.get(f"{CASES}/{case_id}", headers=dispatcher).get_json()
    assert [one["phone"] for one in shown["by_hand"]] == [phone(1)]
    assert shown["notices"][-1]["kind"] == "telephone_down"


def test_an_address_is_opened_by_hand(
    client: FlaskClient, services: FakeServices, dispatcher: dict[str, str]
) -> None:
    """To somebody without a PIN whom the dispatcher has rung; once."""
    services.ask_pins_at_homes()
    world = services.case_world
    world.people(a_person(1))
    report = a_report(place_type="private_home")
    case_id = client.post(CASES, json=report, headers=dispatcher).get_json()["id"]
    world.tick()
    world.text(phone(1), "1")
    url = f"{CASES}/{case_id}"
    (waits,) = client.get(url, headers=dispatcher).get_json()["offers"]
    done = client.post(f"{url}/offers/1/vouch", headers=dispatcher)
    (after,) = client.get(url, headers=dispatcher).get_json()["offers"]
    again = client.post(f"{url}/offers/1/vouch", headers=dispatcher)
    assert (waits["awaits_pin"], waits["phone"]) == (True, phone(1))
    assert (done.status_code, after["awaits_pin"]) == (200, False)
    assert again.status_code == 409
    assert client.post(f"{url}/offers/x/vouch", headers=dispatcher).status_code == 404
