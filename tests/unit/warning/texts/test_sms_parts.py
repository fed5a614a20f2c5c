"""Counting the parts of a text message."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warning.texts.sms_parts import (
    GSM_BASIC,
    GSM_EXTENSION,
    SmsEncoding,
    in_plain_characters,
    outside_gsm_7,
    sms_encoding,
    sms_parts,
    split_sms,
)

TEXTS = st.text(
    st.sampled_from("abc é€[]{}^~|\\\n\f@ΔΩកទ\u2018😀🏃ß")
    | st.characters(codec="utf-8"),
    max_size=500,
)


@pytest.mark.parametrize(
    ("text", "encoding", "n_units", "n_parts", "n_left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a", "GSM-7", 1, 1, 159),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("a" * 360, "GSM-7", 360, 3, 99),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),
        # 152 places used: the pair does not fit into the one left and moves on.
        ("a" * 152 + "€" + "a" * 10, "GSM-7", 164, 2, 141),
        ("\f", "GSM-7", 2, 1, 158),
        ("ក", "UCS-2", 1, 1, 69),
        ("ក" * 70, "UCS-2", 70, 1, 0),
        ("ក" * 71, "UCS-2", 71, 2, 63),
        ("ក" * 360, "UCS-2", 360, 6, 42),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 36, "UCS-2", 72, 2, 61),
        ("a" * 159 + "\u2019", "UCS-2", 160, 3, 41),
    ],
)
def test_parts_are_counted_exactly(
    text: str, encoding: str, n_units: int, n_parts: int, n_left: int
) -> None:
    """160/153 places in GSM-7, 70/67 in UCS-2; a pair is never cut."""
    parts = sms_parts(text)
    found = (parts.encoding.value, parts.n_units, parts.n_parts, parts.n_left)
    assert found == (encoding, n_units, n_parts, n_left)
    assert parts.is_single == (n_parts <= 1)


def test_the_alphabet_is_the_whole_one() -> None:
    """127 characters (the 128th place is the escape) and ten more behind it."""
    assert (len(GSM_BASIC), len(GSM_EXTENSION)) == (127, 10)
    assert not GSM_BASIC & GSM_EXTENSION


@pytest.mark.parametrize("character", ["ç", "`", "\t", "á", "\u2019", "ក", "😀"])
def test_one_foreign_character_switches_the_whole_message(character: str) -> None:
    """Even look-alikes of the alphabet are outside it."""
    assert sms_encoding("a" * 10 + character) is SmsEncoding.UCS_2
    assert outside_gsm_7(f"{character}a{character}") == (character,)


@given(TEXTS)
def test_the_cut_parts_are_the_counted_ones(text: str) -> None:
    """As many parts as counted, each within its size, joined the text itself."""
    counted, parts = sms_parts(text), split_sms(text)
    assert "".join(parts) == text
    assert len(parts) == counted.n_parts
    limit = counted.encoding.joined if len(parts) > 1 else counted.encoding.single
    for part in parts:
        assert _units(part, counted.encoding) <= limit


@given(TEXTS)
def test_no_smaller_number_of_parts_would_do(text: str) -> None:
    """A part is only closed when its next character does not fit."""
    parts, encoding = split_sms(text), sms_encoding(text)
    for part, following in pairwise(parts):
        assert _units(part + following[0], encoding) > encoding.joined


def _units(text: str, encoding: SmsEncoding) -> int:
    """Count places independently: by encoding, not by table of widths."""
    if encoding is SmsEncoding.UCS_2:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text) + sum(one in "^{}\\[~]|€\f" for one in text)


def test_typographic_signs_become_plain_only_where_that_helps() -> None:
    """A curly quote is not worth two more parts; in Khmer it costs nothing."""
    assert in_plain_characters("\u201cGo\u201d \u2013 now\u2026") == '"Go" - now...'
    assert in_plain_characters("ទឹក\u2019") == "ទឹក\u2019"
