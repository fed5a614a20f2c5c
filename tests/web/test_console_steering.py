"""A live alert in hand: pause, resume, extend, update, and who is where."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.operators import Role
from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, START, FakeServices
from warning.alert import AlertState

Browser = Callable[[str], FlaskClient]


def post(client: FlaskClient, path: str, **words: str) -> TestResponse:
    """Press a button, and look at where it leads."""
    token = csrf_of(client.get("/", base_url=PUBLIC_URL))
    return client.post(
        path,
        base_url=PUBLIC_URL,
        data=words | {"csrf_token": token},
        follow_redirects=True,
    )


def test_one_press_pauses_and_one_resumes(
    browser: Browser, services: FakeServices
) -> None:
    """The page says since when and by whom, and offers the other button."""
    alert_id = services.alert(AlertState.LIVE).alert_id
    client = browser("operator")
    page = client.get(f"/alerts/{alert_id}", base_url=PUBLIC_URL)
    assert 'id="pause"' in page.text
    paused = post(client, f"/alerts/{alert_id}/pause")
    assert "Stands still: nothing more leaves." in paused.text
    assert 'id="resume"' in paused.text
    assert "stands still" in client.get("/", base_url=PUBLIC_URL).text
    resumed = post(client, f"/alerts/{alert_id}/resume")
    assert "Stands still" not in resumed.text


def test_extending_is_for_approvers(browser: Browser, services: FakeServices) -> None:
    """A later end is taken by the clock of the installation; another is a sentence."""
    alert_id = services.alert(AlertState.LIVE).alert_id
    path = f"/alerts/{alert_id}/extend"
    later = START + timedelta(hours=30)
    assert post(browser("operator"), path, until="x").status_code == 403
    client = browser("approver")
    assert "Write the time as" in post(client, path, until="tomorrow").text
    assert "until then already" in post(client, path, until=START.isoformat()).text
    page = post(client, path, until=later.strftime("%Y-%m-%dT%H:%M"))
    assert "extended" in page.text
    assert services.board.get(alert_id).extended_until == later


def test_what_is_not_live_is_not_paused(
    browser: Browser, services: FakeServices
) -> None:
    """A sentence says why."""
    alert_id = services.alert(AlertState.SUBMITTED).alert_id
    page = post(browser("operator"), f"/alerts/{alert_id}/pause")
    assert "cannot pause" in page.text


def test_viewers_look_and_do_not_steer(
    browser: Browser, services: FakeServices
) -> None:
    """They see that it stands still, and no button."""
    alert_id = services.alert(AlertState.LIVE).alert_id
    services.holding.pause(alert_id, by="operator")
    page = browser("viewer").get(f"/alerts/{alert_id}", base_url=PUBLIC_URL)
    assert "Stands still" in page.text
    assert 'id="resume"' not in page.text


def test_people_of_one_alert_by_area(browser: Browser, services: FakeServices) -> None:
    """Counts for the map, also when it is over; nobody by number or name."""
    alert_id = services.alert(AlertState.LIVE).alert_id
    client = browser("viewer")
    answer = client.get(f"/alerts/{alert_id}/people.json", base_url=PUBLIC_URL)
    told = json.loads(answer.text)
    assert {tuple(sorted(sums)) for sums in told.values()} <= {
        ("confirmed", "help", "people")
    }
    outline = client.get(
        f"/console/layers/alerts/{alert_id}.geojson", base_url=PUBLIC_URL
    )
    assert json.loads(outline.text)["features"][0]["properties"]["id"] == alert_id


def test_a_draft_that_was_given_back_is_changed(
    browser: Browser, services: FakeServices
) -> None:
    """Its words come back into the form; there are never two of it."""
    alert_id = services.alert(AlertState.DRAFT).alert_id
    client = browser(str(Role.OPERATOR))
    page = client.get(f"/alerts/{alert_id}", base_url=PUBLIC_URL)
    assert 'id="change"' in page.text
    form = post(client, f"/alerts/drafts/from-alert/{alert_id}")
    assert "Flood on the Mekong" in form.text
    assert services.board.get(alert_id).state is AlertState.CANCELLED
