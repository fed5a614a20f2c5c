"""The check of all scripts in all languages together."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import pytest

from ivr_scripts.catalogue import load_catalogue, read_catalogue
from ivr_scripts.checks import check, check_keywords, spoken_keys
from ivr_scripts.loader import Texts, read_script
from ivr_scripts.model import Script

CATALOGUE = load_catalogue()
DRILL: Mapping[str, Script] = {"drill": CATALOGUE.script("drill")}
LIMIT_S = 1.0


def test_the_packaged_scripts_and_texts_have_no_problems() -> None:
    """Everything exists in every language and every call ends."""
    assert check(CATALOGUE.scripts, CATALOGUE.texts) == []


@pytest.mark.timed
def test_reading_and_checking_everything_takes_at_most_a_second() -> None:
    """It runs at every start of the service."""
    before = time.perf_counter()
    catalogue = read_catalogue(files("ivr_scripts"))
    check(catalogue.scripts, catalogue.texts)

    assert time.perf_counter() - before < LIMIT_S


def english(**prompts: str | None) -> dict[str, Texts]:
    """The English texts with some changed, or taken out by None."""
    words = CATALOGUE.texts["en"]
    changed = {key.replace("__", "."): text for key, text in prompts.items()}
    merged = {**words.prompts, **changed}
    kept = {key: text for key, text in merged.items() if text is not None}
    return {"en": replace(words, prompts=kept)}


def sentences(texts: Mapping[str, Texts]) -> list[str]:
    return [str(problem) for problem in check(CATALOGUE.scripts, texts)]


def test_a_missing_text_is_a_problem() -> None:
    """Also one that only a wrong key needs."""
    found = sentences(english(common__wrong=None, drill__opening=None))

    assert found == [
        "en: common.wrong: there is no text.",
        "en: drill.opening: there is no text.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the text is empty."),
        ("a\nb", "there is a line end or a control character in it."),
        ("a {b", "a brace that is no {placeholder}."),
        ("{}", "a brace that is no {placeholder}."),
    ],
)
def test_defective_texts(text: str, sentence: str) -> None:
    """What a hand that edits the file may leave behind."""
    assert f"en: drill.thanks: {sentence}" in sentences(english(drill__thanks=text))


def test_a_text_that_nobody_speaks_is_a_problem() -> None:
    """A translator's time is not spent on what is never heard."""
    assert sentences(english(old__text="x")) == ["en: old.text: no script speaks this."]


def test_placeholders_are_those_of_the_reference_language() -> None:
    """A translation cannot lose the place, or invent one."""
    words = CATALOGUE.texts["da"]
    prompts = {**words.prompts, "sms.place_changed": "Nu {placering}."}
    texts = {**CATALOGUE.texts, "da": replace(words, prompts=prompts)}

    assert sentences(texts) == [
        "da: sms.place_changed: placeholders differ from English: place, placering."
    ]


def test_a_script_can_fill_its_placeholders() -> None:
    """What a spoken text needs is among the variables of the script."""
    found = sentences(english(drill__thanks="Thank you, {name}."))

    assert "drill: 'drill.thanks' needs {name}, which is not among the variables." in (
        found
    )


@pytest.mark.parametrize(
    ("fallbacks", "sentence"),
    [
        ({"xx": "yy"}, "xx: falls back on 'yy', which has no texts."),
        ({"xx": "xx"}, "xx: falls back in a circle: xx → xx."),
        ({"xx": "zz", "zz": "xx"}, "xx: falls back in a circle: xx → zz → xx."),
    ],
)
def test_a_fall_back_leads_somewhere(fallbacks: dict[str, str], sentence: str) -> None:
    """To a language with texts, and not in a circle."""
    others = {tag: Texts(tag, tag, fallback=to) for tag, to in fallbacks.items()}

    assert sentence in sentences({**english(), **others})


def test_a_language_that_falls_back_needs_no_texts_of_its_own() -> None:
    """That is how a language begins."""
    assert sentences({**english(), "xx": Texts("xx", "X", fallback="en")}) == []


def test_without_the_reference_language_nothing_can_be_compared() -> None:
    """One clear sentence instead of hundreds."""
    (problem,) = check(DRILL, {"km": CATALOGUE.texts["km"]})

    assert str(problem) == "texts: the reference language 'en' is missing."


def test_what_has_to_be_recorded_for_a_script() -> None:
    """Its own prompts, the keys, and what silence and wrong keys call for."""
    keys = spoken_keys(CATALOGUE.script("drill"))

    assert {"drill.opening", "press.1", "choice.understood", "common.wrong"} <= keys
    assert not {key for key in keys if key.startswith(("$", "@", "sms."))}


def test_keys_that_are_no_digits_have_names() -> None:
    """A text key is a plain word."""
    script = read_script(
        """
        start = "menu"
        on_limit = "end"
        [steps.menu]
        kind = "menu"
        say = ["a"]
        on_give_up = "end"
        choices = [
          { digit = "*", say = "b", to = "end" },
          { digit = "#", say = "c", to = "end" },
        ]
        [steps.end]
        kind = "end"
        """,
        "sample",
    )

    assert {"press.star", "press.hash"} <= spoken_keys(script)


def test_a_word_that_asks_for_two_things_is_a_problem() -> None:
    """The checker names the word, after accents and capitals are gone."""
    lists = {"STOP": ("hé",), "HELP": ("HE",), "SAFE": ("x",), "JOIN": ("y",)}
    words = Texts("xx", "X", keywords={**lists, "names": ("xx",)})

    assert [str(problem) for problem in check_keywords(words)] == [
        "xx: keywords.HELP: 'HE' stands for STOP as well."
    ]


def test_missing_unknown_and_empty_word_lists_are_problems() -> None:
    """A language cannot leave its speakers without a word for STOP."""
    words = Texts("xx", "X", keywords={"STOPP": ("x",), "HELP": ("!",)})

    sentences = [problem.what for problem in check_keywords(words)]

    assert "there are no keywords STOP." in sentences
    assert "there is no command 'STOPP'." in sentences
    assert "'!' must be 1 to 6 words." in sentences
