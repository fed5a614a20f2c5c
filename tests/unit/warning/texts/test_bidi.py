"""Marks that keep Arabic texts and the numbers in them in order on a phone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.texts.bidi import LRM, RLM, arranged, is_right_to_left


@pytest.mark.parametrize(
    ("language", "is_rtl"),
    [("ar", True), ("ar-LB", True), ("he", True), ("fa", True), ("en", False)],
)
def test_the_direction_is_that_of_the_language(language: str, is_rtl: bool) -> None:
    """Whatever its region."""
    assert is_right_to_left(language) is is_rtl


@pytest.mark.parametrize(
    ("number"),
    ["+855 12 345 678", "1-9-2026", "16:00".replace(":", "."), "https://a.example/x1"],
)
def test_numbers_with_signs_in_them_are_kept_together(number: str) -> None:
    """Else a phone shows their parts back to front."""
    assert arranged(f"اتصل {number} الآن", "ar") == f"اتصل {LRM}{number}{LRM} الآن"


def test_a_plain_number_needs_no_mark() -> None:
    """Marks cost room."""
    assert arranged("اتصل 112 الآن", "ar") == "اتصل 112 الآن"


def test_a_text_that_begins_in_latin_letters_still_runs_from_the_right() -> None:
    """The first strong letter decides how a phone orders the whole text."""
    assert arranged("Kandal: خطر", "ar") == f"{RLM}Kandal: خطر"
    assert arranged("خطر: Kandal", "ar") == "خطر: Kandal"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_controls_that_nobody_closes_are_taken_out(language: str) -> None:
    """A cut text, or a hostile one, must not turn around what follows."""
    for text in ("a\u202ebc", "a\u2067b\u202cc", "\u2069abc"):
        found = arranged(text, language)
        assert not set("\u202c\u202e\u2067\u2069") & set(found)
    assert "\u2067b\u2069" in arranged("a \u2067b\u2069 c", language)


def test_other_languages_are_left_alone() -> None:
    """Not a mark too many: one would switch an English text to UCS-2."""
    assert arranged("Call +855 12 345", "en") == "Call +855 12 345"
    assert arranged("", "ar") == ""


@given(st.text("بج1 2+-.Kx\u200e\u200f\u202e\u2066\u2069", max_size=30))
@settings(max_examples=25, deadline=None)
def test_arranging_twice_changes_nothing_more(text: str) -> None:
    """Texts pass through more than one hand."""
    once = arranged(text, "ar")
    assert arranged(once, "ar") == once
