"""Prepared plans are written and changed in a form; what cannot be used is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.web.alert_fakes import make_form
from tests.web.fakes import FakeServices
from tests.web.test_console_admin import get, post
from warning.alert_form import FormText
from warning.cap import CapStatus, Severity, Urgency
from warning.sources.plans import Plan

Browser = Callable[[str], FlaskClient]
EDIT = "/settings/plans/mekong/edit"
NEW = "/settings/new-plan"
TYPED = {
    "title": "The Mekong rises",
    "hazard": "flood",
    "severity": "Extreme",
    "hours": "1.5",
    "drill": "0",
    "area_desc": "Kandal",
    "headline-en": "Flood <now>",
    "instruction-en": "Go to high ground.",
}


@pytest.fixture
def plan(services: FakeServices) -> Plan:
    """A plan with a language that is none of ours, and a contact."""
    form = make_form(contact="112", urgency=Urgency.EXPECTED)
    french = FormText(
        event="Crue",
        headline="Crue",
        description="",
        instruction="Montez.",
        area_desc="Kandal",
    )
    kept = Plan(
        name="mekong",
        title="Mekong",
        form=replace(form, expires=None, texts={**form.texts, "fr": french}),
        lasts=timedelta(hours=6),
    )
    services.sources.plans.save(kept, by="admin")
    return kept


def read_of(client: FlaskClient) -> str:
    """What the form says that it has read."""
    page = get(client, EDIT).text
    return page.split('name="read" value="')[1].split('"')[0]


def test_a_plan_is_changed_and_the_rest_stays(
    browser: Browser, services: FakeServices, plan: Plan
) -> None:
    """Words, severity and span are new; outline, contact and French are as before."""
    admin = browser("admin")
    shown = get(admin, EDIT).text
    assert "Flood on the Mekong" in shown
    phone = {"phone-en": "FLOOD. Go up.", "place-en": "All of Kandal"}

    typed = {**TYPED, **phone, "read": read_of(admin)}
    assert post(admin, EDIT, EDIT, **typed).status_code == 303

    now = services.sources.plans.get("mekong")
    assert (now.title, now.lasts) == ("The Mekong rises", timedelta(hours=1.5))
    assert now.form.severity is Severity.EXTREME
    assert now.form.texts["en"].headline == "Flood <now>"
    assert now.form.texts["en"].description == "The river rises."
    assert now.form.texts["en"].phone_text == "FLOOD. Go up."
    assert now.form.texts["en"].area_desc == "All of Kandal"
    assert now.form.texts["fr"] == plan.form.texts["fr"]
    assert (now.form.contact, now.form.area) == ("112", plan.form.area)
    assert now.form.urgency == plan.form.urgency


def test_a_new_plan_is_written(browser: Browser, services: FakeServices) -> None:
    """With an area of its own; one of the same name is not written over."""
    admin = browser("admin")
    typed = {**TYPED, "name": "tonle", "area": "104.9, 11.5, 20 km", "drill": "1"}

    assert post(admin, NEW, NEW, **typed).status_code == 303
    kept = services.sources.plans.get("tonle")
    assert kept.form.status is CapStatus.EXERCISE
    again = post(admin, NEW, NEW, **{**typed, "title": "Other"})
    assert again.status_code == 422
    assert "a plan of this name already" in again.text
    assert services.sources.plans.get("tonle") == kept


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "Give the plan a name that people understand."),
        ({"hours": "long"}, "Write a number of hours such as 6."),
        ({"hours": "9999"}, "1 minute to 30 days"),
        ({"hours": "nan"}, "Write a number of hours such as 6."),
        ({"severity": "Bad"}, "Choose one of the list."),
        ({"headline-en": ""}, "one without the other is half"),
        ({"area": "north of here"}, "north of here"),
        ({"name": "No Name"}, "cannot be the name of a plan"),
    ],
)
def test_what_cannot_be_used_is_said(
    browser: Browser, changes: dict[str, str], sentence: str
) -> None:
    """What was typed is still there."""
    typed = {**TYPED, "name": "tonle", "area": "104.9, 11.5, 20 km", **changes}
    answer = post(browser("admin"), NEW, NEW, **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Go to high ground." in answer.text


def test_whoever_changes_what_they_have_not_read_is_told(
    browser: Browser, services: FakeServices, plan: Plan
) -> None:
    """Nothing is overwritten."""
    admin = browser("admin")
    read = read_of(admin)
    theirs = replace(plan, title="Theirs")
    services.sources.plans.save(theirs, by="boran")

    answer = post(admin, EDIT, EDIT, **TYPED, read=read)

    assert answer.status_code == 422
    assert "Somebody else changed this plan" in answer.text
    assert services.sources.plans.get("mekong") == theirs
    assert get(admin, "/settings/plans/none/edit").status_code == 404
