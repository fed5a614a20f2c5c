"""Our texts as files: those that come with a release, and those of an authority.

A file is ``LANGUAGE.toml``; ``message_texts/en.toml`` is the one to start from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from ivr_scripts.problem import Problem
from warning.errors import TemplateError
from warning.texts.hazards import Hazard
from warning.texts.language_choice import LAST_RESORT
from warning.texts.message_templates import (
    HazardTexts,
    LanguageTexts,
    MessageTemplates,
    NoticeTexts,
)
from warning.texts.text_slots import SLOTS, Notice

_NOTHING: frozenset[str] = frozenset()
#: The key under which a list stands.
_LIST = "words"


@cache
def brought_templates() -> MessageTemplates:
    """Return the texts that come with this release; they never change.

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
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"{name} is no TOML: {error}.") from error
    read = language_of(table, name)
    if name != f"{read.language}.toml":
        raise TemplateError(f"{name} holds {read.language}; call it by its language.")
    return read


def language_of(table: Mapping[str, Any], name: str) -> LanguageTexts:
    """Read the texts of one language from a table as a file has it.

    Parameters
    ----------
    table : mapping
        What a TOML file says; keys beside the texts are left alone.
    name : str
        Of the file, for messages.

    Raises
    ------
    TemplateError
        If a table or key is missing, unknown or no text.
    """
    try:
        kinds = table["hazards"], table["notices"]
        read = LanguageTexts(
            language=_text("language", table["language"]),
            words=_words(table["words"]),
            notices={one: _built(NoticeTexts, kinds[1][one.value]) for one in Notice},
            hazards={one: _built(HazardTexts, kinds[0][one.value]) for one in Hazard},
            unreviewed=_NOTHING if table["is_reviewed"] else frozenset(SLOTS),
        )
        strange = [*kinds[0].keys() - set(Hazard), *kinds[1].keys() - set(Notice)]
    except (KeyError, TypeError, AttributeError) as error:
        raise TemplateError(f"{name}: a table or text is missing: {error}.") from error
    if strange:
        raise TemplateError(f"{name} holds {', '.join(strange)}, not known here.")
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
        for path, slot in SLOTS.items():
            where = f"{language}: {path}"
            wrong = slot.complaints(own.text(path))
            problems += [Problem(where, one.message) for one in wrong]
    return sorted(problems)


def _built(kind: type[Any], table: Mapping[str, Any]) -> Any:
    """Make a value of a table that has exactly its fields.

    Raises
    ------
    TypeError
        If it has others, or one of them is no text.
    """
    names = {one.name for one in fields(kind)}
    if names != table.keys():
        raise TypeError(", ".join(sorted(names ^ table.keys())))
    return kind(
        **{
            key: _list(key, text) if key == _LIST else _text(key, text)
            for key, text in table.items()
        }
    )


def _words(table: Mapping[str, Any]) -> dict[str, str]:
    """The words of a language, exactly those there are.

    Raises
    ------
    TypeError
        If it has others, or one of them is no text.
    """
    names = {path.partition(".")[2] for path in SLOTS if path.startswith("words.")}
    if names != table.keys():
        raise TypeError(", ".join(sorted(names ^ table.keys())))
    return {key: _text(key, text) for key, text in table.items()}


def _list(key: str, words: object) -> tuple[str, ...]:
    """Return what is a list of texts.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(words, list):
        raise TypeError(f"{key} is no list")
    return tuple(_text(key, one) for one in words)


def _text(key: str, text: object) -> str:
    """Return what is a text.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(text, str):
        raise TypeError(f"{key} is no text")
    return text
