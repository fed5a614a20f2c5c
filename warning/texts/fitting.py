"""Words fitted into what a text message holds: nothing is cut inside a word.

Khmer, Thai, Lao and Burmese put no blanks between words; there a cut falls between two
syllables, never before a vowel sign or inside a letter that is written below another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: What stands for the words that are left out; in the GSM alphabet, unlike ``…``.
ELLIPSIS = "..."
#: What ends a sentence, in any script an alert is written in.
_ENDINGS = frozenset(".!?…។៕।۔؟。！？")  # noqa: RUF001 - of every script
#: Blanks, and the invisible one between Khmer words.
_BREAK = re.compile(r"[\s\u200b]")
#: The Khmer and Burmese signs, and the joiner, that tie the next letter to the last.
_TIES = frozenset("\u17d2\u1039\u200d")
#: A blank this far from the end of the room is still used to cut at.
_SEARCH_SHARE = 0.2


def units(text: str) -> int:
    """Length as a carrier counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_line(text: str | None) -> str:
    """The text without line breaks, double blanks and blanks at its ends."""
    return " ".join((text or "").split())


def sentence(text: str) -> str:
    """The text with a stop, unless it ends a sentence already; empty stays empty."""
    return text if not text or text[-1] in _ENDINGS else f"{text}."


def cut(text: str, room: int) -> str:
    """As much of a text as fits, ended by three dots if something is left out.

    Parameters
    ----------
    text : str
    room : int
        UTF-16 units; the answer is never longer.
    """
    if units(text) <= room:
        return text
    n_wide = units(text) - len(text)
    at = room - len(ELLIPSIS) - n_wide
    if at <= 0:
        return ""
    return text[: _cut_before(text, at)].rstrip() + ELLIPSIS


def listed(names: Iterable[str], room: int) -> str:
    """Different names with commas between them, as many whole ones as fit."""
    different = list(dict.fromkeys(name for name in names if name))
    whole = ", ".join(different)
    if units(whole) <= room:
        return whole
    kept = different
    while len(kept) > 1 and units(", ".join(kept)) + len(ELLIPSIS) + 2 > room:
        kept = kept[:-1]
    if len(kept) == 1:
        return cut(kept[0], room)
    return ", ".join([*kept, ELLIPSIS])


def _cut_before(text: str, at: int) -> int:
    """The last place up to ``at`` where a text may end."""
    breaks = [found.start() for found in _BREAK.finditer(text, 0, at + 1)]
    if breaks and breaks[-1] >= at * (1 - _SEARCH_SHARE):
        return breaks[-1]
    while at > 0 and (_is_tied(text[at]) or text[at - 1] in _TIES):
        at -= 1
    return at


def _is_tied(letter: str) -> bool:
    return letter in _TIES or unicodedata.category(letter)[0] == "M"
