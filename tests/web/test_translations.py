"""Every text of the console has its words in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from accounts.operators import Role
from ivr_scripts.catalogue import load_catalogue
from responders.case import CaseState, PlaceType
from responders.deciding.roles import Role as ResponderRole
from responders.offer import OfferState
from responders.roster.skills import PROVABLE, skill_word
from responders.roster.volunteer import Standing
from telephony.delivery import DeliveryState
from warning.alert import AlertState
from warning.cap import CapStatus, Severity
from warning.citizens.citizen_reports import ReportKind, ReportState
from warning.recipients import Exclusion
from web.console.frame import ENTRIES
from web.console.languages import LANGUAGES, TRANSLATIONS
from web.retention import retention

WEB = TRANSLATIONS.parent
OTHERS = sorted(set(LANGUAGES) - {"en"})
#: As ``scripts/translations`` reads them.
_KEYWORDS = {**DEFAULT_KEYWORDS, "noted": None, "Kind": (3,)}
_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
#: What stands for a value: of Python, and of our scripts.
_PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@cache
def texts() -> frozenset[str]:
    """Every text of code and templates."""
    found = extract_from_dir(str(WEB), _METHODS, keywords=_KEYWORDS)
    return frozenset(str(text) for _file, _line, text, *_rest in found)


@cache
def catalogue(language: str) -> Catalog:
    """What a language has."""
    path = Path(TRANSLATIONS) / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_lacks_its_words(language: str) -> None:
    """What is not translated is said to be so here, not found at three in the night."""
    known = catalogue(language)

    missing = [
        text for text in sorted(texts()) if text not in known or not known[text].string
    ]

    assert missing == [], "scripts/translations update, then fill in what is empty"


@pytest.mark.parametrize("language", OTHERS)
def test_values_stand_in_every_language(language: str) -> None:
    """A number that English shows is shown in the other language, once as well."""
    for message in catalogue(language):
        if message.id:
            wanted = sorted(_PLACE.findall(str(message.id)))
            assert sorted(_PLACE.findall(str(message.string))) == wanted, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_that_nobody_says(language: str) -> None:
    """Words for texts that are gone only hide what is missing."""
    said = {str(message.id) for message in catalogue(language) if message.id}

    assert said - texts() == set()


def words(kind: Iterable[Enum]) -> set[str]:
    """As templates show a value: its word without underlines."""
    return {str(one.value).replace("_", " ") for one in kind}


@pytest.mark.parametrize(
    "kind",
    [
        Role,
        AlertState,
        CapStatus,
        Severity,
        Exclusion,
        CaseState,
        PlaceType,
        ReportKind,
        ReportState,
        Standing,
        ResponderRole,
    ],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_values_of_the_domain_are_words(kind: type[Enum]) -> None:
    """A state that the domain gets is translated before anybody sees it."""
    assert words(kind) - texts() == set()


def test_states_of_offers_are_words() -> None:
    """They are numbers in the domain and names on the screen."""
    names = {state.name.lower().replace("_", " ") for state in OfferState}
    assert names - texts() == set()


def test_names_of_the_domain_are_words() -> None:
    """Skills and states of deliveries are shown by name; scripts are named by files."""
    named = {skill_word(one) for one in PROVABLE}
    named |= {state.name.lower() for state in DeliveryState}
    named |= set(load_catalogue().scripts)

    assert {name.replace("_", " ") for name in named} - texts() == set()


def test_what_is_kept_is_said_in_words() -> None:
    """The page that says how long things are kept."""
    lines = retention(
        session_minutes=1,
        rest_days=1,
        publish_ended_h=1,
        voice_note_days=1,
        draft_days=1,
    )

    assert {line.what for line in lines} - texts() == set()


def test_every_word_of_the_rail_is_translated() -> None:
    """The way around is read first."""
    assert {entry.word for entry in ENTRIES} - texts() == set()
