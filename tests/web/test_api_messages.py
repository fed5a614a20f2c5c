"""What people would read and hear, asked over the API."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.unit.warning.cap_samples import PROPER
from tests.web.alert_bodies import body as alert_body
from warning.texts.text_files import brought_templates

URL = "/api/v1/messages/preview"
CAP = "application/cap+xml"
TEMPLATE: dict[str, Any] = {
    "hazard": "flood",
    "severity": "Severe",
    "places": {"en": "Kandal", "ar": "كندال"},
    "source": "Ministry of Water",
    "expires": "2026-09-01T16:00:00+07:00",
}


def test_a_choice_is_put_into_our_words(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """Text, cost and call of each language, and who is told in which."""
    body = {"template": TEMPLATE, "languages": ["sw"]}
    answer = client.post(URL, json=body, headers=operator).json
    assert answer is not None
    by_language = {text["language"]: text for text in answer["items"]}
    english, arabic = by_language["en"], by_language["ar"]
    assert english["sms_text"].startswith("Ministry of Water. DANGER: Flood, Kandal.")
    assert (english["encoding"], english["parts"]) == ("GSM-7", 1)
    assert english["voice_text"].startswith("Flood warning. This is a message from")
    assert english["missing_elements"] == []
    assert english["guidance_from"] == "template"
    assert [form["characters"] for form in english["forms"]] == [90, 160, 360]
    assert (arabic["right_to_left"], arabic["encoding"]) == (True, "UCS-2")
    assert arabic["unreviewed"]
    assert set(answer["told_in"]) == {"sw", *brought_templates().texts}


def test_an_alert_is_put_into_its_authors_words(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """The same body as for drafting it."""
    answer = client.post(URL, json={"alert": alert_body()}, headers=operator).json
    assert answer is not None
    assert {text["language"] for text in answer["items"]} == {"km", "en"}
    assert {text["sms_from"] for text in answer["items"]} <= {"info", "phone_text"}


def test_a_document_is_put_into_words(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """CAP as it came; nothing is kept of it."""
    answer = client.post(URL, data=PROPER, content_type=CAP, headers=operator).json
    assert answer is not None
    assert "Go to high ground." in answer["items"][0]["sms_text"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"alert": None, "template": None},
        {"template": {**TEMPLATE, "hazard": "locusts"}},
        {"template": {**TEMPLATE, "places": {}}},
        {"template": {**TEMPLATE, "places": {"sw": "Pwani"}}},
        {"template": {**TEMPLATE, "source": " "}},
        {"template": {**TEMPLATE, "expires": "2026-09-01T16:00:00"}},
        {"template": TEMPLATE, "alert": alert_body()},
    ],
)
def test_what_cannot_be_said_is_refused(
    client: FlaskClient, operator: dict[str, str], body: dict[str, Any]
) -> None:
    """With a problem document, never a half answer."""
    answer = client.post(URL, json=body, headers=operator)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_a_spoilt_document_is_refused(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """With what is wrong with it."""
    data = PROPER.replace("Immediate", "Soon")
    answer = client.post(URL, data=data, content_type=CAP, headers=operator)
    assert answer.status_code == 422
    assert "Soon" in answer.text


def test_only_operators_may_ask(client: FlaskClient, viewer: dict[str, str]) -> None:
    """Whoever only looks has no alert to write."""
    answer = client.post(URL, json={"template": TEMPLATE}, headers=viewer)
    assert answer.status_code == 403
