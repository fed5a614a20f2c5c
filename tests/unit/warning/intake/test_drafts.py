"""Drafts of warnings: what is kept of a form, and in what two versions differ."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.drafts import FakeDrafts, make_draft_book
from tests.store.rows import NOW
from warning.errors import TooLongDraftError
from warning.intake.drafts import MAX_CHARS, StaleDraftError, differences, kept

WORDS = st.dictionaries(st.sampled_from("abcd"), st.text(max_size=3), max_size=4)


def test_empty_fields_are_not_kept() -> None:
    """Nothing typed is nothing."""
    assert kept({"a": "", "b": "x"}) == {"b": "x"}


def test_more_than_can_be_kept_is_refused() -> None:
    """With what to do."""
    with pytest.raises(TooLongDraftError, match="Simplify its outline"):
        kept({"area": "x" * (MAX_CHARS + 1)})


@settings(max_examples=25, deadline=None)
@given(theirs=WORDS, yours=WORDS)
def test_differences_lead_from_one_to_the_other(
    theirs: dict[str, str], yours: dict[str, str]
) -> None:
    """Taking every one of theirs gives theirs, and nothing else is named."""
    found = differences(theirs, yours)
    assert kept(yours | {one.field: one.theirs for one in found}) == kept(theirs)
    assert all(one.theirs != one.yours for one in found)


@settings(max_examples=25, deadline=None)
@given(
    saves=st.lists(
        st.tuples(st.sampled_from(["anna", "boran"]), st.integers(0, 9)), max_size=8
    )
)
def test_nobody_overwrites_what_they_have_not_seen(
    saves: list[tuple[str, int]],
) -> None:
    """Whatever two people do, each saved version follows the one its author read."""
    book = make_draft_book(FakeDrafts(), lambda: NOW)
    first = book.begin({"text": "0"}, by="anna")
    read = {"anna": first, "boran": first}
    there = first
    for by, text in saves:
        was = read[by]
        try:
            saved = book.save(
                first.draft_id, {"text": str(text)}, version=was.version, by=by
            )
        except StaleDraftError as error:
            read[by] = error.theirs
            is_saved = False
        else:
            is_saved = saved != there
            there = read[by] = saved
        assert not is_saved or was.version == there.version - 1
        assert is_saved or read[by] == there


def test_what_nobody_saves_any_more_is_thrown_away() -> None:
    """The record says so; what was saved since stays."""
    store = FakeDrafts()
    times = [NOW]
    book = make_draft_book(store, lambda: times[-1])
    book.begin({"headline": "old"}, by="anna")
    times.append(NOW + timedelta(days=20))
    young = book.begin({"headline": "young"}, by="anna")

    assert book.forget_old(before=NOW + timedelta(days=1)) == 1

    assert list(store.known) == [young.draft_id]
    assert store.steps[-1] == ("system", "draft.expire")
    assert book.forget_old(before=NOW + timedelta(days=1)) == 0
