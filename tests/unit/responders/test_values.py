"""Hours, opening hours, codes and texts about duty."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.case import free_code
from responders.duty.duty_texts import LONGEST_PAUSE, parse_duty, parse_position
from responders.errors import (
    CaseStateError,
    InvalidResponderError,
    OpeningHoursError,
)
from responders.offer import TRANSITIONS, OfferState
from responders.roster.hours import Hours
from responders.roster.opening_hours import check_hours, opening
from tests.fakes.case_world import an_aed

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "25-26", "8", "Xx 8-9", "Mo-Tu-We 8-9", "8:60-9"])
def test_hours_nobody_keeps(text: str) -> None:
    """Refused with how to write them."""
    with pytest.raises(InvalidResponderError):
        Hours.parse(text) if text != "8:60-9" else Hours(8 * 60, 99 * 60)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(1, 127))
@settings(max_examples=25, deadline=None)
def test_hours_come_back_as_written(start: int, end: int, days: int) -> None:
    """What is stored as text is what was meant."""
    hours = Hours(start, end, days)
    assert Hours.parse(str(hours)) == hours


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    """Friday night ends on Saturday morning."""
    night = Hours.parse("Fr 22:00-06:00")
    friday = MONDAY + timedelta(days=4, hours=11)
    assert night.holds(friday)
    assert night.holds(friday + timedelta(hours=6))
    assert not night.holds(friday - timedelta(hours=17))


@pytest.mark.parametrize(
    "text", ["sometimes", "Mo-Fr 8am", "x" * 501], ids=["word", "am", "long"]
)
def test_opening_hours_nobody_can_evaluate(text: str) -> None:
    """Refused at import, not when a life hangs on them."""
    with pytest.raises(OpeningHoursError):
        check_hours(text)


def test_when_an_aed_can_be_had() -> None:
    """Begin and end of the next opening, in seconds; for ever, or never."""
    assert opening("24/7", MONDAY) == (0.0, math.inf)
    assert opening("off", MONDAY) == (math.inf, math.inf)
    assert opening("Mo 14:00-15:00", MONDAY) == (7_200.0, 10_800.0)
    assert an_aed(1, 0, opening_hours="off").opening(MONDAY) is None
    assert an_aed(1, 0, opening_hours="").opening(MONDAY) == (0.0, math.inf)


def test_codes_are_two_letters_and_free() -> None:
    """Never two digits; when all are in use, it is said."""
    taken: list[str] = []
    for number in range(720):
        taken.append(free_code(taken, number))
    assert len(set(taken)) == 720
    assert not any(code.isdecimal() for code in taken)
    with pytest.raises(CaseStateError):
        free_code(taken, 0)


def test_offers_only_move_forward_or_change_their_mind() -> None:
    """No way leads back before the answer; every state has its row."""
    assert set(TRANSITIONS) == set(OfferState)
    for state, later in TRANSITIONS.items():
        back = {one for one in later if one < state}
        assert not any(one.is_open for one in back)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PAUSE", timedelta(hours=8)),
        ("pause 3h.", timedelta(hours=3)),
        ("Pause 2 days", timedelta(days=2)),
        ("pause 999d", LONGEST_PAUSE),
    ],
)
def test_pauses(text: str, span: timedelta) -> None:
    """In hours or days, eight hours if not said."""
    word = parse_duty(text)
    assert word is not None
    assert word.span == span


@pytest.mark.parametrize("text", ["", "pause 0h", "pause me", "on it", "JOIN 12", "1"])
def test_texts_that_are_not_about_duty(text: str) -> None:
    """Left to those who come after."""
    assert parse_duty(text) is None


def test_positions_as_phones_show_them() -> None:
    """Latitude first; whole numbers are no position."""
    assert parse_position("11.556, 104.928") == (104.928, 11.556)
    assert parse_position("11, 104") is None
