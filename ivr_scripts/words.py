"""Break what people type into comparable words, in any script.

Two spellings that mean the same to a reader give the same words: capitals, accents,
digits of another script, invisible characters and punctuation make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

MAX_CHARACTERS = 1_600  #: the longest text a carrier delivers
# Letters of scripts that look like Latin ones are meant here, hence the noqa below.
#: Letters that Unicode does not take apart although people type them plain.
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",  # noqa: RUF001 - dotless
        "ł": "l",
        # Arabic letters that are written for one another.
        "ة": "ه",  # noqa: RUF001 - no Latin o
        "ى": "ي",
        "ـ": None,
        "ٱ": "ا",  # noqa: RUF001 - no Latin l
    }
)
#: Scripts written without blanks: Thai, Lao, Myanmar, Khmer.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
#: A Khmer sign that makes the next letter part of the one before.
_COENG = "\u17d2"
_NO_WORDS = re.compile(r"(?!)")
_INSIDE_WORD = frozenset("'’ʼ`´")  # noqa: RUF001 - as phones put an apostrophe


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared and as it was written."""

    plain: str
    written: str


def known_words(words: Iterable[str]) -> re.Pattern[str]:
    """Pattern that finds these words in a run written without blanks.

    The longest first, and never a part of a syllable: what follows is no vowel sign,
    what stands before does not join the first letter to itself.
    """
    unspaced = sorted(
        {re.escape(plain_word(word)) for word in words if _UNSPACED.search(word)},
        key=len,
        reverse=True,
    )
    if not unspaced:
        return _NO_WORDS
    marks = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u17b4-\u17d3"
    return re.compile(f"(?<!{_COENG})({'|'.join(unspaced)})(?![{marks}])")


def split_words(text: str, known: re.Pattern[str] = _NO_WORDS) -> list[Word]:
    """Words of a text, without what is neither letter, digit nor mark.

    Parameters
    ----------
    text : str
        Anything; what is beyond ``MAX_CHARACTERS`` is not looked at.
    known : re.Pattern
        From ``known_words``: at these a run written without blanks is cut.

    Examples
    --------
    >>> [word.plain for word in split_words("  Ça va?! ១, đi… ")]
    ['ca', 'va', '1', 'di']
    """
    return [
        word
        for run in _runs(text[:MAX_CHARACTERS])
        for word in _cut(run, known)
        if word.plain
    ]


def plain_word(word: str) -> str:
    """One word in the form in which words are compared."""
    return "".join(_plain_letters(word))


def squeeze(word: str) -> str:
    """The word with every letter once where it is repeated: ``heeelp`` is ``help``."""
    return re.sub(r"(.)\1+", r"\1", word)


def ascii_digits(text: str) -> str:
    """The text with the digits of every script, circled and raised ones, as 0 to 9."""
    return "".join(_digit(letter) for letter in text)


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


def _runs(text: str) -> Iterator[str]:
    """Pieces between blanks and punctuation. Invisible characters vanish."""
    run: list[str] = []
    for letter in text:
        kind = _kind(letter)
        if kind == "letter":
            run.append(_digit(letter))
        elif kind == "break" and run:
            yield "".join(run)
            run = []
    if run:
        yield "".join(run)


@lru_cache(maxsize=4_096)
def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    # Cf: zero-width blanks and joiners. Me and the variation selectors: what turns a
    # digit into a picture of a key.
    if (
        category in {"Cf", "Me"}
        or letter in _INSIDE_WORD
        or "\ufe00" <= letter <= "\ufe0f"
    ):
        return "nothing"
    return "letter" if category[0] in "LNM" else "break"


def _cut(run: str, known: re.Pattern[str]) -> Iterator[Word]:
    if not _UNSPACED.search(run):
        yield Word(plain_word(run), run)
        return
    for piece in known.split(unicodedata.normalize("NFC", run)):
        yield Word(plain_word(piece), piece)


def _plain_letters(word: str) -> Iterator[str]:
    if _UNSPACED.search(word):
        # The marks of these scripts are vowels, not accents.
        yield from ascii_digits(_folded(word, "NFC"))
        return
    for letter in _folded(word, "NFKD").translate(_PLAIN):
        if unicodedata.category(letter) != "Mn":
            yield _digit(letter)


def _folded(word: str, form: Literal["NFC", "NFKD"]) -> str:
    """Small letters in one form; before and after, as each can undo the other."""
    return unicodedata.normalize(
        form, unicodedata.normalize(form, word).casefold()
    ).casefold()
