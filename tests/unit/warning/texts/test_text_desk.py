"""Our texts written anew, gone back on, read over: who may, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.fakes.message_texts import TextStore, make_texts
from warning.errors import (
    OwnReadingError,
    StaleTextError,
    UnknownTextError,
)
from warning.texts.text_desk import TextDesk
from warning.texts.text_files import brought_templates
from warning.texts.text_lines import TextLine
from warning.texts.text_rules import BadTextsError
from warning.texts.text_slots import SLOTS

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
ACT, SHORT = "hazards.flood.act", "hazards.flood.short"
BROUGHT = brought_templates().texts["km"].text(ACT)


@pytest.fixture
def store() -> TextStore:
    return TextStore()


@pytest.fixture
def desk(store: TextStore) -> TextDesk:
    return make_texts(store, lambda: NOW).desk


def line(desk: TextDesk, path: str = ACT, language: str = "km") -> TextLine:
    return next(one for one in desk.language(language).lines if one.path == path)


def test_what_is_written_stands_in_place_of_ours(desk: TextDesk) -> None:
    """And what we bring can still be seen beside it, and who wrote it."""
    assert desk.save("km", {ACT: " Go up! "}, seen=0, by="anna") == [ACT]
    now = line(desk)
    assert (now.words, now.brought, now.is_own) == ("Go up!", BROUGHT, True)
    assert now.changed is not None
    assert (now.changed.by, now.changed.at) == ("anna", NOW)
    assert line(desk, SHORT).changed is None


def test_what_stands_there_already_is_no_change(
    desk: TextDesk, store: TextStore
) -> None:
    """Saved twice, it is written down once; no number is used up."""
    desk.save("km", {ACT: "Go up!"}, seen=0, by="anna")
    assert desk.save("km", {ACT: "Go up!"}, seen=0, by="boran") == []
    assert (store.revision, len(store.entries)) == (1, 1)


def test_going_back_leaves_nothing_of_our_own(desk: TextDesk, store: TextStore) -> None:
    """Also by writing what we bring; a later release may bring a better one."""
    desk.save("km", {ACT: "Go up!"}, seen=0, by="anna")
    assert desk.bring_back("km", [ACT], seen=1, by="boran") == [ACT]
    assert (line(desk).words, line(desk).is_own) == (BROUGHT, False)
    desk.save("km", {ACT: "Go up!"}, seen=2, by="anna")
    desk.save("km", {ACT: BROUGHT}, seen=3, by="anna")
    assert store.changes[-1].words == ""
    assert [one.by for one in desk.changes("km", ACT)] == [
        "anna",
        "anna",
        "boran",
        "anna",
    ]


def test_all_or_none_are_kept(desk: TextDesk, store: TextStore) -> None:
    """Each fault is told with its text."""
    with pytest.raises(BadTextsError, match=r"hazards.flood.short: 31 long") as caught:
        desk.save("km", {ACT: "Good.", SHORT: "x" * 31}, seen=0, by="anna")
    assert list(caught.value.complaints) == [SHORT]
    assert store.changes == []


@pytest.mark.parametrize("path", ["hazards.flood", "notices.update.do", "", "words.x"])
def test_a_name_that_is_none_is_refused(desk: TextDesk, path: str) -> None:
    """Whatever is done with it."""
    for act in (
        lambda: desk.save("km", {path: "x"}, seen=0, by="anna"),
        lambda: desk.bring_back("km", [path], seen=0, by="anna"),
        lambda: desk.review("km", [path], seen=0, by="anna"),
    ):
        with pytest.raises(UnknownTextError):
            act()


def test_a_language_without_texts_is_not_begun_by_one(desk: TextDesk) -> None:
    """It has to be whole: half a language would leave half a warning."""
    with pytest.raises(UnknownTextError, match="Import a file"):
        desk.save("sw", {ACT: "x"}, seen=0, by="anna", may_be_new=True)
    whole = {path: brought_templates().texts["en"].text(path) for path in SLOTS}
    with pytest.raises(UnknownTextError):
        desk.save("sw", whole, seen=0, by="anna")
    assert len(desk.save("sw", whole, seen=0, by="anna", may_be_new=True)) == len(SLOTS)
    assert line(desk, language="sw").brought is None
    with pytest.raises(UnknownTextError, match="nothing to go back to"):
        desk.bring_back("sw", [ACT], seen=1, by="anna")


def test_the_second_of_two_overwrites_nothing(desk: TextDesk) -> None:
    """They are told which and by whom; texts that nobody touched are theirs to save."""
    desk.save("km", {ACT: "Anna's"}, seen=0, by="anna")
    with pytest.raises(StaleTextError, match=r"hazards.flood.act \(anna\)") as caught:
        desk.save("km", {ACT: "Boran's", SHORT: "New"}, seen=0, by="boran")
    assert caught.value.paths == (ACT,)
    assert line(desk).words == "Anna's"
    with pytest.raises(StaleTextError):
        desk.bring_back("km", [ACT], seen=0, by="boran")
    assert desk.save("km", {SHORT: "New"}, seen=0, by="boran") == [SHORT]
    assert desk.save("km", {ACT: "Boran's"}, seen=2, by="boran") == [ACT]


def test_the_same_person_in_two_windows_is_told_too(desk: TextDesk) -> None:
    """Their older page does not know what the newer one kept."""
    desk.save("km", {ACT: "First"}, seen=0, by="anna")
    with pytest.raises(StaleTextError):
        desk.save("km", {ACT: "Second"}, seen=0, by="anna")


def test_a_reading_belongs_to_the_words(desk: TextDesk) -> None:
    """Whoever changes them has others, unread; going back brings it back."""
    assert not line(desk).is_reviewed
    assert desk.review("km", [ACT], seen=0, by="sokha") == [ACT]
    read = line(desk).read
    assert read is not None
    assert (line(desk).is_reviewed, read.by, read.at) == (True, "sokha", NOW)
    assert desk.review("km", [ACT], seen=9, by="dara") == []  # once is enough
    desk.save("km", {ACT: "New"}, seen=9, by="anna")
    assert (line(desk).is_reviewed, line(desk).read) == (False, None)
    desk.bring_back("km", [ACT], seen=9, by="anna")
    assert line(desk).is_reviewed


def test_nobody_reads_over_what_they_wrote(desk: TextDesk, store: TextStore) -> None:
    """Somebody else does; what they only went back on they did not write."""
    desk.save("km", {ACT: "New"}, seen=0, by="anna")
    with pytest.raises(OwnReadingError, match=ACT):
        desk.review("km", SLOTS, seen=9, by="anna")
    assert len(store.changes) == 1
    assert desk.review("km", [ACT], seen=9, by="boran") == [ACT]
    desk.bring_back("km", [ACT], seen=9, by="anna")
    assert desk.review("km", [ACT], seen=9, by="anna") == [ACT]


def test_a_reader_reads_what_stands_there(desk: TextDesk) -> None:
    """Not what stood there when the page was loaded."""
    desk.save("km", {ACT: "New"}, seen=0, by="anna")
    with pytest.raises(StaleTextError):
        desk.review("km", [ACT], seen=0, by="boran")


def test_a_reading_can_be_taken_back(desk: TextDesk) -> None:
    """What came read with the release cannot: nobody here has said so."""
    desk.review("km", [ACT, SHORT], seen=0, by="sokha")
    assert desk.doubt("km", [ACT], seen=9, by="sokha") == [ACT]
    assert not line(desk).is_reviewed
    assert line(desk, SHORT).is_reviewed
    assert desk.doubt("en", SLOTS, seen=9, by="sokha") == []
    assert line(desk, language="en").is_reviewed


def test_a_whole_language_is_read(desk: TextDesk) -> None:
    """Then nothing of it is unread."""
    desk.review("km", SLOTS, seen=0, by="sokha")
    assert desk.language("km").n_unreviewed == 0
    assert {one.language: one.n_unreviewed for one in desk.languages()}["da"] == 67


def test_each_change_is_in_the_record(desk: TextDesk, store: TextStore) -> None:
    """Who, what was, what is; and whose words were read."""
    desk.save("km", {ACT: "New"}, seen=0, by="anna")
    desk.review("km", [ACT], seen=1, by="boran")
    desk.bring_back("km", [ACT], seen=2, by="anna")
    told = [(one.actor, one.action, one.subject) for one in store.entries]
    subject = f"text:km:{ACT}"
    assert told == [
        ("anna", "text.written", subject),
        ("boran", "text.reviewed", subject),
        ("anna", "text.brought", subject),
    ]
    assert store.entries[0].details == {"before": BROUGHT, "after": "New"}
    assert store.entries[1].details == {"words": "New"}
    assert store.entries[2].details == {"before": "New", "after": BROUGHT}


def test_how_it_would_be_is_not_kept(desk: TextDesk, store: TextStore) -> None:
    """A text that cannot be used is left as it is."""
    would = desk.with_texts("km", {ACT: "New", SHORT: "x" * 31}).texts["km"]
    assert would.text(ACT) == "New"
    assert would.text(SHORT) == line(desk, SHORT).words
    assert store.changes == []
