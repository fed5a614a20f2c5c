"""The texts of a language as they stand, beside those that we bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warning.texts.message_templates import LanguageTexts
from warning.texts.text_changes import History, TextChange
from warning.texts.text_files import brought_templates
from warning.texts.text_slots import SLOTS, Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLine:
    """One text of a language as it stands."""

    slot: Slot
    words: str
    #: What comes with the release; None if nothing does.
    brought: str | None
    #: Whether a speaker of the language has read these words.
    is_reviewed: bool
    #: Who last changed it; None if it is as it came.
    changed: TextChange | None
    #: Who read it; None if nobody did, or it came read.
    read: TextChange | None

    @property
    def path(self) -> str:
        """Its name."""
        return self.slot.path

    @property
    def is_own(self) -> bool:
        """Whether it says something other than what we bring."""
        return self.words != self.brought


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageLines:
    """All texts of a language, and the moment at which they were seen."""

    language: str
    revision: int
    lines: Sequence[TextLine]

    @property
    def n_own(self) -> int:
        """How many say something other than what we bring."""
        return sum(line.is_own for line in self.lines)

    @property
    def n_unreviewed(self) -> int:
        """How many nobody whose language it is has read."""
        return sum(not line.is_reviewed for line in self.lines)


def lines_of(own: LanguageTexts, history: History) -> LanguageLines:
    """Put the texts of a language beside what we bring and what was done to them."""
    brought = brought_templates().texts.get(own.language)
    return LanguageLines(
        language=own.language,
        revision=history.revision,
        lines=[
            TextLine(
                slot=slot,
                words=own.text(path),
                brought=None if brought is None else brought.text(path),
                is_reviewed=path not in own.unreviewed,
                changed=history.last(own.language, path),
                read=history.reading(own.language, path, own.text(path)),
            )
            for path, slot in SLOTS.items()
        ],
    )
