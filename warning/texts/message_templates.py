"""Texts that we bring along, by hazard, severity and language: data, not code.

They stand in ``message_texts/LANGUAGE.toml``. They speak where an alert does not: for
an operator who has chosen a hazard and a place, for an info without an instruction, and
for what follows one (an update, its end, a correction). ``docs/texts.md`` says more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ivr_scripts.problem import Problem
from warning.errors import TemplateError
from warning.texts.fitting import units
from warning.texts.hazards import Hazard, Level
from warning.texts.language_choice import LAST_RESORT, primary

#: What may stand in braces, by the text it stands in.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "until": frozenset({"time"}),
    "headline_act": frozenset({"hazard", "place"}),
    "headline_prepare": frozenset({"hazard", "place"}),
    "says": frozenset({"event", "place"}),
}
#: Longest guidance, UTF-16 units: with source, hazard, place and time it makes 360.
MAX_GUIDANCE = 120
#: The same for 90 characters.
MAX_SHORT = 30

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")


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
    #: Whether somebody whose language it is has read them.
    is_reviewed: bool
    words: Mapping[str, str]
    notices: Mapping[Notice, NoticeTexts]
    hazards: Mapping[Hazard, HazardTexts]

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


@cache
def load_templates() -> MessageTemplates:
    """Return the texts of this package.

    Raises
    ------
    TemplateError
        If something is wrong with them; names every text.
    """
    folder = files("warning.texts").joinpath("message_texts")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    texts = [
        read_language(folder.joinpath(name).read_text(encoding="utf-8"), name)
        for name in names
    ]
    problems = check_templates({one.language: one for one in texts})
    if problems:
        raise TemplateError(" ".join(map(str, problems)))
    return MessageTemplates({one.language: one for one in texts})


def read_language(text: str, name: str) -> LanguageTexts:
    """Read the texts of one language.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Of the file, for messages; ``km.toml`` holds the language ``km``.

    Raises
    ------
    TemplateError
        If it is no TOML, or a table or key is missing, unknown or no text.
    """
    try:
        table = tomllib.loads(text)
        hazards = {
            hazard: _built(HazardTexts, table["hazards"].pop(hazard.value))
            for hazard in Hazard
        }
        notices = {
            notice: _built(NoticeTexts, table["notices"].pop(notice.value))
            for notice in Notice
        }
        read = LanguageTexts(
            language=table["language"],
            is_reviewed=table["is_reviewed"],
            words=table["words"],
            notices=notices,
            hazards=hazards,
        )
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"{name} is no TOML: {error}.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise TemplateError(f"{name}: a table or text is missing: {error}.") from error
    strange = [*table["hazards"], *table["notices"]]
    if strange or name != f"{read.language}.toml":
        raise TemplateError(f"{name} holds {strange or read.language}, not known here.")
    return read


def check_templates(texts: Mapping[str, LanguageTexts]) -> list[Problem]:
    """Everything that is wrong with the texts of all languages.

    Returns
    -------
    list of Problem
        Sorted by place; empty if every language has every text, each with the
        placeholders it may have and no longer than it may be.
    """
    problems = []
    if LAST_RESORT not in texts:
        problems.append(Problem("message_texts", f"{LAST_RESORT} is missing."))
    for language, own in texts.items():
        missing = {"until", "headline_act", "headline_prepare"} - own.words.keys()
        problems += [Problem(f"{language}: words", f"no {one}.") for one in missing]
        for key, text, longest in _all(own):
            problems += _judge(f"{language}: {key}", key, text, longest)
    return sorted(problems)


def _all(own: LanguageTexts) -> Iterator[tuple[str, str, int]]:
    """Every text: key, text, and how long it may be."""
    yield from ((key, text, MAX_GUIDANCE) for key, text in own.words.items())
    for notice, said in own.notices.items():
        yield f"{notice.value}.says", said.says, MAX_GUIDANCE
        if notice is not Notice.UPDATE:
            yield f"{notice.value}.do", said.do, MAX_GUIDANCE
    for hazard, texts in own.hazards.items():
        yield f"{hazard.value}.name", texts.name, MAX_SHORT
        yield f"{hazard.value}.act", texts.act, MAX_GUIDANCE
        yield f"{hazard.value}.prepare", texts.prepare, MAX_GUIDANCE
        yield f"{hazard.value}.short", texts.short, MAX_SHORT
        yield f"{hazard.value}.words", " ".join(texts.words), 10 * MAX_GUIDANCE


def _judge(where: str, key: str, text: object, longest: int) -> Iterator[Problem]:
    if not isinstance(text, str) or not text.strip():
        yield Problem(where, "there is no text.")
        return
    allowed = PLACEHOLDERS.get(key.rpartition(".")[2], frozenset())
    found = set(_PLACEHOLDER.findall(text))
    if found != allowed and not (key == "update.says" and not found):
        names = ", ".join(sorted(found ^ allowed))
        yield Problem(where, f"the placeholders are not those it may have: {names}.")
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        yield Problem(where, "a brace that is no {placeholder}.")
    if units(text) > longest:
        yield Problem(where, f"{units(text)} long; at most {longest}.")


def _built(kind: type[Any], table: Mapping[str, Any]) -> Any:
    """Make a value of a table that has exactly its fields.

    Raises
    ------
    TypeError
        If it has others.
    """
    names = {one.name for one in fields(kind)}
    if names != table.keys():
        raise TypeError(", ".join(sorted(names ^ table.keys())))
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()})


def _filled(text: str, **values: str) -> str:
    # What is put in may hold braces itself and is not looked at again.
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
