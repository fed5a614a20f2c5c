"""The catalogue: scripts by name, words by language along its chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr_scripts.catalogue import (
    Catalogue,
    LanguageLookup,
    Wording,
    load_catalogue,
    read_catalogue,
)
from ivr_scripts.errors import (
    LookupMissingError,
    ScriptError,
    ScriptFormatError,
    TextMissingError,
)
from ivr_scripts.loader import Texts
from ivr_scripts.model import LookupRequest, Option, Prompt

SMALL = Catalogue(
    scripts={},
    texts={
        "en": Texts("en", "English", prompts={"a": "A", "b": "for {area}"}),
        "km": Texts("km", "Khmer", prompts={"a": "ក", "common.language": "x"}),
        "cjm": Texts("cjm", "Cham", fallback="km"),
    },
)


def test_the_packaged_catalogue_has_all_scripts_and_languages() -> None:
    """What the service promises is there."""
    catalogue = load_catalogue()

    assert {
        "flood_warning", "warning", "all_clear", "check_in", "registration", "drill",
        "my_settings", "report_incident", "cardiac_dispatch", "help_callback",
        "record_prompt", "notice", "case_news", "case_role",
        "reachability", "volunteer_duty", "cardiac_home", "case_pin",
    } == set(catalogue.scripts)  # fmt: skip
    promised = {"ar", "cjm", "da", "en", "es", "fr", "km", "vi"}
    assert promised <= set(catalogue.languages)


def test_every_language_has_its_own_drill_word_unless_it_falls_back() -> None:
    """An exercise is named as one in the language it is spoken in."""
    texts = load_catalogue().texts.values()

    assert all(words.drill_word or words.fallback for words in texts)


@pytest.mark.parametrize(
    ("language", "chain"),
    [
        ("en", ["en"]),
        ("km-KH", ["km"]),
        ("cjm", ["cjm", "km"]),
        ("cjm-Latn-KH", ["cjm", "km"]),
        ("sv", []),
        ("", []),
    ],
)
def test_the_chain_of_a_language(language: str, chain: list[str]) -> None:
    """From the most exact tag to the declared fall-back, and no further."""
    assert list(SMALL.chain(language)) == chain


def test_the_nearest_language_is_the_first_of_the_chain_or_the_default() -> None:
    """Somebody whose language nobody has is spoken to in a default."""
    assert SMALL.nearest("km-KH") == "km"
    assert SMALL.nearest("sv") == "en"
    assert SMALL.nearest("sv", default="km") == "km"


def test_a_text_comes_from_the_chain_with_its_language() -> None:
    """A fall-back says in which language the words are."""
    assert SMALL.text("cjm", "a") == "ក"
    assert SMALL.wording(Prompt("cjm", "a"), {}) == Wording("ក", "km")


def test_variables_and_supplied_words_keep_the_language_of_the_call() -> None:
    """The operator wrote them for it."""
    assert SMALL.wording(Prompt("km", "$area"), {"area": "X"}) == Wording("X", "km")
    assert SMALL.wording(Prompt("km", text="Kep"), {}) == Wording("Kep", "km")
    assert SMALL.wording(Prompt("en", "b"), {"area": "X"}).text == "for X"


@pytest.mark.parametrize(
    "prompt", [Prompt("km", "b"), Prompt("km", "$area"), Prompt("en", "b")]
)
def test_missing_words_are_an_error_that_names_them(prompt: Prompt) -> None:
    """Never a silent gap in a warning."""
    with pytest.raises(TextMissingError, match=r"^(No text 'b'|The text)"):
        SMALL.wording(prompt, {})


def test_an_unknown_script_is_an_error_that_names_the_known() -> None:
    """A typing mistake is seen at once."""
    with pytest.raises(ScriptError, match="flood_warning"):
        load_catalogue().script("flod_warning")


def test_only_languages_that_can_name_themselves_are_offered() -> None:
    """One that borrows all its words would be offered under the lender's name."""
    request = LookupRequest("languages", "en")

    assert LanguageLookup(SMALL).options(request) == [
        Option("km", key="common.language", language="km")
    ]
    assert LanguageLookup(SMALL, ["cjm", "sv"]).options(request) == []


def test_the_language_lookup_offers_nothing_else() -> None:
    """A script that needs more needs a lookup that knows more."""
    with pytest.raises(LookupMissingError, match="places"):
        LanguageLookup(SMALL).options(LookupRequest("places", "en"))
    with pytest.raises(LookupMissingError, match="place"):
        LanguageLookup(SMALL).name("place", "12", "en")


def test_scripts_of_an_agency_are_read_from_its_own_folder(tmp_path: Path) -> None:
    """The packaged ones are an offer, not a limit."""
    (tmp_path / "scripts" / "parts").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en.toml").write_text('language = "en"\nname = "English"')
    script = 'start = "end"\non_limit = "end"\n[steps.end]\nkind = "end"'
    (tmp_path / "scripts" / "hello.toml").write_text(script)
    (tmp_path / "scripts" / "notes.txt").write_text("not a script")

    catalogue = read_catalogue(tmp_path)

    assert (list(catalogue.scripts), catalogue.languages) == (["hello"], ("en",))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """With the byte where it stops being UTF-8."""
    (tmp_path / "scripts" / "parts").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "fr.toml").write_bytes('name = "Français"'.encode("latin-1"))

    with pytest.raises(ScriptFormatError, match=r"fr\.toml: not UTF-8 at byte 12"):
        read_catalogue(tmp_path)


def test_a_folder_without_scripts_is_named(tmp_path: Path) -> None:
    """A wrong path is no empty catalogue."""
    with pytest.raises(ScriptFormatError, match="no folder 'parts'"):
        read_catalogue(tmp_path)
