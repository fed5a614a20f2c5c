"""Who took a call, in a carrier's words and in ours."""

from __future__ import annotations

import pytest

from telephony.answerer import Answerer, answerer_of, is_heard


@pytest.mark.parametrize(
    ("word", "answerer"),
    [
        ("human", Answerer.PERSON),
        (" Human ", Answerer.PERSON),
        ("machine_start", Answerer.MACHINE),
        ("machine_end_beep", Answerer.MACHINE),
        ("machine_end_silence", Answerer.MACHINE),
        ("machine_end_other", Answerer.MACHINE),
        ("fax", Answerer.MACHINE),
        ("unknown", Answerer.UNKNOWN),
        ("humanoid", Answerer.UNKNOWN),
        ("", None),
    ],
)
def test_a_word_names_who_answered(word: str, answerer: Answerer | None) -> None:
    """Only the one word for a person is a person; a new word is nobody's proof."""
    assert answerer_of(word) is answerer


@pytest.mark.parametrize(
    ("answerer", "duration_s", "heard"),
    [
        (Answerer.PERSON, 8, True),
        (Answerer.PERSON, 7, False),
        (Answerer.PERSON, None, False),
        (Answerer.MACHINE, 3_600, False),
        (Answerer.UNKNOWN, 3_600, False),
        (None, 3_600, False),
    ],
)
def test_only_a_person_hears(
    answerer: Answerer | None, duration_s: int | None, heard: bool
) -> None:
    """Voicemail listens as long as anybody; so may what the carrier is unsure of."""
    assert is_heard(answerer, duration_s, after_s=8) is heard
