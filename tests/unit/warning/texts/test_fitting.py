"""Texts are cut between words, or between syllables, never inside one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warning.texts.fitting import cut, listed, one_line, sentence, units


@given(text=st.text(alphabet="ab .ក្ដាំេ\u200b😀", max_size=80), room=st.integers(0, 60))
def test_a_cut_text_fits_and_ends_where_it_may(text: str, room: int) -> None:
    """Never before a sign that belongs to the letter before it."""
    shorter = cut(text, room)
    assert units(shorter) <= max(room, 0)
    if units(text) <= room:
        assert shorter == text
    elif shorter:
        kept = shorter.removesuffix("...")
        assert text.startswith(kept)
        rest = text[len(kept) :]
        if kept and rest and rest[0] not in " \u200b":
            assert unicodedata.category(rest[0])[0] != "M"
            assert not kept.endswith("\u17d2")


def test_a_long_text_without_blanks_keeps_its_length() -> None:
    """Khmer has few blanks: one near the start is no place to cut."""
    text = "ទឹក ជំនន់" + "កក" * 500
    assert len(cut(text, 500)) > 480


def test_words_stay_whole() -> None:
    """Also where the words are parted by a blank that nobody sees."""
    assert cut("one two three four", 17) == "one two three..."
    assert cut("ab" * 6 + "\u200b" + "cdef", 16) == "ab" * 6 + "..."


def test_no_room_is_no_text() -> None:
    """Three dots alone say nothing."""
    assert cut("word", 3) == ""


def test_astral_letters_count_twice() -> None:
    """As they do on the way to a phone."""
    assert units("a😀") == 3
    assert cut("😀" * 10, 10) == ""
    assert cut("aaaaaaaa 😀", 10) == "aaaaaa..."


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("Run", "Run."), ("Run!", "Run!"), ("រត់។", "រត់។"), ("(a)", "(a).")],
)
def test_a_sentence_ends_once(text: str, expected: str) -> None:
    """With the stop of its own script, if it has one."""
    assert sentence(text) == expected


def test_a_text_comes_on_one_line() -> None:
    """Whatever the layout of the document was."""
    assert one_line("\n a \t b\n") == "a b"
    assert one_line(None) == ""


def test_names_are_listed_whole() -> None:
    """Each once; those that do not fit are hinted at."""
    assert listed(["Kandal", "", "Takeo", "Kandal"], 99) == "Kandal, Takeo"
    assert listed(["Kandal", "Takeo", "Kampot"], 18) == "Kandal, Takeo, ..."
    assert listed(["Kandal Stueng", "Takeo"], 10) == "Kandal..."
    assert listed([], 9) == ""
