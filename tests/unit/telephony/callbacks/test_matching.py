"""Attempts to one number are told apart by words and time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.callbacks.matching import Listed, Matches, match
from telephony.carriers.gateway import CarrierRecord
from telephony.delivery import (
    AttemptId,
    AttemptState,
    Channel,
    DeliveryId,
    OpenAttempt,
)
from tests.unit.telephony.virtual_time import START

LATER = START + timedelta(minutes=3)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def attempt(n: int, *, at_s: float = 0, carrier: str | None = None) -> OpenAttempt:
    return OpenAttempt(
        attempt_id=AttemptId(n),
        delivery_id=DeliveryId(n),
        attempt_no=1,
        n_sent=1,
        owner_ref="alert:1",
        recipient_id=1,
        state=AttemptState.UNKNOWN,
        phone="+85512000001",
        channel=Channel.SMS,
        carrier=carrier,
        carrier_ref=None,
        intended_at=after(at_s),
        deadline=after(7_200),
    )


def entry(
    ref: str, *, at_s: float | None = 1, body: str | None = None, carrier: str = "main"
) -> Listed:
    record = CarrierRecord(
        carrier_ref=ref,
        to="+85512000001",
        status="queued",
        created_at=None if at_s is None else after(at_s),
        body=body,
    )
    return Listed(carrier=carrier, record=record)


def found(matches: Matches) -> dict[int, str]:
    return {int(n): one.record.carrier_ref for n, one in matches.found.items()}


def test_the_words_decide() -> None:
    """Whatever the order in the list; blanks and a carrier's own words aside."""
    texts = {AttemptId(1): "Flood. Go up!", AttemptId(2): "All clear"}
    listed = [
        entry("b", body="Trial account -  All clear "),
        entry("a", body="Flood.\nGo up!"),
    ]
    matches = match([attempt(1), attempt(2)], listed, texts, now=after(5))
    assert found(matches) == {1: "a", 2: "b"}


def test_other_words_are_not_ours() -> None:
    """A message that says something else does not count for this one."""
    texts = {AttemptId(1): "Flood"}
    matches = match([attempt(1)], [entry("a", body="Hello")], texts, now=LATER)
    assert (matches.found, matches.undecided) == ({}, set())


@pytest.mark.parametrize("texts", [{}, {AttemptId(1): "Flood"}])
def test_without_words_the_oldest_takes_the_oldest(texts: dict[AttemptId, str]) -> None:
    """Calls say nothing, and some carriers hide what messages say."""
    listed = [entry("a", at_s=2), entry("b", at_s=12)]
    matches = match([attempt(2, at_s=10), attempt(1)], listed, texts, now=LATER)
    assert found(matches) == {1: "a", 2: "b"}


def test_what_may_be_under_way_for_another_leaves_the_question_open() -> None:
    """Taking it would lose the one whose it is; it is asked again."""
    early = match([attempt(1)], [entry("a", at_s=1)], {}, now=after(30))
    late = match([attempt(1)], [entry("a", at_s=1)], {}, now=after(31))
    undated = match([attempt(1)], [entry("a", at_s=None)], {}, now=after(2))
    assert (early.found, early.undecided) == ({}, {1})
    assert found(late) == found(undated) == {1: "a"}


@pytest.mark.parametrize(
    ("at_s", "is_ours"), [(-61, False), (-60, True), (90, True), (91, False)]
)
def test_only_what_was_made_in_its_time_is_its(at_s: float, is_ours: bool) -> None:
    """As long as a request can take, and as far as clocks may differ."""
    matches = match([attempt(1)], [entry("a", at_s=at_s)], {}, now=LATER)
    assert bool(matches.found) is is_ours


def test_an_entry_of_another_carrier_is_not_its() -> None:
    """Once it is known who was asked."""
    listed = [entry("a", carrier="other"), entry("b")]
    matches = match([attempt(1, carrier="main")], listed, {}, now=LATER)
    assert found(matches) == {1: "b"}


@given(
    attempts=st.lists(st.floats(0, 100), max_size=6),
    entries=st.lists(st.floats(-100, 200), max_size=6),
    now_s=st.floats(200, 400),
)
def test_no_entry_is_given_twice(
    attempts: list[float], entries: list[float], now_s: float
) -> None:
    """And no attempt is both found and open."""
    matches = match(
        [attempt(n, at_s=at_s) for n, at_s in enumerate(attempts)],
        [entry(f"x{n}", at_s=at_s) for n, at_s in enumerate(sorted(entries))],
        {},
        now=after(now_s),
    )
    refs = list(found(matches).values())
    assert len(set(refs)) == len(refs)
    assert not matches.undecided & set(matches.found)
