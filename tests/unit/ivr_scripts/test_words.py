"""Words are compared without what makes no difference to a reader."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr_scripts.words import (
    MAX_CHARACTERS,
    ascii_digits,
    known_words,
    plain_word,
    split_words,
    squeeze,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ÉTÉ", "ete"),
        ("Đường", "duong"),
        ("HJÆLP", "hjaelp"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("إلغاء", "الغاء"),
        ("مُساعدة", "مساعده"),
        ("ខ្មែរ", "ខ្មែរ"),
        ("\uff33\uff34\uff2f\uff30", "stop"),
    ],
)
def test_spellings_of_a_word_become_equal(written: str, plain: str) -> None:
    """Accents fall where they are accents, and stay where they are vowels."""
    assert plain_word(written) == plain


@given(st.text(max_size=80))
@example("ǿ")
@example("ᴬ")
@example("ﭐى")
def test_making_plain_twice_changes_nothing(text: str) -> None:
    """A plain word is its own plain form."""
    for word in split_words(text):
        assert plain_word(word.plain) == word.plain


def test_punctuation_breaks_and_invisible_signs_vanish() -> None:
    """An apostrophe belongs to the word, a dash does not."""
    words = split_words("l\u2019eau—monte; au\u200b secours\ufe0f!")

    assert [word.plain for word in words] == ["leau", "monte", "au", "secours"]


def test_digits_of_every_script_are_ascii() -> None:
    """Khmer, Arabic, full-width and circled ones."""
    assert ascii_digits("១២ ٣ \uff14 ⑤ x") == "12 3 4 5 x"


def test_known_words_are_cut_out_of_a_run_without_blanks() -> None:
    """The longest word wins, and a syllable is never cut in two."""
    known = known_words(["ជួយ", "ជួយផង", "ផង", "ចាស"])

    assert [word.plain for word in split_words("សូមជួយផង", known)] == ["សូម", "ជួយផង"]
    assert [word.plain for word in split_words("ចាស់", known)] == ["ចាស់"]


def test_no_known_words_cut_nothing() -> None:
    """Languages with blanks need no list."""
    assert known_words(["stop"]).split("stopstop") == ["stopstop"]


def test_only_as_much_as_a_carrier_delivers_is_read() -> None:
    """A text of a megabyte costs no more than one of 1,600 characters."""
    assert len(split_words("a " * 1_000_000)) == MAX_CHARACTERS / 2


def test_repeated_letters_are_one() -> None:
    """A cry is long."""
    assert squeeze("heeelllp") == "help"
