"""Everybody is told in the language nearest to their own."""

from __future__ import annotations

import pytest

from warning.texts.language_choice import (
    choose_language,
    drill_word,
    locale_of,
    primary,
    words_for,
)


@pytest.mark.parametrize(
    ("wanted", "available", "expected"),
    [
        ("km", ["en", "km-KH", "km"], "km"),
        ("km-KH", ["en", "km"], "km"),
        ("KM", ["en", "km-KH"], "km-KH"),
        ("khm", ["en", "km"], "km"),
        ("en", ["km", "eng"], "eng"),
        ("zh-Hant-TW", ["zh-Hans-CN", "zh-Hant-HK"], "zh-Hant-HK"),
        ("zh", ["zh-Hant-TW", "zh-Hans"], "zh-Hans"),
        ("cjm", ["en", "vi", "km"], "km"),
        ("cjm-Cham", ["vi", "km"], "km"),
        ("sw", ["en", "vi"], "vi"),
        ("sw", ["fr", "en"], "en"),
        ("sw", ["fr", "da"], "fr"),
        ("", ["fr", "vi"], "vi"),
    ],
)
def test_the_nearest_language_is_chosen(
    wanted: str, available: list[str], expected: str
) -> None:
    """Own, understood, the country's (here vi), English, the first there is."""
    assert choose_language(wanted, available, country_default="vi") == expected


def test_a_primary_subtag_comes_in_its_shortest_form() -> None:
    """Some issuers write ISO 639-2."""
    assert [primary(tag) for tag in ("eng-US", "KM", "sh", "x-y")] == [
        "en",
        "km",
        "sr",
        "x",
    ]


def test_texts_come_from_the_language_itself() -> None:
    """A label in another language than the text helps nobody."""
    assert words_for("warning.until", "en-GB").startswith("This warning")
    assert words_for("no such key", "en") == words_for("warning.until", "sw") == ""


def test_every_language_has_a_drill_word_and_a_locale() -> None:
    """Also one of which nobody knows anything."""
    assert drill_word("tlh") == "EXERCISE"
    assert drill_word("cjm") == drill_word("km") != "EXERCISE"
    assert str(locale_of("zh-Hant-TW")) == "zh_Hant_TW"
    assert str(locale_of("tlh")) == "en"
