"""Which texts a language has, by name, and what may stand in each.

The rule is one for the files that we bring along and for what an authority writes in
their place. A text is named as it stands in a file: ``hazards.flood.act``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from warning.texts.fitting import units
from warning.texts.hazards import Hazard

#: Longest guidance, UTF-16 units: with source, hazard, place and time it makes 360.
MAX_GUIDANCE = 120
#: The same for 90 characters.
MAX_SHORT = 30
#: Longest list of the words by which a hazard is recognised.
MAX_WORDS = 1_200
#: Parts the words of a list; may not stand in one.
SEPARATOR = ", "

PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
#: Turn the direction of writing: what is shown is not what is sent.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Notice(StrEnum):
    """What is said about an alert that people have been told of already."""

    #: To those still inside: goes before what has changed.
    UPDATE = "update"
    #: To those whom an update leaves out.
    NO_LONGER_AFFECTED = "no_longer_affected"
    #: The danger is over.
    ALL_CLEAR = "all_clear"
    #: The warning is taken back; that the danger is over is not said.
    WITHDRAWN = "withdrawn"
    #: It was a mistake from the start.
    CORRECTION = "correction"


class Fault(StrEnum):
    """What is wrong with a text."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    PLACEHOLDERS = "placeholders"
    BRACE = "brace"
    LETTERS = "letters"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a text, and the sentence that says so."""

    fault: Fault
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One text that every language has."""

    #: As it is named in a file.
    path: str
    #: UTF-16 units.
    longest: int
    #: What stands in braces: each of them, and nothing else.
    placeholders: frozenset[str] = frozenset()
    #: Whether it is a list of words, none of which is said to anybody.
    is_list: bool = False

    @property
    def group(self) -> str:
        """What it is edited with: ``words``, ``hazards.flood``."""
        return (
            "words" if self.path.startswith("words.") else self.path.rpartition(".")[0]
        )

    def complaints(self, text: object) -> Iterator[Complaint]:
        """Everything that is wrong with a text of it; nothing if it may be sent."""
        if not isinstance(text, str) or not text.strip():
            yield Complaint(Fault.EMPTY, "there is no text.")
            return
        yield from self._in_braces(text)
        if any(_is_strange(letter) for letter in text):
            yield Complaint(
                Fault.LETTERS,
                "a line break or a sign that nobody sees; write it on one line.",
            )
        if units(text) > self.longest:
            yield Complaint(
                Fault.TOO_LONG, f"{units(text)} long; at most {self.longest}."
            )
        if self.is_list and not all(one.strip() for one in text.split(",")):
            yield Complaint(Fault.COMMA, "two commas with no word between them.")

    def _in_braces(self, text: str) -> Iterator[Complaint]:
        found = PLACEHOLDER.findall(text)
        if set(found) != self.placeholders:
            names = ", ".join(sorted(set(found) ^ self.placeholders))
            yield Complaint(
                Fault.PLACEHOLDERS,
                f"the placeholders are not those it may have: {names}.",
            )
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            yield Complaint(Fault.BRACE, "a brace that is no {placeholder}.")

    def tidied(self, text: str) -> str:
        """The text as it is kept: no blanks at its ends, words in small letters."""
        plain = unicodedata.normalize("NFC", text).strip()
        if not self.is_list:
            return plain
        words = (" ".join(one.casefold().split()) for one in plain.split(","))
        return SEPARATOR.join(dict.fromkeys(words))


def _slots() -> Iterator[Slot]:
    yield Slot(
        path="words.until", longest=MAX_GUIDANCE, placeholders=frozenset({"time"})
    )
    for level in ("act", "prepare"):
        names = frozenset({"hazard", "place"})
        yield Slot(
            path=f"words.headline_{level}", longest=MAX_GUIDANCE, placeholders=names
        )
    for notice in Notice:
        path = f"notices.{notice.value}"
        if notice is Notice.UPDATE:
            yield Slot(path=f"{path}.says", longest=MAX_GUIDANCE)
            continue
        names = frozenset({"event", "place"})
        yield Slot(path=f"{path}.says", longest=MAX_GUIDANCE, placeholders=names)
        yield Slot(path=f"{path}.do", longest=MAX_GUIDANCE)
    for hazard in Hazard:
        path = f"hazards.{hazard.value}"
        yield Slot(path=f"{path}.name", longest=MAX_SHORT)
        yield Slot(path=f"{path}.act", longest=MAX_GUIDANCE)
        yield Slot(path=f"{path}.prepare", longest=MAX_GUIDANCE)
        yield Slot(path=f"{path}.short", longest=MAX_SHORT)
        yield Slot(path=f"{path}.words", longest=MAX_WORDS, is_list=True)


#: Path → what may stand there, in the order of the files.
SLOTS: Mapping[str, Slot] = {slot.path: slot for slot in _slots()}
#: What is edited together, in the order of the files.
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(slot.group for slot in SLOTS.values()))


def slots_of(group: str) -> list[Slot]:
    """The texts that are edited together; none of a group that there is not."""
    return [slot for slot in SLOTS.values() if slot.group == group]


def _is_strange(letter: str) -> bool:
    """Whether a letter would break a line, or show something other than is sent."""
    return letter in _TURNING or unicodedata.category(letter) in {
        "Cc",
        "Cs",
        "Co",
        "Zl",
        "Zp",
    }
