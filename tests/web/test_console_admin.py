"""Carriers, operators, tokens, and the record of what was done."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.operators import Operator, Role
from ops.carrier_board import FaultLine
from telephony.delivery import Channel
from tests.web.conftest import csrf_of
from tests.web.fakes import PASSWORD, PUBLIC_URL, START, FakeServices, make_form
from warning.sources import plan_json
from warning.sources.plans import Plan
from web.retention import retention
from web.services import OPTIONS

Browser = Callable[[str], FlaskClient]


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=PUBLIC_URL)


def post(client: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    token = csrf_of(get(client, page))
    return client.post(path, base_url=PUBLIC_URL, data={**form, "csrf_token": token})


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def staff(services: FakeServices) -> FakeServices:
    """Two operators in the book that administration reads."""
    with services.sources.store.unit_of_work() as uow:
        for name, role in (("anna", Role.OPERATOR), ("root", Role.ADMIN)):
            uow.operators.add(Operator(name=name, role=role, created_at=START))
        uow.commit()
    return services


def test_carriers_and_what_failed(browser: Browser, services: FakeServices) -> None:
    """Pace, limits, and each code with plain words."""
    (line,) = services.carriers.known
    services.carriers.known = [line, replace(line, name="spare", trouble="It rests.")]
    services.carriers.failed = [
        FaultLine(
            carrier="main",
            channel=Channel.SMS,
            code="30003",
            n=12,
            meaning="The handset is off or out of reach.",
        )
    ]
    page = words(get(browser("viewer"), "/telco/"))
    assert "92.5 a second, over the last 10 seconds" in page
    assert "■ It rests." in page
    assert "30003 The handset is off or out of reach. 12" in page
    assert "Send a test" not in page


def test_simulated_phones_are_held(browser: Browser, services: FakeServices) -> None:
    """Where the built-in telco is the carrier; its trouble is said, not a fault."""
    client = browser("operator")
    assert get(client, "/telco/wall").status_code == 404
    assert "wall" not in get(client, "/telco/").text
    services.phone_wall.is_there = True
    page = get(client, "/telco/wall").text
    assert "Flood. &lt;Go&gt; to high ground." in page
    path = "/telco/wall/+85510000001/{}"
    for act, said in (("answer", ""), ("keys", "1")):
        done = post(client, path.format(act), "/telco/wall", said=said)
        assert done.status_code == 303
    assert services.phone_wall.acts == [
        ("+85510000001", "answer", ""),
        ("+85510000001", "keys", "1"),
    ]
    assert post(client, path.format("smash"), "/telco/wall").status_code == 404
    services.phone_wall.is_running = False
    post(client, path.format("answer"), "/telco/wall")
    assert "cannot do this now" in words(get(client, "/telco/wall"))


def test_a_text_to_oneself(browser: Browser, services: FakeServices) -> None:
    """Admins alone; a number that cannot be dialled is said and nothing leaves."""
    admin = browser("admin")
    refused = post(admin, "/telco/test", "/telco/", number="12")
    assert refused.status_code == 422
    sent = post(admin, "/telco/test", "/telco/", number="+85512345678")
    assert sent.status_code == 303
    assert services.trial_messages.sent == ["+85512345678"]
    assert "the word WORD" in words(get(admin, "/telco/"))
    form = {"number": "+85512345678"}
    assert (
        post(browser("operator"), "/telco/test", "/alerts/new", **form).status_code
        == 403
    )


def test_operators_are_let_out_and_in(browser: Browser, staff: FakeServices) -> None:
    """Each change stands in the record; the last admin stays."""
    admin = browser("admin")
    path = "/settings/operators/{}/{}"
    assert "Role of anna" in get(admin, "/settings").text
    for step in ("disable", "enable", "reset-factor"):
        done = post(admin, path.format("anna", step), "/settings")
        assert done.status_code == 303
    last = post(admin, path.format("root", "disable"), "/settings")
    assert (last.status_code, "last active admin" in last.text) == (422, True)
    for name, step in (("nobody", "disable"), ("anna", "promote")):
        assert post(admin, path.format(name, step), "/settings").status_code == 422
    role = post(admin, path.format("anna", "role"), "/settings", role="approver")
    assert role.status_code == 303
    assert "operator.disable" in words(get(admin, "/audit"))


def test_a_token_is_shown_once(browser: Browser, staff: FakeServices) -> None:
    """And kept by no browser."""
    admin = browser("admin")
    form = {"operator": "viewer", "role": "viewer", "days": "30"}
    made = post(admin, "/settings/tokens", "/settings", **form)
    assert "t-viewer" in made.text
    assert made.cache_control.no_store
    assert "t-viewer" not in get(admin, "/settings").text
    for wrong in ({"days": "9999"}, {"role": "god"}, {"operator": "nobody"}):
        answer = post(admin, "/settings/tokens", "/settings", **{**form, **wrong})
        assert answer.status_code == 422
    gone = post(admin, "/settings/tokens/abc/revoke", "/settings")
    assert gone.status_code == 422


def test_somebody_new_is_added(browser: Browser, services: FakeServices) -> None:
    """Their first password is shown once and lets them in; a taken name is told."""
    admin = browser("admin")
    form = {"name": "sok", "role": "operator"}
    made = post(admin, "/settings/operators", "/settings", **form)

    assert made.cache_control.no_store
    assert services.accounts.passwords["sok"] in made.text
    assert services.accounts.passwords["sok"] not in get(admin, "/settings").text
    for wrong in ({"name": "viewer"}, {"role": "god"}, {"name": "\x00"}):
        answer = post(admin, "/settings/operators", "/settings", **{**form, **wrong})
        assert answer.status_code == 422


def test_a_forgotten_password_is_replaced(
    browser: Browser, services: FakeServices
) -> None:
    """Shown once; nobody unknown gets one."""
    admin = browser("admin")
    made = post(admin, "/settings/operators/viewer/password", "/settings")

    assert services.accounts.passwords["viewer"] in made.text
    gone = post(admin, "/settings/operators/nobody/password", "/settings")
    assert gone.status_code == 422


LONG = "a new long password"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ((PASSWORD, LONG, LONG), 303),
        (("wrong", LONG, LONG), 422),
        ((PASSWORD, "short", "short"), 422),
        ((PASSWORD, LONG, "another password"), 422),
    ],
    ids=["right", "old one wrong", "short", "different"],
)
def test_everybody_may_choose_their_password(
    browser: Browser, services: FakeServices, typed: tuple[str, ...], status: int
) -> None:
    """With the one they have; what is refused changes nothing."""
    form = dict(zip(("old", "new", "again"), typed, strict=True))
    answer = post(browser("viewer"), "/password", "/password", **form)

    assert answer.status_code == status
    assert ("viewer" in services.accounts.passwords) == (status == 303)


def test_a_plan_is_kept_shown_and_removed(
    browser: Browser, services: FakeServices
) -> None:
    """From a file, over the one of its name; a file that is none is told."""
    admin = browser("admin")
    plan = Plan(
        name="mekong",
        title="The Mekong <rises>",
        form=replace(make_form(), expires=None),
        lasts=timedelta(hours=6),
    )
    document = json.dumps(plan_json.to_json(plan)).encode()

    def upload(data: bytes) -> TestResponse:
        token = csrf_of(get(admin, "/settings/sources"))
        form = {"csrf_token": token, "file": (io.BytesIO(data), "plan.json")}
        return admin.post("/settings/plans", data=form, base_url=PUBLIC_URL)

    assert upload(document).status_code == 303
    assert "The Mekong &lt;rises&gt;" in get(admin, "/settings/sources").text
    assert "Go to high ground." in get(admin, "/settings/plans/mekong").text
    for wrong in (b"{", b"\xff", b"[]", b"", document.replace(b"mekong", b"MEKONG /")):
        assert upload(wrong).status_code == 422
    page = "/settings/plans/mekong"
    assert post(admin, f"{page}/remove", page).status_code == 303
    assert get(admin, page).status_code == 404
    again = post(admin, f"{page}/remove", "/settings/sources")
    assert again.status_code == 422


def test_our_texts_and_what_is_kept_are_shown(browser: Browser, app: Flask) -> None:
    """What we say of each hazard; what is kept of people, and which setting decides."""
    kept = retention(
        session_minutes=480,
        rest_days=30,
        publish_ended_h=48,
        voice_note_days=90,
        draft_days=14,
    )
    app.extensions[OPTIONS] = replace(app.extensions[OPTIONS], retention=kept)
    admin = browser("admin")

    assert "Flood" in get(admin, "/settings/texts").text
    page = words(get(admin, "/settings/kept"))
    assert "Rest of numbers that never answer 30 days rest_days" in page
    assert "Drafts that nobody saves any more 14 days draft_days" in page
    assert "The record of what was done always" in page


def test_the_record_is_filtered(browser: Browser, staff: FakeServices) -> None:
    """By who, by what it begins with, by day; a day that is none filters nothing."""
    admin = browser("admin")
    post(admin, "/settings/operators/anna/disable", "/settings")
    for query, is_found in (
        ("actor=ADMIN", True),
        ("actor=nobody", False),
        ("action=operator.", True),
        ("action=disable", False),
        (f"day={START.date()}", True),
        ("day=2001-01-01", False),
        ("day=yesterday", True),
    ):
        page = words(get(admin, f"/audit?{query}"))
        assert ("operator:anna" in page) == is_found, query


def test_the_record_is_searched_and_checked(
    browser: Browser, staff: FakeServices
) -> None:
    """By a word of who, what, or to what; the whole chain on demand."""
    admin = browser("admin")
    for step in ("disable", "enable"):
        post(admin, f"/settings/operators/anna/{step}", "/settings")
    found = words(get(admin, "/audit?q=ENABLE"))
    assert "operator.enable" in found
    assert "operator.disable" not in found
    assert "Nothing here" in words(get(admin, "/audit?q=kraken"))
    assert "entries are whole" in words(get(admin, "/audit?verify=1"))


@pytest.mark.parametrize("path", ["/settings", "/settings/kept", "/audit"])
def test_settings_are_for_admins(browser: Browser, path: str) -> None:
    """Nobody else sees who may do what."""
    assert get(browser("approver"), path).status_code == 403
