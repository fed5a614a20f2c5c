"""Which language somebody is told in, and what the texts of a language bring along.

The telephone scripts know which languages there are, whose speakers understand which
other one, and the word that starts an exercise. There is no second table of these here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from ivr_scripts.catalogue import load_catalogue

#: Used when neither the person's nor the country's language is available.
LAST_RESORT = "en"


def choose_language(
    wanted: str, available: Sequence[str], *, country_default: str
) -> str:
    """The language in which a person is told.

    The person's own, as near as there is (region, script); then what its speakers
    understand, by the texts of the telephone scripts; then the country's default, then
    English, then the first there is.

    Parameters
    ----------
    wanted : str
        The person's BCP 47 tag.
    available : sequence of str
        Languages the alert has, at least one.

    Examples
    --------
    >>> choose_language("vi", ["km", "en-US"], country_default="km")
    'km'
    >>> choose_language("en-GB", ["km", "en-US"], country_default="km")
    'en-US'
    >>> choose_language("zh-Hant-TW", ["zh-Hans", "zh-Hant-HK"], country_default="km")
    'zh-Hant-HK'
    """
    for tag in (wanted, *load_catalogue().chain(wanted), country_default, LAST_RESORT):
        nearest = _nearest(tag, available)
        if nearest is not None:
            return nearest
    return available[0]


def primary(language: str) -> str:
    """The primary subtag in its shortest form: ``en`` of ``en-US`` and of ``eng``."""
    subtag = language.partition("-")[0].casefold()
    alias: str = get_global("language_aliases").get(subtag, subtag)
    return alias.partition("_")[0]


@lru_cache(maxsize=1_024)
def drill_word(language: str) -> str:
    """The word that starts whatever is not meant in earnest."""
    known = load_catalogue()
    tags = (*known.chain(language), LAST_RESORT)
    return next(word for tag in tags if (word := known.texts[tag].drill_word))


def words_for(key: str, language: str) -> str:
    """A text of the telephone scripts in this very language; empty if it has none."""
    known = load_catalogue()
    own = next(known.chain(language), None)
    return "" if own is None else known.texts[own].prompts.get(key, "")


@lru_cache(maxsize=1_024)
def locale_of(language: str) -> Locale:
    """How dates are written in a language, or in one that its speakers understand."""
    for tag in (language, primary(language), *load_catalogue().chain(language)):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(LAST_RESORT)


def _nearest(tag: str, available: Sequence[str]) -> str | None:
    """The one of the same language with most subtags in common; the first of equals."""
    same = [have for have in available if primary(have) == primary(tag)]
    return max(same, key=lambda have: _in_common(tag, have), default=None)


def _in_common(one: str, other: str) -> tuple[int, int]:
    """How many subtags after the first agree, and how few more the other has."""
    wanted, have = (set(_subtags(tag)) for tag in (one, other))
    return len(wanted & have), -len(have - wanted)


def _subtags(tag: str) -> Iterator[str]:
    yield from tag.casefold().split("-")[1:]
