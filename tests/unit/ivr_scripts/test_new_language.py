"""A language nobody has heard of is added by one file, as the how-to says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files

import pytest

from ivr_scripts.catalogue import Catalogue, LanguageLookup, load_catalogue
from ivr_scripts.checks import check
from ivr_scripts.keywords import CommandKind, Keywords
from ivr_scripts.loader import Texts, read_texts
from ivr_scripts.model import LookupRequest, Prompt

TAG = "qya"
#: Words of the made-up language for each list of the reference.
WORDS = {
    "JOIN": ["tuluva"], "STOP": ["pusta"], "START": ["yesta"], "LANG": ["lambe"],
    "PLACE": ["nome"], "SAFE": ["varna"], "YES": ["na"], "HELP": ["resta"],
    "REPORT": ["nyare"], "INFO": ["sinwa"], "STATUS": ["tarma"], "polite": ["mecin"],
    "names": ["quenya"],
}  # fmt: skip


def translated() -> str:
    """The reference with every value in other words and every placeholder kept."""
    source = files("ivr_scripts").joinpath("texts", "en.toml")
    text, _, _ = source.read_text(encoding="utf-8").partition("[keywords]")
    text = text.replace('language = "en"', f'language = "{TAG}"')
    text = text.replace('name = "English"', 'name = "Quenya"')
    text = text.replace('drill_word = "EXERCISE"', 'drill_word = "TYALIE"')
    text = text.replace("is_reviewed = true", "is_reviewed = false")
    head, prompts, rest = text.partition("[prompts")
    rest = re.sub(r'^(\w+ = ")', r"\1Quet ", rest, flags=re.MULTILINE)
    lists = "\n".join(f"{name} = {json.dumps(words)}" for name, words in WORDS.items())
    return f"{head}{prompts}{rest}[keywords]\n{lists}\n"


@pytest.fixture(scope="module")
def texts() -> Texts:
    return read_texts(translated(), TAG)


@pytest.fixture(scope="module")
def catalogue(texts: Texts) -> Catalogue:
    known = load_catalogue()
    return Catalogue(known.scripts, {**known.texts, TAG: texts})


def test_the_file_alone_is_enough(catalogue: Catalogue) -> None:
    """Every script can be used in it, and it offers itself."""
    assert check(catalogue.scripts, catalogue.texts) == []
    offered = LanguageLookup(catalogue).options(LookupRequest("languages", "en"))
    assert TAG in [one.value for one in offered]
    assert catalogue.text(TAG, "common.goodbye").startswith("Quet ")
    wording = catalogue.wording(Prompt(TAG, "sms.welcome"), {"place": "Tirion"})
    assert "Tirion" in wording.text


def test_its_words_are_understood_from_anybody(catalogue: Catalogue) -> None:
    """Also by whom nothing is known, and in any case."""
    keywords = Keywords(catalogue.texts)
    for name in ("JOIN", "STOP", "START", "SAFE", "HELP", "INFO", "STATUS", "REPORT"):
        said = f"{WORDS[name][0].upper()}!"
        assert keywords.parse(said, "").kind is CommandKind[name], said
    assert keywords.parse("lambe quenya", "").argument == TAG
    assert keywords.parse("na", TAG).digit == "1"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('goodbye = "Quet Goodbye."\n', ""),
        ("{place}", "{plaice}"),
        ('"pusta"', '"tuluva"'),
    ],
    ids=["a key left out", "a placeholder misspelt", "one word for two things"],
)
def test_what_is_wrong_with_it_is_named(old: str, new: str) -> None:
    """Nobody finds out in an emergency."""
    known, text = load_catalogue(), translated()
    assert old in text
    broken = read_texts(text.replace(old, new), TAG)
    problems = check(known.scripts, {**known.texts, TAG: broken})
    assert problems
    assert any(TAG in str(one) or "tuluva" in str(one) for one in problems)


def test_a_few_texts_of_its_own_are_enough_with_a_fall_back(texts: Texts) -> None:
    """The rest is borrowed, and it is not offered before it can name itself."""
    known = load_catalogue()
    few = replace(texts, prompts={}, keywords={}, fallback="en")
    catalogue = Catalogue(known.scripts, {**known.texts, TAG: few})
    assert check(catalogue.scripts, catalogue.texts) == []
    offered = LanguageLookup(catalogue).options(LookupRequest("languages", "en"))
    assert TAG not in [one.value for one in offered]
