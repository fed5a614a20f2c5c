"""Words for an alert that is still being written, from a form, CAP or a choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.warning.cap_cases import NO_INFO
from tests.unit.warning.cap_samples import EARLIER, PROPER, spoil
from tests.unit.warning.texts.test_messages import START
from warning.cap import CapStatus, Severity
from warning.cap_documents.cap_gate import CapGate
from warning.errors import InvalidAlertError
from warning.texts.elements import Origin
from warning.texts.hazards import Hazard
from warning.texts.message_desk import MessageDesk
from warning.texts.template_alert import TemplateChoice
from warning.texts.text_files import brought_templates

DESK = MessageDesk(
    gate=CapGate(now=lambda: START),
    sender="own.example",
    country_language="km",
    now=lambda: START,
)
REFERENCES = f"</scope><references>{EARLIER}</references>".encode()
PLACES = {"en": "Kandal", "km": "កណ្តាល", "ar": "كندال"}


def choice(**changes: Any) -> TemplateChoice:
    values: dict[str, Any] = {
        "hazard": Hazard.FLOOD,
        "severity": Severity.SEVERE,
        "places": PLACES,
        "source": "Ministry of Water",
        "expires": START + timedelta(hours=6),
    }
    return TemplateChoice(**(values | changes))


def test_a_choice_is_said_in_every_language_of_its_places() -> None:
    """Hazard, severity, place and time are all an operator picks."""
    wording = DESK.of_choice(choice())
    assert [text.language for text in wording.texts] == list(PLACES)
    english = wording.texts[0]
    assert english.sms_text.startswith("Ministry of Water. DANGER: Flood, Kandal. Move")
    assert english.missing_elements == ()
    assert english.guidance_from is Origin.TEMPLATE


@pytest.mark.parametrize("hazard", list(Hazard))
@pytest.mark.parametrize("severity", [Severity.EXTREME, Severity.UNKNOWN])
def test_every_hazard_and_severity_can_be_said(
    hazard: Hazard, severity: Severity
) -> None:
    """In all six languages, nothing missing."""
    places = dict.fromkeys(brought_templates().texts, "X")
    wording = DESK.of_choice(choice(hazard=hazard, severity=severity, places=places))
    assert all(text.missing_elements == () for text in wording.texts)
    assert {text.guidance_from for text in wording.texts} == {Origin.TEMPLATE}


def test_a_language_without_texts_is_refused_with_those_that_have() -> None:
    """Nobody gets a text in a language they did not ask for."""
    with pytest.raises(InvalidAlertError, match="no texts in sw; there are some in ar"):
        DESK.of_choice(choice(places={"sw": "Pwani"}))


def test_a_drill_says_so() -> None:
    """Also where the words are ours."""
    (text, *_) = DESK.of_choice(choice(status=CapStatus.EXERCISE)).texts
    assert text.sms_text.startswith("EXERCISE EXERCISE: ")


def test_a_document_is_put_into_words_even_if_it_is_over() -> None:
    """To look at what was said."""
    wording = DESK.of_cap(PROPER.encode(), ["vi"])
    assert "Go to high ground." in wording.texts[0].sms_text
    assert wording.told_in["vi"] == "en"
    assert set(wording.told_in) == {"vi", *brought_templates().texts}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"<alert/>", "namespace"),
        (spoil(("Immediate", "Soon")), "Soon"),
        (
            NO_INFO.replace(b">Alert<", b">Cancel<").replace(b"</scope>", REFERENCES),
            "says nothing",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(document: bytes, says: str) -> None:
    """With the reason."""
    with pytest.raises(InvalidAlertError, match=says):
        DESK.of_cap(document)
