"""A warning that is being written is kept, and nobody saves over another's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, FakeServices, make_form
from tests.web.test_console_pick import FILLED
from warning.alert import AlertState
from warning.intake.drafts import Draft
from warning.sources.plans import Plan

Browser = Callable[[str], FlaskClient]
OUTLINE = '{"type":"Polygon","coordinates":[[[104,11],[105,11],[105,12],[104,11]]]}'
WORDS = FILLED | {"area": OUTLINE}


def post(
    client: FlaskClient, path: str, words: dict[str, str], *, script: bool = True
) -> TestResponse:
    """As the page sends its form."""
    token = csrf_of(client.get("/alerts/new", base_url=PUBLIC_URL))
    return client.post(
        path,
        base_url=PUBLIC_URL,
        data=words | {"csrf_token": token},
        headers={"X-Tocsin": "part"} if script else {},
    )


def told(answer: TestResponse) -> dict[str, str]:
    assert answer.json is not None, answer.text
    return dict(answer.json)


def the_draft(services: FakeServices) -> Draft:
    (draft,) = services.drafts.list()
    return draft


def test_what_is_typed_is_kept_and_comes_back(
    browser: Browser, services: FakeServices
) -> None:
    """Also to another operator; no form is needed that could become an alert."""
    begun = told(post(browser("operator"), "/alerts/drafts/", {"area_desc": "River"}))
    page = browser("admin").get(begun["url"], base_url=PUBLIC_URL)
    assert 'value="River"' in page.text
    assert the_draft(services).begun_by == "operator"


def test_every_save_is_a_version(browser: Browser) -> None:
    """The same again is none."""
    client = browser("operator")
    begun = told(post(client, "/alerts/drafts/", {"area_desc": "River"}))
    words = {"area_desc": "River bank", "draft_version": "1"}
    saved = [told(post(client, begun["url"], words))["version"] for _ in range(2)]
    assert saved == [2, 2]


def test_the_second_save_is_told(browser: Browser, services: FakeServices) -> None:
    """By whom, and what differs; nothing is overwritten until somebody chooses."""
    anna, boran = browser("operator"), browser("admin")
    url = told(post(anna, "/alerts/drafts/", {"area_desc": "River"}))["url"]
    post(anna, url, {"area_desc": "North bank", "hours": "6", "draft_version": "1"})
    mine = {"area_desc": "South bank", "hours": "6", "draft_version": "1"}
    refused = post(boran, url, mine)

    assert refused.status_code == 409
    markup = told(refused)["markup"]
    assert all(word in markup for word in ("operator", "North bank", "South bank"))
    assert "Valid for" not in markup
    assert the_draft(services).fields["area_desc"] == "North bank"
    chosen = post(boran, url, mine | {"draft_version": str(told(refused)["version"])})
    assert chosen.status_code == 200
    assert the_draft(services).fields["area_desc"] == "South bank"


def test_without_scripts_the_form_comes_back_with_both(browser: Browser) -> None:
    """A whole page: theirs in a table, mine in the form."""
    client = browser("operator")
    url = told(post(client, "/alerts/drafts/", {"area_desc": "River"}))["url"]
    post(client, url, {"area_desc": "North bank", "draft_version": "1"})
    mine = {"area_desc": "South bank", "draft_version": "1"}
    page = post(client, url, mine, script=False)
    assert page.status_code == 409
    assert 'value="South bank"' in page.text
    assert "North bank" in page.text


def test_submitting_does_not_overwrite_either(
    browser: Browser, services: FakeServices
) -> None:
    """What somebody else saved is seen before anything is submitted."""
    client = browser("operator")
    begun = told(post(client, "/alerts/drafts/", WORDS))
    post(client, begun["url"], WORDS | {"area_desc": "North", "draft_version": "1"})
    sent = WORDS | {"draft_id": begun["draft_id"], "draft_version": "1"}
    refused = post(client, "/alerts/new", sent, script=False)
    assert refused.status_code == 409
    assert services.board.list() == []


def test_a_submitted_draft_is_an_alert(
    browser: Browser, services: FakeServices
) -> None:
    """And no draft any more; somebody who still writes on it is told."""
    client = browser("operator")
    begun = told(post(client, "/alerts/drafts/", WORDS))
    sent = WORDS | {"draft_id": begun["draft_id"], "draft_version": "1"}
    done = post(client, "/alerts/new", sent, script=False)
    assert done.status_code == 303
    assert services.drafts.list() == []
    late = post(client, begun["url"], {"area_desc": "Late", "draft_version": "1"})
    assert late.status_code == 404
    assert "submitted or thrown away" in told(late)["problem"]
    led = client.get(begun["url"], base_url=PUBLIC_URL)
    assert led.headers["Location"] == "/alerts/new"


def test_what_is_refused_stays_a_draft(
    browser: Browser, services: FakeServices
) -> None:
    """And no half of an alert stays behind."""
    services.alerts.is_empty = True
    client = browser("operator")
    begun = told(post(client, "/alerts/drafts/", WORDS))
    sent = WORDS | {"draft_id": begun["draft_id"], "draft_version": "1"}
    refused = post(client, "/alerts/new", sent, script=False)
    assert refused.status_code == 422
    assert len(services.drafts.list()) == 1
    assert {case.state for case in services.board.list()} == {AlertState.CANCELLED}


def test_a_draft_is_thrown_away(browser: Browser, services: FakeServices) -> None:
    """By a button, and noted."""
    client = browser("operator")
    url = told(post(client, "/alerts/drafts/", {"area_desc": "River"}))["url"]
    done = post(client, f"{url}/remove", {}, script=False)
    assert done.status_code == 303
    assert services.drafts.list() == []
    assert ("operator", "draft.remove") in services.draft_store.steps


def test_drafts_are_offered_to_go_on_with(browser: Browser) -> None:
    """Who opens an empty form sees what is being written."""
    client = browser("operator")
    url = told(post(client, "/alerts/drafts/", {"area_desc": "River"}))["url"]
    page = client.get("/alerts/new", base_url=PUBLIC_URL)
    assert url in page.text


def test_a_plan_fills_the_form(browser: Browser, services: FakeServices) -> None:
    """Where, what and in which words."""
    form = make_form()
    plan = Plan(name="mekong", title="The Mekong", form=form, lasts=timedelta(hours=6))
    services.sources.plans.save(plan, by="admin")
    client = browser("operator")
    assert "The Mekong" in client.get("/alerts/new", base_url=PUBLIC_URL).text
    done = post(client, "/alerts/drafts/from-plan", {"plan": "mekong"}, script=False)
    assert done.headers["Location"].startswith("/alerts/drafts/")
    fields = the_draft(services).fields
    assert fields["headline-en"] == "Flood on the Mekong"
    assert (fields["hazard"], fields["severity"]) == ("flood", "Severe")
    assert (fields["hours"], fields["drill"]) == ("6", "0")


def test_a_plan_that_is_gone_is_said(browser: Browser, services: FakeServices) -> None:
    """A sentence, and no draft."""
    client = browser("operator")
    post(client, "/alerts/drafts/from-plan", {"plan": "none"}, script=False)
    assert services.drafts.list() == []
    page = client.get("/alerts/new", base_url=PUBLIC_URL)
    assert page.status_code == 200


def test_an_update_starts_from_its_alert(
    browser: Browser, services: FakeServices
) -> None:
    """It follows it once it is submitted; written anew it follows nothing."""
    live = services.alert(AlertState.LIVE)
    client = browser("operator")
    start = f"/alerts/drafts/from-alert/{live.alert_id}"
    post(client, start, {"update": "1"}, script=False)
    draft = the_draft(services)
    assert draft.follows == live.alert_id
    page = client.get(f"/alerts/drafts/{draft.draft_id}", base_url=PUBLIC_URL)
    assert "takes the place of" in page.text
    sent = dict(draft.fields) | {
        "draft_id": draft.draft_id,
        "draft_version": str(draft.version),
    }
    done = post(client, "/alerts/new", sent, script=False)
    assert done.status_code == 303
    made = services.board.get(done.headers["Location"].rsplit("/", 1)[1])
    assert made.follows == live.alert_id


def test_too_much_is_refused(browser: Browser) -> None:
    """A sentence instead of a fault."""
    words = {f"headline-x{n}": "x" * 1_000 for n in range(110)}
    answer = post(browser("operator"), "/alerts/drafts/", words)
    assert answer.status_code == 413


def test_viewers_keep_nothing(browser: Browser) -> None:
    """Writing is for operators."""
    answer = browser("viewer").get("/alerts/drafts/x", base_url=PUBLIC_URL)
    assert answer.status_code == 403


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_version_that_is_none_overwrites_nothing(
    browser: Browser, version: str
) -> None:
    """It is told like any other save that comes too late."""
    client = browser("operator")
    url = told(post(client, "/alerts/drafts/", {"area_desc": "River"}))["url"]
    answer = post(client, url, {"area_desc": "Bank", "draft_version": version})
    assert answer.status_code == 409
