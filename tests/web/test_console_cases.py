"""Cases in the console."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.fakes.case_world import ADDRESS, a_person, phone
from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, FakeServices

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
