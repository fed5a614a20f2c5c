"""Texts as they arrive, with what their senders meant: phrases put through noise.

The noise, each with its own chance, in this order:

==================  ======  ==========================================================
noise               chance  what it does
==================  ======  ==========================================================
slip                 0.05   one key beside the right one, two letters changed, one left
                            out or one too many, in a Latin word of five letters on
drawn out            0.04   one letter several times
accents              0.40   left out, all of them, in Latin words
case                 0.60   capitals, small letters, Title, or at random
digits               0.50   of a reply: of the sender's script, wide, circled, a key
blanks               0.25   before, after, doubled, a line break
punctuation          0.30   behind: . ! !!! ?! … or in quotation marks
emoji                0.12   before or behind
invisible            0.04   a zero-width sign somewhere
long                 0.02   of what may go on (help, reports, chatter): 1,600 signs
==================  ======  ==========================================================

A label is what the phrase was written for. A slip in a word that would subscribe
somebody (join, start), that says "safe", or that is a number changes it to "nothing
understood": there the one helpful answer is right and a guess is not.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bench.citizens.inbound_phrases import PHRASES

#: How often each intent is meant: mostly replies, as after a warning.
WEIGHTS = {
    "1": 18, "2": 8, "3": 6, "YES": 6, "SAFE": 6, "HELP": 14, "STOP": 10, "START": 3,
    "JOIN": 8, "STATUS": 3, "INFO": 4, "REPORT": 5, "LANG": 3, "PLACE": 5, "UNCLEAR": 6,
}  # fmt: skip
_DIGITS = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "km": "០១២៣៤៥៦៧៨៩",
    "wide": "０１２３４５６７８９",  # noqa: RUF001 - as some keyboards write
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
}
_KEY = "\ufe0f\u20e3"
_EMOJI = ("👍", "🙏", "😀", "🆘", "😭😭", "🌊🌊🌊", "❤️", "👨‍👩‍👧")
_ENDS = (".", "!", "!!!", "?!", "…", " .", ",")
_MAX = 1_600
_LONGER = {"HELP", "REPORT", "UNCLEAR"}
#: One slip in these is not guessed at.
_NOT_GUESSED = {"JOIN", "START", "SAFE", "YES"}
#: Where these are misspelt, what is asked for is as clear as before.
_COURTESIES = frozenset({"please", "thank", "thanks", "merci", "gracias", "favor"})
_MIN_SLIP = 5
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Sample:
    """One text, who wrote it, and what was meant."""

    text: str
    #: Language in which the sender is registered.
    language: str
    #: A kind of command, ``REPLY1`` to ``REPLY3``, or ``UNCLEAR``.
    meant: str
    has_slip: bool = False


def corpus(n: int, seed: int) -> Iterator[Sample]:
    """Draw texts; the same seed gives the same."""
    rng = random.Random(seed)
    languages, intents = sorted(PHRASES), sorted(WEIGHTS)
    weights = [WEIGHTS[intent] for intent in intents]
    for _ in range(n):
        (intent,) = rng.choices(intents, weights)
        registered = rng.choice(languages)
        # Everybody is told the English words, and some use them.
        spoken = "en" if rng.random() < 0.15 else registered
        yield _sample(intent, registered, spoken, rng)


def _sample(intent: str, registered: str, spoken: str, rng: random.Random) -> Sample:
    if intent.isdigit():
        text = _digit(intent, registered, rng)
        return Sample(_around(text, rng), registered, f"REPLY{intent}")
    text, has_slip = rng.choice(PHRASES[spoken][intent]), False
    if rng.random() < 0.05:
        spared = _COURTESIES if intent in _NOT_GUESSED else frozenset()
        said, (text, has_slip) = text, _slip(text, spared, rng)
        # One letter of a double one is no slip: drawn out or not, it is the same word.
        has_slip = has_slip and _undrawn(text) != _undrawn(said)
    if rng.random() < 0.04:
        text = _drawn_out(text, rng)
    text = _accents_and_case(text, rng)
    if intent in _LONGER and rng.random() < 0.02:
        text = _long(text, rng)
    meant = "REPLY1" if intent == "YES" else intent
    is_lost = has_slip and intent in _NOT_GUESSED
    return Sample(
        _around(text, rng), registered, "UNCLEAR" if is_lost else meant, has_slip
    )


def _undrawn(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)


def _digit(digit: str, language: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return digit
    way = rng.choice([language, "wide", "circled", "key"])
    if way == "key":
        return digit + _KEY
    return _DIGITS.get(way, "0123456789")[int(digit)]


def _slip(text: str, spared: frozenset[str], rng: random.Random) -> tuple[str, bool]:
    """One slip in one Latin word, if there is a long enough one."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if _is_typed(word) and word not in spared]
    if not long:
        return text, False
    # The word that counts is mostly the first.
    n = long[0]
    words[n] = _slipped(words[n], rng)
    return " ".join(words), True


def _is_typed(word: str) -> bool:
    return len(word) >= _MIN_SLIP and word.isascii() and word.isalpha()


def _slipped(word: str, rng: random.Random) -> str:
    while True:
        at = rng.randrange(1, len(word) - 1)
        way = rng.randrange(4)
        if way == 0:
            changed = word[:at] + _beside(word[at], rng) + word[at + 1 :]
        elif way == 1:
            changed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif way == 2:
            changed = word[:at] + word[at + 1 :]
        else:
            changed = word[:at] + _beside(word[at], rng) + word[at:]
        if changed != word:
            return changed


def _beside(letter: str, rng: random.Random) -> str:
    for row in _ROWS:
        if letter in row:
            at = row.index(letter)
            return rng.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
    return letter


def _drawn_out(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    if not text[at].isalpha():
        return text
    return text[:at] + text[at] * rng.randint(2, 5) + text[at + 1 :]


def _accents_and_case(text: str, rng: random.Random) -> str:
    if rng.random() < 0.4:
        spread = unicodedata.normalize("NFD", text.replace("đ", "d"))
        text = unicodedata.normalize(
            "NFC",
            "".join(sign for sign in spread if not "\u0300" <= sign <= "\u036f"),
        )
    if rng.random() < 0.6:
        ways = [str.upper, str.lower, str.title]
        way = rng.randrange(4)
        if way < len(ways):
            return ways[way](text)
        return "".join(rng.choice([str.upper, str.lower])(sign) for sign in text)
    return text


def _long(text: str, rng: random.Random) -> str:
    more = " " + rng.choice(["water", "ទឹក", "الماء", "nước", "vand", "agua"])
    return (text + more * _MAX)[:_MAX]


def _around(text: str, rng: random.Random) -> str:
    if rng.random() < 0.3:
        text = f"«{text}»" if rng.random() < 0.1 else text + rng.choice(_ENDS)
    if rng.random() < 0.12:
        emoji = rng.choice(_EMOJI)
        text = f"{emoji} {text}" if rng.random() < 0.5 else f"{text} {emoji}"
    if rng.random() < 0.25:
        ways = (f"  {text}", f"{text} ", text.replace(" ", "  "), f"{text}\n")
        text = rng.choice(ways)
    if rng.random() < 0.04:
        text = rng.choice(["\u200b", "\ufeff", "\u200e"]) + text
    return text[:_MAX]
