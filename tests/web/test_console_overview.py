"""Beside alerts: the strip, open cases, people on the map, and what stands first."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.fakes.case_world import ADDRESS, a_person, phone
from tests.web.fakes import PUBLIC_URL, FakeServices, make_form, make_progress
from warning.alert import AlertState
from warning.cap import CapStatus, Severity
from web.console.panels import N_AREAS

Browser = Callable[[str], FlaskClient]


def page_of(client: FlaskClient) -> str:
    return client.get("/", base_url=PUBLIC_URL).text


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_the_strip_tells_pace_and_feeds(
    browser: Browser, services: FakeServices
) -> None:
    """What is well is a word and a figure; what is not says its sentence."""
    shown = words(page_of(browser("viewer")))
    assert "main 92.5 a second" in shown
    assert "feeds 1/1" in shown
    (line,) = services.carriers.known
    services.carriers.known = [replace(line, trouble="It rests.")]
    assert "■ main : It rests." in words(page_of(browser("viewer")))


def test_open_cases_without_their_addresses(
    browser: Browser, services: FakeServices
) -> None:
    """Everybody sees that nobody is coming; only dispatchers may go there."""
    world = services.case_world
    world.people(a_person(1))
    case_id = world.running()
    code = world.case(case_id).code
    plain, linked = (page_of(browser(role)) for role in ("viewer", "dispatcher"))
    assert f"{code} · 0 min · nobody is coming yet · 1 asked" in words(plain)
    assert ADDRESS not in plain
    assert f"/cases/{case_id}" not in plain
    assert f"/cases/{case_id}" in linked
    world.text(phone(1), "1")
    assert "1 coming" in words(page_of(browser("viewer")))


def test_people_on_the_map_are_counts_by_area(
    browser: Browser, services: FakeServices
) -> None:
    """Live alerts add up; each figure includes those to its right."""
    for _ in range(2):
        case = services.alert(AlertState.LIVE)
        states = {"KH-12": {"reached": 200, "confirmed": 299, "needs_help": 1}}
        services.board.figures[case.alert_id] = make_progress(by_area=states)
    services.alert(AlertState.SUBMITTED)
    found = re.search(r'data-people="([^"]*)"', page_of(browser("viewer")))
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {
        "KH-12": {"people": 1_000, "confirmed": 600, "help": 2}
    }


def test_the_worst_areas_stand_on_the_screen(
    browser: Browser, services: FakeServices
) -> None:
    """There may be thousands: how many more there are is said, and where they are."""
    case = services.alert(AlertState.LIVE)
    areas = {
        f"X-{n:02}": {"reached": 100 - n, "confirmed": n} for n in range(N_AREAS + 3)
    }
    areas["A-00"] = {"reached": 1}
    services.board.figures[case.alert_id] = make_progress(by_area=areas)
    page = page_of(browser("viewer"))
    shown = re.findall(r'<th scope="row">([AX]-\d\d)</th>', page)
    assert shown == [f"X-{n:02}" for n in range(N_AREAS)]
    assert "4 more areas with fewer people without confirmation" in words(page)
    assert f"/alerts/{case.alert_id}/areas.csv" in page


def test_the_worst_stands_first(browser: Browser, services: FakeServices) -> None:
    """Real before drill, extreme before minor, whatever came last."""
    for status, severity in (
        (CapStatus.ACTUAL, Severity.EXTREME),
        (CapStatus.ACTUAL, Severity.MINOR),
        (CapStatus.EXERCISE, Severity.EXTREME),
    ):
        services.alert(AlertState.LIVE, make_form(status=status, severity=severity))
    page = page_of(browser("viewer"))
    assert re.findall(
        r'<article class="card live" aria-labelledby="alert-(a\d)"', page
    ) == [
        "a1",
        "a2",
        "a3",
    ]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/", "Situation"),
        ("/alerts/new", "New warning"),
        ("/alerts/a1", "Alerts"),
        ("/alerts/a1/report", "Alerts"),
        ("/settings/sources", "Settings"),
        ("/password", ""),
    ],
)
def test_the_rail_says_where_one_is(
    browser: Browser, services: FakeServices, path: str, word: str
) -> None:
    """Also below the page that it leads to."""
    services.alert(AlertState.LIVE)
    page = browser("admin").get(path, base_url=PUBLIC_URL).text
    current = re.findall(r'aria-current="(?:page|true)">([^<]+)</a></li>', page)
    assert current == ([word] if word else [])
