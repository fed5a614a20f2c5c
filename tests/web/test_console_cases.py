"""Cases in the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from shapely import Point
from werkzeug.test import TestResponse

from responders.case import PlaceType
from tests.fakes.case_world import ADDRESS, a_person, an_aed, phone
from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, SQUARE, FakeServices
from warning.alert import AlertState

Browser = Callable[[str], FlaskClient]


def test_an_empty_list_says_what_comes_here(browser: Browser) -> None:
    """Nobody wonders whether the page works."""
    page = browser("dispatcher").get("/cases/", base_url=PUBLIC_URL)
    assert "No case yet" in page.text


def test_a_case_shows_who_is_going(browser: Browser, services: FakeServices) -> None:
    """Names only of those who said yes; closed by a button."""
    world = services.case_world
    world.people(a_person(1), a_person(2))
    case_id = world.running()
    world.text(phone(1), "1")
    client = browser("dispatcher")
    assert ADDRESS in client.get("/cases/", base_url=PUBLIC_URL).text
    page = client.get(f"/cases/{case_id}", base_url=PUBLIC_URL)
    assert "Volunteer 1" in page.text
    assert "Volunteer 2" not in page.text
    form = {"csrf_token": csrf_of(page), "reason": "there"}
    done = client.post(f"/cases/{case_id}/close", data=form, base_url=PUBLIC_URL)
    assert done.status_code == 303
    case = world.case(case_id)
    assert (case.state.value, case.close_reason) == ("closed", "there")
    again = client.post(f"/cases/{case_id}/cancel", data=form, base_url=PUBLIC_URL)
    assert again.status_code == 409


def test_viewers_see_no_addresses(browser: Browser, services: FakeServices) -> None:
    """Cases are for dispatchers."""
    services.case_world.running()
    page = browser("viewer").get("/cases/", base_url=PUBLIC_URL)
    assert ADDRESS not in page.text


TYPED = {
    "address": "Street 63, house 12",
    "lon": "104.92",
    "lat": "11.56",
    "scene_safe": "1",
    "callback_phone": "+85512345678",
    "ems_eta_min": "12",
}


def open_case(client: FlaskClient, form: dict[str, str]) -> TestResponse:
    token = csrf_of(client.get("/cases/new", base_url=PUBLIC_URL))
    data = {**form, "csrf_token": token}
    return client.post("/cases/new", data=data, base_url=PUBLIC_URL)


def test_a_case_is_opened_at_the_desk(browser: Browser, services: FakeServices) -> None:
    """Where the click was, with what the caller said; then the case is shown."""
    client = browser("dispatcher")
    done = open_case(client, TYPED)
    (case,) = services.cases.board.open()
    assert done.location == f"/cases/{case.case_id}"
    assert (case.scene.lon, case.scene.lat) == (104.92, 11.56)
    assert case.callback_phone == "+85512345678"
    page = client.get(done.location, base_url=PUBLIC_URL)
    assert "tel:+85512345678" in page.text
    assert "Street 63, house 12" in page.text


def test_an_area_stands_for_a_place(browser: Browser, services: FakeServices) -> None:
    """Where no map can be drawn and nobody knows the coordinates."""
    open_case(browser("dispatcher"), {**TYPED, "lon": "", "lat": "", "area": "KH-12"})
    (case,) = services.cases.board.open()
    assert SQUARE.contains(Point(case.scene.lon, case.scene.lat))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("lon", "", "Click the place"),
        ("lat", "north", "not a number"),
        ("lat", "99", "99"),
        ("address", " ", "address"),
        ("scene_safe", "", "safe"),
        ("callback_phone", "call me", "number"),
        ("ems_eta_min", "-3", "minutes"),
        ("place_type", "moon", "moon"),
    ],
)
def test_what_cannot_be_used_is_said(
    browser: Browser, services: FakeServices, field: str, value: str, told: str
) -> None:
    """Nobody is rung, and what was typed is still there."""
    answer = open_case(browser("dispatcher"), {**TYPED, field: value})
    assert answer.status_code == 422
    assert told in answer.text
    assert not services.cases.board.open()


def test_the_part_that_moves(browser: Browser, services: FakeServices) -> None:
    """Alarm while nobody comes; then who comes first, and the waves."""
    world = services.case_world
    world.people(a_person(1), a_person(2))
    case_id = world.running()
    client = browser("dispatcher")
    alarm = client.get(f"/cases/{case_id}/now", base_url=PUBLIC_URL).text
    world.text(phone(1), "1")
    calm = client.get(f"/cases/{case_id}/now", base_url=PUBLIC_URL).text
    assert "Nobody is coming yet" in alarm
    assert "Wave 1" in alarm
    assert "Nobody is coming yet" not in calm
    assert "Who comes" in calm
    assert "<html" not in calm


def test_the_roster(browser: Browser, services: FakeServices) -> None:
    """Names for dispatchers, by number, page by page."""
    assert "No volunteer yet" in browser("dispatcher").get(
        "/responders/", base_url=PUBLIC_URL
    ).text.replace("&#39;", "'")
    services.case_world.people(a_person(1), a_person(2))
    page = browser("dispatcher").get("/responders/", base_url=PUBLIC_URL).text
    assert "Volunteer 1" in page
    assert "may be rung" in page
    rest = browser("dispatcher").get("/responders/?after=1", base_url=PUBLIC_URL).text
    assert "Volunteer 1" not in rest
    viewer = browser("viewer").get("/responders/", base_url=PUBLIC_URL)
    assert viewer.status_code == 403


def test_who_does_not_answer_is_marked(
    browser: Browser, services: FakeServices
) -> None:
    """Two days after a test without an answer; and a sign of life shows its day."""
    world = services.case_world
    (one,) = world.people(a_person(1))
    world.services.reachability.test(one, by="dara")
    services.now.advance(days=2)
    desk = browser("dispatcher")
    page = desk.get("/responders/", base_url=PUBLIC_URL).text
    assert "Does not answer" in page
    world.text(phone(1), "1")
    page = desk.get("/responders/", base_url=PUBLIC_URL).text
    assert "Does not answer" not in page


def test_a_place_is_found_by_its_name(browser: Browser) -> None:
    """With a point to put on the map; nothing typed finds nothing."""
    client = browser("dispatcher")
    found = client.get("/cases/places.json?q=ta+kh", base_url=PUBLIC_URL).json

    assert found == [{"name": "Ta Khmau, Kandal", "lon": 104.95, "lat": 11.48}]
    assert client.get("/cases/places.json?q=+", base_url=PUBLIC_URL).json == []


def test_aeds_are_shown_around_a_case(browser: Browser, services: FakeServices) -> None:
    """The nearest first, and whether each can be taken now; far ones are not."""
    world = services.case_world
    world.aeds(
        an_aed(1, 600.0),
        an_aed(2, 200.0, location="The <school>"),
        an_aed(3, 9_000.0, location="Far away"),
        an_aed(4, 300.0, opening_hours="", is_indoor=True, location="Who knows"),
    )
    case_id = world.running()
    page = browser("dispatcher").get(f"/cases/{case_id}", base_url=PUBLIC_URL).text

    assert page.index("The &lt;school&gt;") < page.index("Town hall")
    assert "Far away" not in page
    assert page.count('data-open="1"') == 2
    assert page.count('data-open="0"') == 1


def test_what_is_alarming_is_told_to_every_desk(
    browser: Browser, services: FakeServices
) -> None:
    """Cases with nobody coming, carriers that do not send, approvals and whose."""
    services.case_world.people(a_person(1))
    services.case_world.running()
    services.alert(AlertState.SUBMITTED)
    (line,) = services.carriers.known
    services.carriers.known = [replace(line, trouble="It rests.")]
    now = browser("dispatcher").get("/console/now", base_url=PUBLIC_URL).json

    assert now is not None
    told = json.loads(now["parts"]["alarms"])
    assert told == {"cases": 1, "carriers": 1, "approvals": ["operator"]}


def test_an_address_is_opened_by_a_button(
    browser: Browser, services: FakeServices
) -> None:
    """Beside whoever goes to a home and has not shown a PIN."""
    services.ask_pins_at_homes()
    world = services.case_world
    world.people(a_person(1))
    case_id = world.running(place_type=PlaceType.PRIVATE_HOME)
    world.text(phone(1), "1")
    client = browser("dispatcher")
    page = client.get(f"/cases/{case_id}", base_url=PUBLIC_URL)
    form = {"csrf_token": csrf_of(page)}
    done = client.post(f"/cases/{case_id}/vouch/1", data=form, base_url=PUBLIC_URL)
    assert "It is they: open the address" in page.text
    assert done.status_code == 303
    assert ADDRESS in world.sent(1)[-1]
    after = client.get(f"/cases/{case_id}", base_url=PUBLIC_URL)
    assert "It is they" not in after.text
