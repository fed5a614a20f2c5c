"""What an authority says in place of the texts that we bring, as a list of changes.

Nothing in it is ever written over: an alert keeps the texts that it was submitted with,
so those of every moment can be made again. What a speaker of the language has read is
kept by the words themselves: whoever changes a text has not read for the next one, and
who goes back to words that were read has words that were read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from warning.texts.message_templates import LanguageTexts, MessageTemplates
from warning.texts.text_slots import SLOTS


class Change(StrEnum):
    """What somebody did to a text."""

    #: Wrote words of their own in its place.
    WRITTEN = "written"
    #: Went back to the words that come with the release.
    BROUGHT = "brought"
    #: Read these words, and stands by them.
    REVIEWED = "reviewed"
    #: Took that back.
    DOUBTED = "doubted"


#: Changes of what people are told; the others are judgements of it.
OF_WORDS = frozenset({Change.WRITTEN, Change.BROUGHT})


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChange:
    """One change of one text."""

    #: Grows with every transaction that changes texts.
    revision: int
    #: BCP 47.
    language: str
    path: str
    change: Change
    #: What was written, or judged; empty for what went back.
    words: str
    by: str
    #: Aware.
    at: datetime


class History:
    """Every change there was, and what follows from it.

    Parameters
    ----------
    changes : sequence of TextChange
        Ascending by revision.
    """

    def __init__(self, changes: Sequence[TextChange]) -> None:
        self.changes = changes
        #: Language and path → the change that made a text what it says.
        self._last: dict[tuple[str, str], TextChange] = {}
        #: Language, path and words → what was last thought of them.
        self._judged: dict[tuple[str, str, str], TextChange] = {}
        for one in changes:
            if one.change in OF_WORDS:
                self._last[one.language, one.path] = one
            else:
                self._judged[one.language, one.path, one.words] = one

    @property
    def revision(self) -> int:
        """That of the newest; 0 without any."""
        return self.changes[-1].revision if self.changes else 0

    def seen_after(self, language: str, *, seen: int, by: str) -> int:
        """Up to which revision somebody knows a language who has just changed it.

        Their own changes they know; as soon as somebody else has changed a text of the
        language since ``seen``, only what they had read.
        """
        is_alone = all(
            one.by == by
            for one in self.changes
            if one.language == language and one.revision > seen
        )
        return self.revision if is_alone else seen

    def last(self, language: str, path: str) -> TextChange | None:
        """The change that made a text what it says; None if it is as it came."""
        return self._last.get((language, path))

    def reading(self, language: str, path: str, words: str) -> TextChange | None:
        """Who read these words last, and stands by them; None if nobody does."""
        judged = self._judged.get((language, path, words))
        is_read = judged is not None and judged.change is Change.REVIEWED
        return judged if is_read else None

    def templates(
        self, brought: MessageTemplates, *, at: int | None = None
    ) -> MessageTemplates:
        """The texts of a moment.

        Parameters
        ----------
        brought : MessageTemplates
            Those that come with the release.
        at : int, optional
            After which revision; the newest if not given. What has been read since is
            read: that belongs to the words.
        """
        written: dict[str, dict[str, str | None]] = defaultdict(dict)
        for one in self.changes:
            if one.change in OF_WORDS and (at is None or one.revision <= at):
                words = one.words if one.change is Change.WRITTEN else None
                written[one.language][one.path] = words
        texts = dict(brought.texts)
        for language, changed in written.items():
            own = {path: words for path, words in changed.items() if words is not None}
            made = _made(language, brought.texts.get(language), own)
            if made is not None:
                texts[language] = made
        return MessageTemplates(
            {
                language: self._judge(own, brought.texts.get(language))
                for language, own in texts.items()
            }
        )

    def _judge(
        self, own: LanguageTexts, brought: LanguageTexts | None
    ) -> LanguageTexts:
        """The same, with what no speaker of the language has read."""
        unread = (
            path
            for path in SLOTS
            if self.reading(own.language, path, own.text(path)) is None
            and not _came_read(path, own, brought)
        )
        return replace(own, unreviewed=frozenset(unread))


def _made(
    language: str, brought: LanguageTexts | None, own: Mapping[str, str]
) -> LanguageTexts | None:
    """The texts of a language; None if they are not whole."""
    if brought is not None:
        return brought.having(own)
    return LanguageTexts.of(language, own) if own.keys() == SLOTS.keys() else None


def _came_read(path: str, own: LanguageTexts, brought: LanguageTexts | None) -> bool:
    """Whether it is as it came, and was read before the release."""
    return (
        brought is not None
        and path not in brought.unreviewed
        and own.text(path) == brought.text(path)
    )
