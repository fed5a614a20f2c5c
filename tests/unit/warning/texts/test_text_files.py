"""The texts we bring along: whole in every language, or refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from warning.cap import Severity
from warning.errors import TemplateError
from warning.texts.hazards import Hazard, Level, level_of
from warning.texts.sms_parts import SmsEncoding, sms_encoding
from warning.texts.text_files import (
    brought_templates,
    check_templates,
    read_language,
)
from warning.texts.text_slots import MAX_SHORT, Notice

FOLDER = Path("warning/texts/message_texts")
ENGLISH = (FOLDER / "en.toml").read_text(encoding="utf-8")


def test_every_hazard_has_every_text_in_every_language() -> None:
    """Loading checks them all; at least six, one written from right to left."""
    templates = brought_templates()
    assert set(templates.texts) >= {"en", "km", "da", "es", "fr", "ar"}
    for texts in templates.texts.values():
        assert set(texts.hazards) == set(Hazard)
        assert set(texts.notices) == set(Notice)
    assert check_templates(templates.texts) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[hazards.flood]", "[hazards.tide]", "missing"),
        ("[notices.correction]", "[notices.oops]", "missing"),
        ('short = "Go to high ground now."\n', "", "short"),
        ('name = "Flood"', 'name = "Flood"\nsize = "big"', "size"),
        ("is_reviewed = true\n", "", "is_reviewed"),
        ('language = "en"', 'language = "fr"', "fr"),
        ('language = "en"', "language = 7", "language"),
        ("until =", "til =", "until"),
        ('"Go to high ground now."', "7", "short"),
        ('words = ["heat",', "words = [3,", "words"),
        ("[words]", "[words", "TOML"),
        ("[words]", '[notices.rumour]\nsays = ""\ndo = ""\n[words]', "rumour"),
    ],
)
def test_a_file_that_lacks_or_adds_something_is_refused(
    old: str, new: str, says: str
) -> None:
    """With the name of the file and of what is wrong."""
    assert old in ENGLISH
    with pytest.raises(TemplateError, match=says):
        read_language(ENGLISH.replace(old, new, 1), "en.toml")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("Until {time}.", "Until {hour}.", "en: words.until"),
        ("Until {time}.", "Until then.", "en: words.until"),
        ("Until {time}.", "Until {time}. }", "en: words.until"),
        ("Go to high ground now.", "x" * (MAX_SHORT + 1), "en: hazards.flood.short"),
        ("Go to high ground now.", "Go to {place} now.", "en: hazards.flood.short"),
        ("Go to high ground now.", " ", "en: hazards.flood.short"),
        ("({event}) for {place} no", "({event}) no", "en: notices.withdrawn.says"),
    ],
)
def test_a_text_that_cannot_be_used_is_found(old: str, new: str, where: str) -> None:
    """Every placeholder known and there, nothing empty, nothing too long."""
    assert old in ENGLISH
    spoilt = read_language(ENGLISH.replace(old, new, 1), "en.toml")
    assert where in {one.where for one in check_templates({"en": spoilt})}


def test_without_english_there_is_no_last_resort() -> None:
    """It is what everybody is told in who speaks none of the others."""
    arabic = read_language((FOLDER / "ar.toml").read_text("utf-8"), "ar.toml")
    assert [one.where for one in check_templates({"ar": arabic})] == ["message_texts"]


def test_the_region_of_a_language_does_not_matter() -> None:
    """``fr-CA`` finds ``fr``; who has none of ours is told in English."""
    templates = brought_templates()
    assert templates.nearest("fr-CA").language == "fr"
    assert templates.find("sw") is None
    assert templates.nearest("sw").language == "en"


def test_placeholders_are_filled_and_what_fills_them_is_not_read() -> None:
    """A place called ``{time}`` is a place."""
    texts = brought_templates().nearest("en")
    assert texts.until("16:00") == "Until 16:00."
    told = texts.headline(Hazard.FLOOD, Level.ACT, "{time}")
    assert told == "DANGER: Flood, {time}"
    assert texts.notice(Notice.WITHDRAWN, event="Flood", place="Kandal") == (
        "WITHDRAWN: the warning (Flood) for Kandal no longer holds."
    )


@pytest.mark.parametrize("language", ["en", "da"])
def test_short_guidance_keeps_to_the_phone_alphabet_where_it_can(language: str) -> None:
    """The few characters of 90 are not worth half by one accent."""
    hazards = brought_templates().texts[language].hazards.values()
    assert {sms_encoding(one.short) for one in hazards} == {SmsEncoding.GSM_7}


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Extreme", "act"),
        ("Severe", "act"),
        ("Moderate", "prepare"),
        ("Minor", "prepare"),
        ("Unknown", "prepare"),
    ],
)
def test_how_bad_it_is_decides_what_to_do(word: str, level: str) -> None:
    """Extreme and Severe: now. All else: be ready."""
    assert level_of(Severity(word)) == level
