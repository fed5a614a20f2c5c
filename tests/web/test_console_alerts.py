"""Writing a warning and approving it, in the console."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, FakeServices, make_form
from warning.alert import AlertState
from warning.cap import CapStatus, Severity

Browser = Callable[[str], FlaskClient]

SQUARE = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[104, 11], [105, 11], [105, 12], [104, 12], [104, 11]]],
    }
)
TYPED = {
    "drill": "0",
    "area": SQUARE,
    "area_desc": "Kandal along the river",
    "hazard": "flood",
    "severity": "Extreme",
    "hours": "6",
    "headline-en": "The river <rises>",
    "instruction-en": "Go to high ground.",
}


def post(
    client: FlaskClient, path: str, form: dict[str, str], page: str = "/alerts/new"
) -> TestResponse:
    token = csrf_of(client.get(page, base_url=PUBLIC_URL))
    return client.post(path, base_url=PUBLIC_URL, data={**form, "csrf_token": token})


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_form_becomes_an_alert_that_waits(
    browser: Browser, services: FakeServices
) -> None:
    """Submitted under the operator's name, with what was typed."""
    answer = post(browser("operator"), "/alerts/new", TYPED)

    (case,) = services.board.list()
    info = case.cap.infos[0]
    assert (answer.status_code, answer.location) == (303, f"/alerts/{case.alert_id}")
    assert (case.state, case.created_by) == (AlertState.SUBMITTED, "operator")
    assert (info.severity, info.headline) == (Severity.EXTREME, "The river <rises>")
    assert case.cap.status is CapStatus.ACTUAL


@pytest.mark.parametrize("drill", ["1"])
def test_a_drill_is_an_exercise(
    browser: Browser, services: FakeServices, drill: str
) -> None:
    """The switch is the CAP status, so nothing later can mistake it."""
    post(browser("operator"), "/alerts/new", {**TYPED, "drill": drill})

    assert services.board.list()[0].cap.status is CapStatus.EXERCISE


def test_a_new_form_is_a_drill_unless_said_otherwise(browser: Browser) -> None:
    """Nobody warns the public because they forgot to choose."""
    page = browser("operator").get("/alerts/new", base_url=PUBLIC_URL).text

    assert re.search(r'name="drill" value="1" checked', page)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("area", "", "Draw the area"),
        ("area", "nonsense", "no pair of coordinates"),
        ("area", '{"type":"Point","coordinates":[104,11]}', "area"),
        ("area_desc", " ", "Say where"),
        ("hazard", "kraken", "Choose one of the list"),
        ("hours", "999", "Choose one of the list"),
        ("headline-en", "", "one without the other is half"),
    ],
)
def test_what_is_missing_is_said_and_nothing_lost(
    browser: Browser, services: FakeServices, field: str, value: str, told: str
) -> None:
    """The page comes back with a sentence and every field as it was typed."""
    answer = post(browser("operator"), "/alerts/new", {**TYPED, field: value})

    assert answer.status_code == 422
    assert told in words(answer)
    assert "Go to high ground." in answer.text
    assert not services.board.list()


def test_no_words_at_all_is_said(browser: Browser) -> None:
    """At least one language must say something."""
    silent = {**TYPED, "headline-en": "", "instruction-en": ""}

    answer = post(browser("operator"), "/alerts/new", silent)

    assert "at least one language" in words(answer)


def test_a_polygon_over_nobody_is_said(
    browser: Browser, services: FakeServices
) -> None:
    """The draft stays; nothing is submitted."""
    services.board.is_empty = True

    answer = post(browser("operator"), "/alerts/new", TYPED)

    assert answer.status_code == 422
    assert "Nobody is registered" in words(answer)


def test_the_count_under_the_pointer(browser: Browser) -> None:
    """Who is inside, by language, channel and area."""
    answer = post(browser("operator"), "/console/audience", {"area": SQUARE})

    told = json.loads(answer.text)
    assert (told["n"], told["by_language"]) == (1_000, {"km": 1_000})
    assert told["repairs"] == []


def test_a_bad_polygon_is_told_while_drawing(browser: Browser) -> None:
    """A sentence, so that drawing can go on."""
    answer = post(browser("operator"), "/console/audience", {"area": "{}"})

    assert answer.status_code == 200
    assert json.loads(answer.text)["problem"]


def test_viewers_cannot_write(browser: Browser) -> None:
    """Looking is not warning."""
    assert browser("viewer").get("/alerts/new", base_url=PUBLIC_URL).status_code == 403


def test_a_post_without_the_token_is_refused(browser: Browser) -> None:
    """Another site cannot make an operator's browser warn the country."""
    answer = browser("operator").post("/alerts/new", base_url=PUBLIC_URL, data=TYPED)

    assert answer.status_code == 403


def test_the_second_person_sees_what_will_happen(
    browser: Browser, services: FakeServices
) -> None:
    """How many, in which languages, the exact words, and one button that says it."""
    case = services.alert(AlertState.SUBMITTED)

    page = words(
        browser("approver").get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL)
    )

    assert "1,000 people will be told" in page
    assert "Send to 1,000 people" in page
    assert "Type the name of the event to confirm: Flood" in page


