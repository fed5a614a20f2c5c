"""Our texts as a file: out, in again, and what a hostile one does."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest

from ops.wiring.text_services import TextServices
from tests.fakes.message_texts import TextStore, make_texts
from warning.errors import StaleTextError, TemplateError
from warning.texts.text_files import brought_templates
from warning.texts.text_rules import BadTextsError
from warning.texts.text_slots import SLOTS

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
ACT = "hazards.flood.act"


@pytest.fixture
def texts() -> TextServices:
    return make_texts(TextStore(), lambda: NOW)


def take(texts: TextServices, file: str | bytes, *, is_over: bool = False) -> list[str]:
    data = file.encode() if isinstance(file, str) else file
    taken = texts.exchange.take(data, name="x.toml", by="anna", is_over=is_over)
    return list(taken.changed)


@pytest.mark.parametrize("language", sorted(brought_templates().texts))
def test_what_goes_out_comes_in_unchanged(texts: TextServices, language: str) -> None:
    """Every text of every language, quotes and backslashes too."""
    words = {ACT: 'Say "up" \\ now'}
    texts.desk.save(language, words, seen=0, by="anna")
    file = texts.exchange.written(language)
    assert tomllib.loads(file)["hazards"]["flood"]["act"] == words[ACT]
    assert take(texts, file) == []
    texts.desk.bring_back(language, [ACT], seen=1, by="anna")
    assert take(texts, file, is_over=True) == [ACT]


def test_a_new_language_is_whole_or_not_there(texts: TextServices) -> None:
    """With its tag in the letters of the registry."""
    file = texts.exchange.written("en").replace('"en"', '"ZH_hant"')
    assert len(take(texts, file)) == len(SLOTS)
    assert texts.desk.language("zh-Hant").n_own == len(SLOTS)
    assert texts.desk.language("zh-Hant").n_unreviewed == len(SLOTS)


def test_what_was_changed_since_is_not_overwritten(texts: TextServices) -> None:
    """Unless that is said: the file tells of which moment it is."""
    file = texts.exchange.written("km")
    texts.desk.save("km", {ACT: "Later"}, seen=0, by="boran")
    with pytest.raises(StaleTextError, match="boran"):
        take(texts, file)
    assert take(texts, file, is_over=True) == [ACT]


def test_that_it_was_read_is_not_taken_from_a_file(texts: TextServices) -> None:
    """A reader is a name in our own record."""
    file = texts.exchange.written("km").replace(
        "is_reviewed = false", "is_reviewed = true"
    )
    take(texts, file)
    assert texts.desk.language("km").n_unreviewed == len(SLOTS)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('language = "en"', 'language = "kh"', "Khmer is km"),
        ('language = "en"', 'language = "../etc"', "not a language tag"),
        ('language = "en"', "language = 7", "language is no text"),
        ("revision = 0", "revision = -1", "revision"),
        ("revision = 0", "revision = true", "revision"),
        ("revision = 0", 'revision = "new"', "revision"),
        ("[words]", "[wordz]", "words"),
        ("[hazards.flood]", "[hazards.rain]", "flood"),
        ("[words]", "[words", "is no TOML"),
        ('words = ["heat"', 'words = [["heat"]', "words"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(
    texts: TextServices, old: str, new: str, says: str
) -> None:
    """With its name and what is wrong; nothing is kept."""
    file = texts.exchange.written("en")
    assert old in file
    with pytest.raises(TemplateError, match=says):
        take(texts, file.replace(old, new, 1))
    assert texts.desk.language("en").revision == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"x" * 200_001, "at most 200,000"),
        (b"a = " + b"[" * 50_000, "no TOML|nested"),
        (b'language = "\xff\xfe"', "not UTF-8 at byte"),
        (b"", "missing"),
        (b"hazards = 3\nnotices = 4", "missing"),
    ],
)
def test_a_hostile_file_is_refused(texts: TextServices, data: bytes, says: str) -> None:
    """Huge, deep, in other letters, or empty."""
    with pytest.raises(TemplateError, match=says):
        take(texts, data)


def test_a_text_that_cannot_be_sent_is_told_by_name(texts: TextServices) -> None:
    """By the same rule as on the page."""
    file = texts.exchange.written("en")
    act = texts.templates().texts["en"].text(ACT)
    with pytest.raises(BadTextsError, match=r"hazards.flood.act: .*placeholders"):
        take(texts, file.replace(act, "Go to {place}."))


def test_marks_that_editors_put_first_are_no_harm(texts: TextServices) -> None:
    """Windows writes one before UTF-8."""
    assert take(texts, b"\xef\xbb\xbf" + texts.exchange.written("en").encode()) == []
