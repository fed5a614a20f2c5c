"""The page of a live alert, and what can be taken away from it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import (
    PHONE,
    PROVINCES,
    PUBLIC_URL,
    FakeServices,
    delivery_line,
    make_progress,
)
from warning.alert import AlertState
from warning.people.whereabout import Whereabout

Browser = Callable[[str], FlaskClient]


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_who_needs_help_has_a_number_for_operators_alone(
    browser: Browser, services: FakeServices
) -> None:
    """A viewer sees that somebody needs help and where, not who."""
    case = services.alert(AlertState.LIVE)
    services.board.figures[case.alert_id] = make_progress(needs_help=1)
    services.help_desk.ask(
        PHONE,
        name="Sok Dara",
        subscriber_id=7,
        vulnerable=True,
        owner_ref=case.owner_ref,
        where=Whereabout(area_code="KH-12"),
    )
    services.help_desk.ask("+85512999999", owner_ref="alert:another")
    plain, full = (
        browser(role).get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL).text
        for role in ("viewer", "operator")
    )
    assert "Person 7 vulnerable Phnom Penh" in words(plain)
    assert PHONE not in plain
    assert "Sok Dara" not in plain
    assert f"tel:{PHONE}" in full
    assert "Sok Dara" in full
    assert "+85512999999" not in full


@pytest.mark.parametrize(
    ("people_attempted", "told"),
    [(520, "everybody was tried at 03:01"), (980, "Everybody was tried at least once")],
)
def test_when_everybody_was_tried_is_told(
    browser: Browser, services: FakeServices, people_attempted: int, told: str
) -> None:
    """By the pace so far."""
    case = services.alert(AlertState.LIVE)
    figures = make_progress(people_attempted=people_attempted)
    services.board.figures[case.alert_id] = figures
    page = browser("viewer").get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL)
    assert told in words(page.text)
    assert "Kandal 350" in words(page.text)
    assert "What was done" in words(page.text)


def test_the_curves(browser: Browser, services: FakeServices) -> None:
    """Seconds since 1970, and five sums."""
    case = services.alert(AlertState.LIVE)
    path = f"/alerts/{case.alert_id}/curves.json"
    told = json.loads(browser("viewer").get(path, base_url=PUBLIC_URL).text)
    assert told["at"] == [1788231600, 1788231601]
    assert (told["sent"], told["confirmed"]) == ([1, 2], [0, 1])


def test_by_language_and_carrier(browser: Browser, services: FakeServices) -> None:
    """In their own names, the largest first; the page asks only when it is unfolded."""
    case = services.alert(AlertState.LIVE)
    client = browser("viewer")
    path = f"/alerts/{case.alert_id}/groups/now"
    part = client.get(path, base_url=PUBLIC_URL).text
    rows = [
        " ".join(re.findall(r">([^<>\s][^<>]*)<", row)) for row in part.split("<tr>")
    ]
    assert [row for row in rows if "80" in row] == [
        "ខ្មែរ 900 800 450 400 0",
        "English 80 80 30 30 0",
        "main 980 880 0 0 12",
    ]
    page = client.get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL).text
    assert f'data-url="{path}"' in page
    assert "main ·" not in page


def test_figures_to_take_away(
    browser: Browser, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spreadsheet opens them, and runs nothing that stands in them."""
    monkeypatch.setitem(PROVINCES, "KH-12", "=HYPERLINK(1)")
    case = services.alert(AlertState.LIVE)
    path = f"/alerts/{case.alert_id}/areas.csv"
    answer = browser("viewer").get(path, base_url=PUBLIC_URL)
    assert answer.mimetype == "text/csv"
    assert ".csv" in answer.headers["Content-Disposition"]
    header, *lines = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert header[:2] == ["name", "affected"]
    assert lines == [
        ["Kandal", "480", "380", "180", "130", "0", "0", "KH-08"],
        ["'=HYPERLINK(1)", "500", "500", "300", "300", "0", "0", "KH-12"],
    ]


def test_every_text_and_call_without_numbers(
    browser: Browser, services: FakeServices
) -> None:
    """People by their number here; viewers do not get it."""
    case = services.alert(AlertState.LIVE)
    services.board.lines = [delivery_line(n) for n in (1, 2)]
    path = f"/alerts/{case.alert_id}/deliveries.csv"
    text = browser("operator").get(path, base_url=PUBLIC_URL).text
    lines = list(csv.reader(text.splitlines()))
    assert lines[2][:5] == ["2", "102", "sms", "km", "reached"]
    assert len(lines) == 3
    assert browser("viewer").get(path, base_url=PUBLIC_URL).status_code == 403
