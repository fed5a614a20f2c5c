"""Words typed with one slip of a finger, and words drawn out: ``stpo``, ``heeelp``.

Only words of the commands are recognised, never one that is another known word, and
never one that two of them might be. What may be made of a guess is for ``keywords`` to
say: nobody is subscribed, or said to be safe, by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr_scripts.words import squeeze

#: Shorter words are too often others with one slip.
_MIN_LETTERS = 4
#: Below this nothing may be left out: what remains is too little.
_MIN_OMITTED = 5
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Guess:
    """A word of a command, and whether letters were wrong or only drawn out."""

    word: str
    is_slip: bool


class Slips:
    """Recognises words of one language.

    Parameters
    ----------
    words : iterable of str
        To be recognised, as ``words.plain_word`` gives them.
    known : container of str
        Words of every language that stand for themselves.
    """

    def __init__(self, words: Iterable[str], known: frozenset[str]) -> None:
        wanted = {word for word in words if len(word) >= _MIN_LETTERS}
        self._known = known
        self._drawn = _unambiguous((squeeze(word), word) for word in wanted)
        self._slips = _unambiguous(
            (slip, word)
            for word in wanted
            if word.isascii() and word.isalpha()
            for slip in _slips_of(word)
            if slip not in known
        )

    def guess(self, word: str) -> Guess | None:
        """The word that is meant; None if it is known as it is, or cannot be told."""
        if word in self._known:
            return None
        drawn = squeeze(word)
        if drawn in self._drawn:
            return Guess(self._drawn[drawn], is_slip=False)
        found = self._slips.get(word) or self._slips.get(drawn)
        return Guess(found, is_slip=True) if found else None


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, word in pairs:
        found[key].add(word)
    return {key: min(words) for key, words in found.items() if len(words) == 1}


def _slips_of(word: str) -> Iterator[str]:
    """The word with two letters changed, one left out, one beside it or one too many.

    The first letter is right: people look where they begin.
    """
    for at in range(1, len(word)):
        head, letter, tail = word[:at], word[at], word[at + 1 :]
        if tail:
            yield head + tail[0] + letter + tail[1:]
        if len(word) >= _MIN_OMITTED:
            yield head + tail
        for beside in _beside(letter):
            yield head + beside + tail
            yield head + beside + letter + tail
            yield head + letter + beside + tail


def _beside(letter: str) -> str:
    """Letters to the left and right of a key."""
    for row in _ROWS:
        if letter in row:
            at = row.index(letter)
            return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return ""
