"""A sound of the owner's, in place of the owner's words."""

from __future__ import annotations

from collections.abc import Mapping

from ivr_scripts.model import Prompt, Turn
from ivr_scripts.position import Position
from telephony.calls.own_sound import with_own_sound
from telephony.calls.spoken import NoSounds
from telephony.delivery import OWN_SOUND

SOUND = "5" * 64
TURN = Turn(
    prompts=(
        Prompt("km", "warning.opening"),
        Prompt("km", "$source"),
        Prompt("km", "warning.what"),
        Prompt("km", "$event"),
        Prompt("km", "press.1"),
        Prompt("km", "choice.understood"),
    ),
    position=Position(language="km", step="menu"),
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "km": {"source": "ក្រសួង", "event": "ទឹកជំនន់", OWN_SOUND: SOUND},
    "en": {"source": "Ministry", "event": "Flood"},
}


class Shelved(NoSounds):
    """Only that one sound is there."""

    def named(self, name: str) -> str | None:
        return f"https://a.example/{name}.wav" if name == SOUND else None


def test_the_sound_stands_from_the_first_own_word_to_the_last() -> None:
    """What is ours before and after stays: the drill word, the keys."""
    played = with_own_sound(TURN, WORDS.__getitem__, Shelved())
    assert played.prompts == (
        Prompt("km", "warning.opening"),
        Prompt("km", sound=SOUND),
        Prompt("km", "press.1"),
        Prompt("km", "choice.understood"),
    )
    assert played.position == TURN.position


def test_a_sound_that_is_lost_leaves_the_words() -> None:
    """A backup may have brought rows back without files."""
    assert with_own_sound(TURN, WORDS.__getitem__, NoSounds()) is TURN


def test_another_language_has_its_own_words() -> None:
    """Whoever presses 4 for English hears no Khmer."""
    english = Turn(tuple(Prompt("en", one.key) for one in TURN.prompts), TURN.position)
    assert with_own_sound(english, WORDS.__getitem__, Shelved()) is english


def test_a_turn_without_own_words_stays() -> None:
    """ "Thank you" is said as ever."""
    thanks = Turn((Prompt("km", "warning.thanks"),), TURN.position)
    assert with_own_sound(thanks, WORDS.__getitem__, Shelved()) is thanks
