"""Our texts, by hazard, severity and language: data, not code.

They speak where an alert does not: for an operator who has chosen a hazard and a place,
for an info without an instruction, and for what follows one (an update, its end, a
correction). Those that come with a release are in ``text_files``; what an authority
says in their place is in ``text_changes``. ``docs/texts.md`` says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from warning.texts.hazards import Hazard, Level
from warning.texts.language_choice import LAST_RESORT, primary
from warning.texts.text_slots import PLACEHOLDER, SEPARATOR, SLOTS, Notice

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HazardTexts:
    """What is said about one hazard in one language."""

    name: str
    #: By which it is recognised in ``event``; small letters.
    words: tuple[str, ...]
    #: What to do now.
    act: str
    #: How to get ready.
    prepare: str
    #: What to do now, in at most `MAX_SHORT` units.
    short: str

    def guidance(self, level: Level) -> str:
        """Return what to do at a level."""
        return self.act if level is Level.ACT else self.prepare


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """What is said after an alert: ``{event}`` and ``{place}`` are those of it."""

    says: str
    #: What to do; empty if the alert says it.
    do: str


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """All texts of one language."""

    #: BCP 47.
    language: str
    words: Mapping[str, str]
    notices: Mapping[Notice, NoticeTexts]
    hazards: Mapping[Hazard, HazardTexts]
    #: Paths of the texts that nobody whose language it is has read.
    unreviewed: frozenset[str] = _NOTHING

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody whose language it is has read all of them."""
        return not self.unreviewed

    def is_unreviewed(self, words: str) -> bool:
        """Whether some words are a text that no speaker of the language has read."""
        return any(self.text(path) == words for path in self.unreviewed)

    def text(self, path: str) -> str:
        """One text by its path, such as ``hazards.flood.act``; lists with commas.

        Raises
        ------
        KeyError
            If no text is called so.
        """
        kind, _, rest = path.partition(".")
        if kind == "words":
            return self.words[rest]
        name, _, key = rest.partition(".")
        known: object = (
            self.notices[Notice(name)]
            if kind == "notices"
            else self.hazards[Hazard(name)]
        )
        text: str | tuple[str, ...] = getattr(known, key)
        return text if isinstance(text, str) else SEPARATOR.join(text)

    @classmethod
    def of(cls, language: str, texts: Mapping[str, str]) -> LanguageTexts:
        """The texts of a language by path; there has to be one for every path."""
        empty = cls(
            language=language,
            words={},
            notices=dict.fromkeys(Notice, NoticeTexts("", "")),
            hazards=dict.fromkeys(Hazard, HazardTexts("", (), "", "", "")),
            unreviewed=frozenset(SLOTS),
        )
        return empty.having(texts)

    def having(self, texts: Mapping[str, str]) -> LanguageTexts:
        """The same with other texts, by path; each has been judged before."""
        words, notices = dict(self.words), dict(self.notices)
        hazards = dict(self.hazards)
        for path, text in texts.items():
            kind, _, rest = path.partition(".")
            name, _, key = rest.partition(".")
            if kind == "words":
                words[rest] = text
            elif kind == "notices":
                notice = Notice(name)
                notices[notice] = replace(notices[notice], **{key: text})
            else:
                value: Any = _value(path, text)
                hazard = Hazard(name)
                hazards[hazard] = replace(hazards[hazard], **{key: value})
        return replace(self, words=words, notices=notices, hazards=hazards)

    def until(self, time: str) -> str:
        """Until when it holds, as a sentence."""
        return _filled(self.words["until"], time=time)

    def headline(self, hazard: Hazard, level: Level, place: str) -> str:
        """Name hazard and place, and how bad it is."""
        words = self.words[f"headline_{level.value}"]
        return _filled(words, hazard=self.hazards[hazard].name, place=place)

    def notice(self, notice: Notice, *, event: str, place: str) -> str:
        """What has become of an alert, as sentences."""
        return _filled(self.notices[notice].says, event=event, place=place)


class MessageTemplates:
    """The texts of every language."""

    def __init__(self, texts: Mapping[str, LanguageTexts]) -> None:
        self.texts = dict(texts)

    def find(self, language: str) -> LanguageTexts | None:
        """Return the texts of a language, whatever its region; None without any."""
        return self.texts.get(language) or self.texts.get(primary(language))

    def nearest(self, language: str) -> LanguageTexts:
        """Return the texts of a language, or the English ones."""
        return self.find(language) or self.texts[LAST_RESORT]

    def phrases(self, language: str) -> Iterator[tuple[Hazard, str]]:
        """By what the hazards are recognised in a language."""
        texts = self.find(language)
        if texts is not None:
            for hazard, own in texts.hazards.items():
                yield from ((hazard, word) for word in own.words)


def _value(path: str, text: str) -> str | tuple[str, ...]:
    """A text as it is held: lists of words apart."""
    return tuple(text.split(SEPARATOR)) if SLOTS[path].is_list else text


def _filled(text: str, **values: str) -> str:
    # What is put in may hold braces itself and is not looked at again.
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)
