"""What follows a text is written anew in a form; over the API, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import FakeServices
from tests.web.test_console_admin import get, post
from warning.alert import AlertState
from warning.escalation.escalation_plans import brought_rules
from warning.escalation.rule_desk import tidied

Browser = Callable[[str], FlaskClient]
PAGE = "/settings/escalation"
API = "/api/v1/escalation"
TYPED = {"seen": "0", "Severe-wait-1": "2.5", "Severe-unless-1": "heard"}


def test_the_form_says_what_is_in_force(
    browser: Browser, services: FakeServices
) -> None:
    """Sent as it is shown it changes nothing."""
    admin = browser("admin")
    page = get(admin, PAGE).text
    assert 'id="Severe-wait-2" name="Severe-wait-2" value="10"' in page
    fields = {
        "Extreme-own": "1",
        "Extreme-wait-1": "0",
        "Extreme-focal": "10",
        "Severe-wait-1": "3",
        "Severe-wait-2": "10",
        "Severe-unless-2": "heard",
        "Severe-focal": "10",
        "Minor-own": "1",
    }
    assert post(admin, PAGE, PAGE, seen="0", **fields).status_code == 303
    assert services.rule_store.sets == []


def test_other_steps_are_kept_and_gone_back_on(
    browser: Browser, services: FakeServices
) -> None:
    """What is not ticked is as Severe."""
    admin = browser("admin")
    assert post(admin, PAGE, PAGE, **TYPED).status_code == 303
    step = {"channel": "voice", "after_min": 2.5, "unless": "heard"}
    now = services.escalation_rules.desk.rules()
    assert now.rules == {"Severe": {"steps": [{"channel": "sms"}, step]}}
    shown = get(admin, PAGE).text
    assert 'value="2.5"' in shown
    assert "wrote other steps" in shown
    late = post(admin, f"{PAGE}/back", PAGE, seen="0")
    assert late.status_code == 409
    assert post(admin, f"{PAGE}/back", PAGE, seen="1").status_code == 303
    assert services.escalation_rules.desk.rules().is_brought


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("Severe-wait-1", "soon", "Write minutes from 0 to 1440."),
        ("Severe-wait-1", "-1", "Write minutes from 0 to 1440."),
        ("Severe-wait-1", "nan", "Write minutes from 0 to 1440."),
        ("Severe-focal", "1441", "Write minutes from 0 to 1440."),
        ("Severe-unless-1", "maybe", "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    browser: Browser, services: FakeServices, field: str, text: str, says: str
) -> None:
    """What was typed stays."""
    admin = browser("admin")
    answer = post(admin, PAGE, PAGE, **{**TYPED, "Severe-wait-2": "77", field: text})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="why-{field}"' in answer.text
    assert 'value="77"' in answer.text
    assert services.rule_store.sets == []


def test_the_second_of_two_is_told(browser: Browser, services: FakeServices) -> None:
    """Nothing is overwritten; their form is still there."""
    admin = browser("admin")
    services.escalation_rules.desk.save(
        {"Severe": {"steps": [{"channel": "sms"}]}}, seen=0, by="anna"
    )
    late = post(admin, PAGE, PAGE, **TYPED)
    assert late.status_code == 409
    assert "anna changed the rules" in late.text
    assert 'value="2.5"' in late.text
    assert len(services.rule_store.sets) == 1


def test_who_approves_sees_when_people_are_rung(
    browser: Browser, services: FakeServices
) -> None:
    """By the steps that the alert was submitted with."""
    case = services.alert(AlertState.SUBMITTED)
    services.escalation_rules.desk.save(
        {"Severe": {"steps": [{"channel": "sms"}]}}, seen=0, by="anna"
    )
    page = get(browser("approver"), f"/alerts/{case.alert_id}").text
    assert "rung after 3 min, again 10 min later" in page


def test_rules_are_changed_over_the_api(
    client: FlaskClient, admin: dict[str, str], viewer: dict[str, str]
) -> None:
    """With the revision that was read; going back is one, too."""
    now = client.get(API, headers=viewer).json
    assert now is not None
    assert (now["revision"], now["brought"], now["pace"]) == (0, True, 1.0)
    rules = {"Severe": {"steps": [{"channel": "sms"}]}}
    body = {"seen": 0, "rules": rules}
    assert client.put(API, json=body, headers=viewer).status_code == 403
    changed = client.put(API, json=body, headers=admin).json
    assert changed is not None
    assert (changed["revision"], changed["brought"]) == (1, False)
    late = client.put(API, json=body, headers=admin)
    assert late.status_code == 409
    back = client.post(f"{API}/bring-back", json={"seen": 1}, headers=admin).json
    assert back is not None
    assert back["brought"]
    assert back["rules"]["Severe"]["steps"][1]["after_min"] == 3
    assert tidied(brought_rules())["Severe"]["steps"][1]["after_min"] == 3


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"Severe": {"steps": []}},
        {"Severe": {"steps": [{"channel": "voice"}]}},
        {"Severe": {"steps": [{"channel": "sms"}] * 6}},
        {"Severe": {"steps": [{"channel": "sms", "after_min": 1e9}]}},
        {"Severe": {"steps": [{"channel": "fax"}]}},
        {"Severe": {"steps": [{"channel": "sms"}]}, "Bad": {}},
    ],
)
def test_rules_that_cannot_be_followed_are_refused(
    client: FlaskClient,
    admin: dict[str, str],
    services: FakeServices,
    rules: dict[str, object],
) -> None:
    """Nothing is kept."""
    answer = client.put(API, json={"seen": 0, "rules": rules}, headers=admin)
    assert answer.status_code == 422
    assert services.rule_store.sets == []