def test_approving_takes_the_name_of_the_event(
    browser: Browser, services: FakeServices
) -> None:
    """Without it nothing happens, with it the alert is live."""
    case = services.alert(AlertState.SUBMITTED)
    path = f"/alerts/{case.alert_id}/approve"
    client = browser("approver")

    refused = post(client, path, {"confirmation": "fire"}, "/alerts/new")
    done = post(client, path, {"confirmation": " flood "}, "/alerts/new")

    assert refused.status_code == 422
    assert "Type the name of the event" in words(refused)
    assert done.status_code == 303
    assert services.board.get(case.alert_id).state is AlertState.LIVE


def test_falling_back_on_another_language_is_accepted_by_a_tick(
    browser: Browser, services: FakeServices
) -> None:
    """Whoever approves is told which languages nobody recorded, and may go on."""
    case = services.alert(AlertState.SUBMITTED)
    services.board.unrecorded = ("km",)
    path, client = f"/alerts/{case.alert_id}/approve", browser("approver")

    assert (
        'name="accept_fallback"'
        in client.get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL).text
    )
    refused = post(client, path, {"confirmation": "Flood"})

    assert refused.status_code == 409
    assert "Nobody has recorded this alert in these languages" in words(refused)
    assert 'name="accept_fallback"' in refused.text
    assert services.board.get(case.alert_id).state is AlertState.SUBMITTED
    post(client, path, {"confirmation": "Flood", "accept_fallback": "1"})
    assert services.board.get(case.alert_id).state is AlertState.LIVE


def test_a_drill_needs_no_name(browser: Browser, services: FakeServices) -> None:
    """It reaches nobody but the drill group."""
    case = services.alert(AlertState.SUBMITTED, make_form(status=CapStatus.EXERCISE))

    post(browser("approver"), f"/alerts/{case.alert_id}/approve", {})

    assert services.board.get(case.alert_id).state is AlertState.LIVE


def test_nobody_approves_their_own(browser: Browser, services: FakeServices) -> None:
    """The button is not there, and posting without it is refused."""
    client = browser("admin")
    post(client, "/alerts/new", TYPED)
    (case,) = services.board.list()

    page = client.get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL)
    answer = post(client, f"/alerts/{case.alert_id}/approve", {"confirmation": "Flood"})

    assert "nobody approves their own" in words(page)
    assert 'action="/alerts/a1/approve"' not in page.text
    assert answer.status_code == 409
    assert services.board.get(case.alert_id).state is AlertState.SUBMITTED


@pytest.mark.parametrize(
    ("step", "role", "state"),
    [
        ("reject", "approver", AlertState.DRAFT),
        ("cancel", "operator", AlertState.CANCELLED),
    ],
)
def test_back_and_away(
    browser: Browser, services: FakeServices, step: str, role: str, state: AlertState
) -> None:
    """An alert that waits may go back to its author, or away."""
    case = services.alert(AlertState.SUBMITTED)

    post(browser(role), f"/alerts/{case.alert_id}/{step}", {})

    assert services.board.get(case.alert_id).state is state


def test_every_alert_is_listed(browser: Browser, services: FakeServices) -> None:
    """Newest first, with who wrote and who approved."""
    services.alert(AlertState.LIVE)
    services.alert(AlertState.SUBMITTED, make_form(status=CapStatus.EXERCISE))

    page = words(browser("viewer").get("/alerts/", base_url=PUBLIC_URL))

    assert "Flood on the Mekong" in page
    assert "Exercise" in page


def test_what_is_typed_stays_text(browser: Browser) -> None:
    """Markup in a headline is shown, never run."""
    client = browser("operator")
    shown = post(client, "/alerts/new", TYPED)

    page = client.get(shown.location, base_url=PUBLIC_URL).text

    assert "The river &lt;rises&gt;" in page
    assert "<rises>" not in page


@pytest.mark.parametrize("step", ["all-clear", "correction"])
def test_stopping_prepares_what_those_who_were_told_will_hear(
    browser: Browser, services: FakeServices, step: str
) -> None:
    """The alert ends at once; its follower waits for a second person."""
    case = services.alert(AlertState.LIVE)

    answer = post(browser("operator"), f"/alerts/{case.alert_id}/{step}", {})

    follower = services.board.list(states=[AlertState.SUBMITTED])[0]
    assert answer.location == f"/alerts/{follower.alert_id}"
    assert follower.follows == case.alert_id
    assert services.board.get(case.alert_id).state is AlertState.ENDED


def test_the_sheet_says_cost_and_time(browser: Browser, services: FakeServices) -> None:
    """Parts, how long it takes, and what else speaks of the place."""
    case = services.alert(AlertState.SUBMITTED)

    page = words(
        browser("approver").get(f"/alerts/{case.alert_id}", base_url=PUBLIC_URL)
    )

    assert "text messages" in page
    assert "at the present pace" in page
    assert "What they will hear" in page


def test_the_report_adds_up(browser: Browser, services: FakeServices) -> None:
    """Figures, times, texts, and who did what."""
    case = services.alert(AlertState.LIVE)

    page = words(
        browser("viewer").get(f"/alerts/{case.alert_id}/report", base_url=PUBLIC_URL)
    )

    assert "Confirmed 430" in page
    assert "What was done" in page
    assert "Go to high ground." in page
