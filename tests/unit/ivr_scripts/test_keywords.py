"""Text commands: what people type is understood, and never dangerously guessed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import (
    UNCLEAR,
    Command,
    CommandKind,
    Keywords,
)

TEXTS = load_catalogue().texts
KEYWORDS = Keywords(TEXTS)
SPEAKING = sorted(tag for tag, words in TEXTS.items() if words.keywords)
COMMANDS = sorted(
    (tag, name, phrase)
    for tag, words in TEXTS.items()
    for name, phrases in words.keywords.items()
    if name not in {"polite", "names"}
    for phrase in phrases
)
CASES: list[Callable[[str], str]] = [str.upper, str.lower, str.title, str]
N_NOISY = 20_000
DIGITS = {
    "km": "០១២៣៤៥៦៧៨៩",
    "ar": "٠١٢٣٤٥٦٧٨٩",
}


def kind_of(name: str) -> CommandKind:
    return CommandKind.REPLY if name == "YES" else CommandKind[name]


@pytest.mark.parametrize("language", SPEAKING)
def test_every_phrase_is_understood_in_its_language(language: str) -> None:
    """Each word of the data asks for the command it stands under."""
    misread = [
        phrase
        for tag, name, phrase in COMMANDS
        if tag == language and KEYWORDS.parse(phrase, tag).kind is not kind_of(name)
    ]

    assert misread == []


@pytest.mark.parametrize("registered", [*SPEAKING, "", "xx"])
def test_stop_is_understood_whatever_language_is_registered(registered: str) -> None:
    """Nobody has to know in which language the service thinks they are."""
    misread = [
        phrase
        for _, name, phrase in COMMANDS
        if name == "STOP"
        and KEYWORDS.parse(phrase, registered).kind is not CommandKind.STOP
    ]

    assert misread == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", CommandKind.STOP),
        ("  stop. ", CommandKind.STOP),
        ("S T O P", CommandKind.STOP),
        ("Stop!!! Please", CommandKind.STOP),
        ("stop calling my mother at night", CommandKind.STOP),
        ("please, stop", CommandKind.STOP),
        ("JOIN STOP", CommandKind.STOP),
        ("start stop", CommandKind.STOP),
        ("STOP HELP", CommandKind.STOP),
        ("«Arrêtez», merci", CommandKind.STOP),
        ("ARRET", CommandKind.STOP),
        ("heeeelp!!!", CommandKind.HELP),
        ("hjaelp", CommandKind.HELP),
        ("HELP we are on the roof", CommandKind.HELP),
        ("water everywhere, help us please", CommandKind.HELP),
        ("3 children on the roof", CommandKind.HELP),
        ("not safe", CommandKind.HELP),
        ("I'm safe", CommandKind.SAFE),
        ("I\u2019m SAFE, thank you", CommandKind.SAFE),
        ("Estoy a salvo, gracias.", CommandKind.SAFE),
        ("khmer", CommandKind.LANG),
        ("Tiếng Việt", CommandKind.LANG),
        ("svp arrêt", CommandKind.STOP),
    ],
)
def test_forgiving_texts(text: str, kind: CommandKind) -> None:
    """Case, accents, blanks, punctuation and politeness make no difference."""
    assert KEYWORDS.parse(text, "en").kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "👍", "🙏🙏", "...", "12", "0123456789", "hello", "thank you",
        "2 people on the roof", "1 2", "safe but my brother is not", "unsafe",
        "the bus stop is flooded", "who is this?", "xyzzy", "\u200b", "4K", "da",
        "a" * 1_600, "😀" * 1_600, "\x00\ud800",
    ],
)  # fmt: skip
def test_unclear_texts(text: str) -> None:
    """Nothing dangerous is read into a text that says something else, or nothing."""
    assert KEYWORDS.parse(text, "en") == UNCLEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Command(CommandKind.REPLY, digit="1")),
        (" 1. ", Command(CommandKind.REPLY, digit="1")),
        ("(2)", Command(CommandKind.REPLY, digit="2")),
        ("១", Command(CommandKind.REPLY, digit="1")),
        ("٣", Command(CommandKind.REPLY, digit="3")),
        ("\uff12", Command(CommandKind.REPLY, digit="2")),
        ("1\ufe0f\u20e3", Command(CommandKind.REPLY, digit="1")),
        ("①", Command(CommandKind.REPLY, digit="1")),
        ("press 1", Command(CommandKind.REPLY, digit="1")),
        ("1 4k", Command(CommandKind.REPLY, "4K", digit="1")),
        ("4K 1", Command(CommandKind.REPLY, "4K", digit="1")),
        ("ok 4K", Command(CommandKind.REPLY, "4K", digit="1")),
        ("1 yes", Command(CommandKind.REPLY, digit="1")),
        ("2 en sécurité", Command(CommandKind.REPLY, digit="2")),
        ("Yes, please", Command(CommandKind.REPLY, digit="1")),
        ("ចាស", Command(CommandKind.REPLY, digit="1")),
        ("9", Command(CommandKind.REPLY, digit="9")),
    ],
)
def test_replies(text: str, expected: Command) -> None:
    """A digit of any script, alone, with its meaning, or with the code of a case."""
    assert replace(KEYWORDS.parse(text, "en"), language="") == expected


@pytest.mark.parametrize(
    ("text", "tag", "kind", "argument"),
    [
        ("PLACE 120501", "en", CommandKind.PLACE, "120501"),
        ("place: ១២០៥០១", "km", CommandKind.PLACE, "120501"),
        ("ទីកន្លែង តាខ្មៅ", "km", CommandKind.PLACE, "តាខ្មៅ"),
        ("REPORT Bridge at Prek Ho is gone", "en", CommandKind.REPORT,
         "Bridge at Prek Ho is gone"),
        ("LANG khmer", "en", CommandKind.LANG, "km"),
        ("sprog: Dansk!", "da", CommandKind.LANG, "da"),
        ("LANG FR", "en", CommandKind.LANG, "fr"),
        ("LANG klingon", "en", CommandKind.LANG, "klingon"),
        ("LANG", "en", CommandKind.LANG, ""),
        ("Join 12000 please", "en", CommandKind.JOIN, "12000"),
        ("help, two old people", "en", CommandKind.HELP, "two old people"),
        ("info Kandal", "en", CommandKind.INFO, "Kandal"),
    ],
)  # fmt: skip
def test_arguments(text: str, tag: str, kind: CommandKind, argument: str) -> None:
    """What follows the word is kept as it was written, digits made readable."""
    command = KEYWORDS.parse(text, tag)

    assert (command.kind, command.argument) == (kind, argument)


def test_khmer_needs_no_blanks() -> None:
    """Words are found in a sentence that is written in one run."""
    command = KEYWORDS.parse("ទឹកលិចផ្ទះជួយផង", "km")

    assert command.kind is CommandKind.HELP


def test_a_cry_counts_in_the_language_of_the_sender_only() -> None:
    """A word that means help in another language may be anything in this one."""
    assert KEYWORDS.parse("nous avons besoin d'aide ici", "fr").kind is CommandKind.HELP
    assert KEYWORDS.parse("la aide x", "en") == UNCLEAR


def test_who_falls_back_on_khmer_is_understood_in_khmer() -> None:
    """A person registered for Cham writes Khmer until there are Cham words."""
    assert KEYWORDS.parse("ឈប់", "cjm").kind is CommandKind.STOP
    assert KEYWORDS.parse("ទឹកលិចជួយផង", "cjm").kind is CommandKind.HELP


def test_noisy_texts_of_all_languages_are_understood() -> None:
    """Of 20,000 texts with noise at least 99 % are read as they were meant."""
    rng = random.Random(20_26)
    missed = []
    for _ in range(N_NOISY):
        tag, text, kind = sample(rng)
        if KEYWORDS.parse(text, tag).kind is not kind:
            missed.append((tag, text, kind))

    assert len(missed) <= N_NOISY / 100, missed[:20]
    stops = [text for _, text, kind in missed if kind is CommandKind.STOP]
    assert not stops


def sample(rng: random.Random) -> tuple[str, str, CommandKind]:
    """A text as people write it: a command or a digit, with noise around it."""
    if rng.random() < 0.25:
        tag = rng.choice(SPEAKING)
        digit = rng.choice("123")
        digits = DIGITS.get(tag, "0123456789")
        return tag, noisy(rng, tag, digits[int(digit)]), CommandKind.REPLY
    tag, name, phrase = rng.choice(COMMANDS)
    return tag, noisy(rng, tag, phrase), kind_of(name)


def noisy(rng: random.Random, tag: str, text: str) -> str:
    """The text in another case, among polite words, blanks and punctuation."""
    text = rng.choice(CASES)(text)
    polite = TEXTS[tag].keywords["polite"]
    if rng.random() < 0.3:
        text = f"{rng.choice(polite)} {text}"
    if rng.random() < 0.3:
        text = f"{text} {rng.choice(polite)}"
    if rng.random() < 0.3:
        text = text.replace(" ", rng.choice(["  ", "\n", "\u00a0", " \u200b"]))
    before = rng.choice(["", " ", "\t", '"', "- ", "(", "\u200f"])
    after = rng.choice(["", " ", ".", "!!!", "?", " 🙏", ")", "…", "។", "\u200b"])
    return f"{before}{text}{after}"


@given(st.text(max_size=300), st.sampled_from([*SPEAKING, "cjm", "", "zz-ZZ"]))
def test_any_text_has_an_answer(text: str, language: str) -> None:
    """Whatever comes in, one command goes out, and no argument is endless."""
    command = KEYWORDS.parse(text, language)

    assert len(command.argument) <= 2 * len(text)
    assert (command.kind is CommandKind.REPLY) == bool(command.digit)
