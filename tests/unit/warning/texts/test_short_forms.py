"""90, 160 and 360 characters: the guidance whole, or no such form."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.warning.texts.test_messages import an_alert, an_info
from warning.cap import Area, Info, Severity
from warning.texts.elements import Element, elements_of
from warning.texts.hazards import Hazard
from warning.texts.manner import Manner
from warning.texts.short_forms import FORMS, ShortForm, short_forms
from warning.texts.sms_parts import sms_parts
from warning.texts.text_files import brought_templates

EAST = timezone(timedelta(hours=7))


def forms(info: Info, prefix: str = "") -> dict[int, ShortForm]:
    says = elements_of(info, an_alert(info), Manner(zone=EAST))
    found = short_forms(says, language=info.language, prefix=prefix)
    return {form.room: form for form in found}


def test_what_has_room_stands_in_the_tested_order() -> None:
    """Source, hazard, place, guidance, time."""
    assert forms(an_info())[160].text == (
        "Ministry of Water. Flood of the Mekong. Kandal. Go to high ground. "
        "Until Tuesday 1 September 16:00."
    )


def test_the_least_needed_goes_first_and_is_named() -> None:
    """Who says it and until when go before where; what to do never goes."""
    info = an_info(
        instruction="Go to the school on the hill and stay there until told."
    )
    form = forms(info)[90]
    assert form.text is not None
    assert "Go to the school on the hill and stay there until told." in form.text
    assert form.left_out == (Element.SOURCE,)
    longer = an_info(instruction="Go to the school on the hill and stay until told so.")
    assert forms(longer, "EXERCISE EXERCISE: ")[90].left_out == (
        Element.SOURCE,
        Element.TIME,
    )


def test_a_guidance_without_room_makes_no_form() -> None:
    """It is the authority's to shorten, not ours to cut."""
    found = forms(an_info(instruction="Go up the hill. " * 12))
    assert found[90] == ShortForm(90, None)
    assert found[160].text is None
    assert found[360].text is not None


def test_of_many_places_the_first_stands_for_all() -> None:
    """Before the place goes altogether."""
    areas = tuple(Area(area_desc=f"District number {n}") for n in range(9))
    form = forms(an_info(areas=areas))[90]
    assert form.text is not None
    assert "District number 0. Go to" in form.text
    assert "number 1" not in form.text


@pytest.mark.parametrize("language", sorted(brought_templates().texts))
@pytest.mark.parametrize("hazard", list(Hazard))
@pytest.mark.parametrize("severity", [Severity.EXTREME, Severity.MINOR])
def test_our_own_texts_have_every_form(
    language: str, hazard: Hazard, severity: Severity
) -> None:
    """In every language; 360 holds all five elements."""
    name = brought_templates().texts[language].hazards[hazard].name
    info = an_info(
        language=language,
        event=name,
        headline=None,
        instruction=None,
        severity=severity,
    )
    found = forms(info)
    assert all(found[room].text for room in FORMS)
    assert found[360].left_out == ()


@given(
    instruction=st.text("go up. ", min_size=1, max_size=120),
    places=st.lists(st.text("abc ទឹក", min_size=1, max_size=30), max_size=6),
    prefix=st.sampled_from(["", "EXERCISE EXERCISE: "]),
)
@settings(max_examples=25, deadline=None)
def test_no_form_is_longer_than_it_may_be(
    instruction: str, places: list[str], prefix: str
) -> None:
    """Counted as the carrier counts; and it says what to do in the end."""
    areas = tuple(Area(area_desc=place) for place in places)
    for room, form in forms(
        an_info(instruction=instruction, areas=areas), prefix
    ).items():
        if form.text is not None:
            assert sms_parts(form.text).n_units <= room
            assert " ".join(instruction.split()) in form.text
            assert form.text.startswith(prefix)
