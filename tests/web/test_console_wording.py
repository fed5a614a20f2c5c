"""The words of a new warning: ours on demand, shown as on a phone; when it leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, FakeServices
from tests.web.test_console_alerts import TYPED

Browser = Callable[[str], FlaskClient]
PART = {"X-Tocsin": "part"}


def post(
    client: FlaskClient, path: str, form: dict[str, str], **more: Any
) -> TestResponse:
    token = csrf_of(client.get("/alerts/new", base_url=PUBLIC_URL))
    data = {**form, "csrf_token": token}
    return client.post(path, base_url=PUBLIC_URL, data=data, **more)


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_our_texts_fill_the_form(browser: Browser) -> None:
    """By hazard and severity; without scripts as a page, nothing else lost."""
    client = browser("operator")
    told = json.loads(post(client, "/alerts/new/texts", TYPED, headers=PART).text)
    assert "Kandal along the river" in told["headline-en"]
    assert told["instruction-en"] != TYPED["instruction-en"]
    page = post(client, "/alerts/new/texts", TYPED)
    assert told["instruction-en"] in page.text
    assert 'value="Kandal along the river"' in page.text


def test_texts_need_a_place(browser: Browser) -> None:
    """The place stands in them."""
    client, form = browser("operator"), {**TYPED, "area_desc": ""}
    told = json.loads(post(client, "/alerts/new/texts", form, headers=PART).text)
    assert told["field"] == "area_desc"
    assert post(client, "/alerts/new/texts", form).status_code == 422


def test_a_preview_counts_parts_and_says_what_is_missing(browser: Browser) -> None:
    """Also before anything is drawn: words do not depend on the outline."""
    client, form = browser("operator"), {**TYPED, "area": ""}
    part = post(client, "/alerts/new/preview", form, headers=PART)
    assert "Parts" in words(part)
    assert "Go to high ground." in part.text
    assert "The river &lt;rises&gt;" in part.text
    assert "<html" not in part.text
    assert "<html" in post(client, "/alerts/new/preview", form).text


def test_a_preview_of_half_a_form_says_what_lacks(browser: Browser) -> None:
    """While typing that is no error; without scripts it stands at its field."""
    client, form = browser("operator"), {**TYPED, "instruction-en": ""}
    part = post(client, "/alerts/new/preview", form, headers=PART)
    assert part.status_code == 200
    assert "one without the other is half" in part.text
    assert post(client, "/alerts/new/preview", form).status_code == 422


def test_a_warning_may_wait_for_its_time(
    browser: Browser, services: FakeServices
) -> None:
    """By the clock of the installation; the approver knows of it."""
    typed = {**TYPED, "send_at": "2026-09-01T05:00"}
    post(browser("operator"), "/alerts/new", typed)
    (case,) = services.board.list()
    assert case.schedule.send_at == datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "told"), [("soon", "Write the time"), ("2026-09-01T02:00", "past")]
)
def test_a_time_that_cannot_be_is_said(
    browser: Browser, services: FakeServices, written: str, told: str
) -> None:
    """Nothing is drafted."""
    answer = post(browser("operator"), "/alerts/new", {**TYPED, "send_at": written})
    assert answer.status_code == 422
    assert told in words(answer)
    assert not services.board.list()
