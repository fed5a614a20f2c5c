"""One slip of a finger is forgiven where a wrong guess does no harm."""

from __future__ import annotations

import pytest

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import CommandKind, Keywords
from ivr_scripts.slips import Guess, Slips

KEYWORDS = Keywords(load_catalogue().texts)
SLIPS = Slips(
    ["help", "report", "stop"], frozenset({"help", "report", "stop", "hello"})
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hlep", Guess("help", is_slip=True)),
        ("hekp", Guess("help", is_slip=True)),
        ("helop", Guess("help", is_slip=True)),
        ("reprt", Guess("report", is_slip=True)),
        ("heeelp", Guess("help", is_slip=False)),
        # Known as it is, too short, two slips, another first letter.
        ("help", None),
        ("hello", None),
        ("hep", None),
        ("hlpe", None),
        ("jelp", None),
    ],
)
def test_one_slip_is_recognised(typed: str, meant: Guess | None) -> None:
    """Letters changed, beside, one too few or too many; and drawn out."""
    assert SLIPS.guess(typed) == meant


def test_what_two_words_might_be_is_neither() -> None:
    """A guess has one answer, or none."""
    assert Slips(["lane", "lame"], frozenset()).guess("lae") is None
    assert Slips(["abcde", "abxcde"], frozenset()).guess("abcxde") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("stpo", CommandKind.STOP),
        ("hlep us", CommandKind.HELP),
        ("water in the house hlep", CommandKind.HELP),
        ("reprt bridge is down", CommandKind.REPORT),
        ("plese stop", CommandKind.STOP),
        ("pleaseee join", CommandKind.JOIN),
        ("jooooin", CommandKind.JOIN),
        # Nobody is subscribed, or safe, by a guess.
        ("jion", CommandKind.UNCLEAR),
        ("strat", CommandKind.UNCLEAR),
        ("i am sade", CommandKind.UNCLEAR),
        ("undertsood", CommandKind.UNCLEAR),
    ],
)
def test_what_may_be_guessed(text: str, kind: CommandKind) -> None:
    """STOP, help and questions; not what subscribes or says that all is well."""
    assert KEYWORDS.parse(text, "en").kind is kind


def test_words_of_other_languages_are_not_guessed() -> None:
    """A slip in a language the sender does not write is some other word."""
    assert KEYWORDS.parse("afmld", "en").kind is CommandKind.UNCLEAR
    assert KEYWORDS.parse("afmld", "da").kind is CommandKind.STOP
