"""Texts written from right to left, so that phones show them in the right order.

A phone orders a line by its first strong letter and each number by what stands beside
it (Unicode Standard Annex 9). A number such as ``+855 12 345`` inside Arabic is shown
back to front, and an Arabic text that begins with a Latin name as if it were English.
Two invisible marks mend both; they exist on the oldest phones, unlike isolates.
"""

from __future__ import annotations

import re
import unicodedata

from warning.texts.language_choice import locale_of

#: Left-to-right mark.
LRM = "\u200e"
#: Right-to-left mark.
RLM = "\u200f"
_OPENING = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_CLOSING = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
_PAIRED = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Telephone numbers, dates, ranges, web addresses: what has an order of its own.
_RUN = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|\+?[0-9](?:[0-9]|[ ./()+-](?=[0-9(]))*[0-9%]"
)


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return bool(locale_of(language).text_direction == "rtl")


def arranged(text: str, language: str) -> str:
    """The text with the marks that keep its order on a phone.

    Parameters
    ----------
    text : str
    language : str
        BCP 47.

    Returns
    -------
    str
        In a language written from left to right the text itself, without embeddings
        and overrides that nobody closes. Done twice it is the same.
    """
    text = _closed(text)
    if not text or not is_right_to_left(language):
        return text
    marked = _RUN.sub(_kept_together, text.replace(LRM, ""))
    first = next((d for one in marked if (d := _strong(one))), "")
    return marked if first in {"R", "AL"} else RLM + marked


def _kept_together(run: re.Match[str]) -> str:
    # A plain number needs no mark; one with signs inside does.
    return run[0] if run[0].isdecimal() else f"{LRM}{run[0]}{LRM}"


def _strong(letter: str) -> str:
    direction = unicodedata.bidirectional(letter)
    return direction if direction in {"L", "R", "AL"} and letter != LRM else ""


def _closed(text: str) -> str:
    """The text without paired controls, unless each is closed in its turn."""
    still_open: list[str] = []
    for sign in _PAIRED.findall(text):
        if sign in _OPENING:
            still_open.append(sign)
        elif not still_open or still_open.pop() not in _CLOSING[sign]:
            return _PAIRED.sub("", text)
    return _PAIRED.sub("", text) if still_open else text
