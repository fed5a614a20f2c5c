"""What may stand in a text: one rule for files and for what is written."""

from __future__ import annotations

import pytest

from warning.texts.text_slots import GROUPS, SLOTS, Fault, slots_of

LIST = SLOTS["hazards.flood.words"]


@pytest.mark.parametrize(
    ("path", "text", "faults"),
    [
        ("hazards.flood.act", "Go up.", []),
        ("hazards.flood.act", " ", [Fault.EMPTY]),
        ("hazards.flood.act", None, [Fault.EMPTY]),
        ("hazards.flood.act", "x" * 121, [Fault.TOO_LONG]),
        ("hazards.flood.short", "x" * 30, []),
        # Counted as carriers count: an emoji is two units.
        ("hazards.flood.short", "\U0001f30a" * 16, [Fault.TOO_LONG]),
        ("hazards.flood.act", "Go to {place}.", [Fault.PLACEHOLDERS]),
        ("words.until", "Until then.", [Fault.PLACEHOLDERS]),
        ("words.until", "Until {time}, {time}.", []),
        ("words.until", "Until {time} {", [Fault.BRACE]),
        ("words.headline_act", "{hazard}: {place}", []),
        ("words.headline_act", "{hazard}: {place} {0}", [Fault.BRACE]),
        ("notices.update.says", "News of {event} in {place}.", [Fault.PLACEHOLDERS]),
        ("hazards.flood.act", "Go\nup.", [Fault.LETTERS]),
        ("hazards.flood.act", "Go\x00up.", [Fault.LETTERS]),
        ("hazards.flood.act", "Go \u202eup.", [Fault.LETTERS]),
        ("hazards.flood.act", "Go \ud800up.", [Fault.LETTERS]),
        # Khmer parts words by it, Arabic joins letters.
        ("hazards.flood.act", "ទៅ\u200bទីខ្ពស់", []),
        ("hazards.flood.words", "flood, high water", []),
        ("hazards.flood.words", "flood, , high water", [Fault.COMMA]),
    ],
)
def test_what_is_wrong_with_a_text(
    path: str, text: object, faults: list[Fault]
) -> None:
    """Every fault is told, and nothing else."""
    assert [one.fault for one in SLOTS[path].complaints(text)] == faults


def test_words_are_kept_in_small_letters_and_once() -> None:
    """They are compared so; blanks around them count for nothing."""
    assert LIST.tidied(" High  Water,flood, FLOOD ") == "high water, flood"


def test_letters_are_kept_composed() -> None:
    """An accent typed after its letter is the same letter, and costs less."""
    assert SLOTS["hazards.flood.act"].tidied(" e\u0301vacuer ") == "évacuer"


def test_every_text_belongs_to_a_group() -> None:
    """All of them together are all there are."""
    found = [slot.path for group in GROUPS for slot in slots_of(group)]
    assert found == list(SLOTS)
    assert slots_of("hazards.rain") == []
