"""What an operator sees before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.unit.warning.texts.test_messages import (
    a_case,
    an_info,
    in_languages,
    in_phone_words,
)
from warning.alert_form import PHONE_TEXT
from warning.cap import Alert, CapStatus, Info, NamedValue
from warning.texts.elements import Element, Origin
from warning.texts.manner import Manner
from warning.texts.message_preview import (
    TextPreview,
    previews_of,
    told_in,
)
from warning.texts.sms_parts import SmsEncoding


def preview(info: Info, **changes: object) -> TextPreview:
    return previews_of(a_case(info, **changes))[0]


def test_each_language_has_its_text_and_what_it_costs() -> None:
    """The exact words, parts and alphabet."""
    english, khmer = previews_of(a_case(*in_languages("en", "km")))
    assert (english.language, khmer.language) == ("en", "km")
    assert english.parts.encoding is SmsEncoding.GSM_7
    assert english.parts.n_parts == 1
    assert khmer.parts.encoding is SmsEncoding.UCS_2
    assert khmer.costly


def test_a_call_is_shown_as_it_will_be_spoken() -> None:
    """Opening, source, what, where, what to do, until when; each a sentence."""
    found = preview(an_info(event="Storm", headline="Storm"))
    assert found.voice_text == (
        "Public warning. This is a message from Ministry of Water. The danger is: "
        "Storm. The place is: Kandal. What to do: Go to high ground. "
        "This warning holds until: Tuesday 1 September 09:00 UTC."
    )


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, Origin.INFO),
        ({"parameters": in_phone_words("Run")}, Origin.PHONE_TEXT),
        ({"parameters": (NamedValue(PHONE_TEXT, " "),)}, Origin.INFO),
    ],
)
def test_the_source_of_the_text_is_told(
    changes: dict[str, object], origin: Origin
) -> None:
    """A text made for phones is the author's word for word."""
    assert preview(an_info(**changes)).sms_from is origin


def test_what_is_missing_and_what_is_ours_is_told() -> None:
    """English texts have been read by a speaker, the Danish ones not."""
    info = an_info(instruction=None, sender_name=None)
    found = preview(info)
    assert found.missing_elements == (Element.SOURCE,)
    assert (found.guidance_from, found.is_unreviewed) == (Origin.TEMPLATE, False)
    danish = preview(an_info(language="da", instruction=None))
    assert danish.is_unreviewed
    assert preview(an_info(event="Ash", instruction=None)).guidance_from is None


class OneSound:
    """Every info has brought the same sound."""

    def of(self, cap: Alert, infos: Sequence[Info]) -> str:
        del cap, infos
        return "5" * 64


def test_a_recording_that_came_with_the_alert_is_told() -> None:
    """With its name, to be listened to; the words are what is said if it is lost."""
    (found,) = previews_of(a_case(), Manner(sounds=OneSound()))
    assert (found.voice_from, found.sound) == (Origin.AUDIO, "5" * 64)
    assert found.voice_text == preview(an_info()).voice_text
    assert found.as_dict()["voice_from"] == "audio"
    assert preview(an_info()).sound is None


def test_drills_and_updates_say_so_in_every_form() -> None:
    """The prefix is part of what has to fit."""
    drill = preview(an_info(), status=CapStatus.EXERCISE)
    assert all(
        form.text is None or form.text.startswith("EXERCISE EXERCISE: ")
        for form in drill.forms
    )
    (update,) = previews_of(a_case(), Manner(variant="update", is_update=True))
    assert update.forms[1].text is not None
    assert update.forms[1].text.startswith("UPDATE of our earlier message. ")


def test_arabic_is_shown_from_right_to_left() -> None:
    """The screen has to know."""
    assert preview(an_info(language="ar")).is_right_to_left
    assert not preview(an_info()).is_right_to_left


def test_who_is_told_in_which_language_is_known_before() -> None:
    """Own, else the country's, else English, else the first."""
    told = told_in(["km", "vi", "en-GB"], ["km", "en"], country_default="km")
    assert told == {"km": "km", "vi": "km", "en-GB": "en"}
    assert told_in(["sw"], ["da", "en"], country_default="km") == {"sw": "en"}
    assert told_in(["sw"], ["da", "fr"], country_default="km") == {"sw": "da"}
