"""When alerts may leave: the night, the zone, the severity, the rounds."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.cap import Severity
from warning.schedule import NO_QUIET, QuietHours, Schedule, may_disturb_at

ZONE = ZoneInfo("Asia/Phnom_Penh")
NIGHT = QuietHours(time(22), time(7), ZONE)
NAP = QuietHours(time(13), time(15), ZONE)
LATE = datetime(2026, 9, 30, tzinfo=UTC)
MINUTES = st.integers(0, 60 * 24 * 9).map(
    lambda n: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=n)
)


def local(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (NIGHT, local(21, 59), local(21, 59)),
        (NIGHT, local(22), local(7, day=2)),
        (NIGHT, local(0, day=2), local(7, day=2)),
        (NIGHT, local(6, 59), local(7)),
        (NIGHT, local(7), local(7)),
        (NAP, local(14), local(15)),
        (NAP, local(12), local(12)),
        (NO_QUIET, local(3), local(3)),
    ],
)
def test_the_night_is_over_in_the_morning(
    quiet: QuietHours, at: datetime, expected: datetime
) -> None:
    """Also across midnight; by the clock of the zone."""
    assert quiet.over_at(at) == expected


@settings(max_examples=25)
@given(at=MINUTES)
def test_the_end_of_the_night_is_by_day(at: datetime) -> None:
    """Never earlier, never more than a day later, and never at night."""
    morning = NIGHT.over_at(at)
    assert timedelta(0) <= morning - at < timedelta(hours=9, minutes=1)
    assert NIGHT.over_at(morning) == morning


@pytest.mark.parametrize(
    ("severities", "waits"),
    [
        ({Severity.MINOR}, True),
        ({Severity.MODERATE, Severity.MINOR}, True),
        ({Severity.MINOR, Severity.SEVERE}, False),
        ({Severity.UNKNOWN}, False),
    ],
)
def test_the_worst_of_an_alert_decides(severities: set[Severity], waits: bool) -> None:
    """Nobody sleeps through what may be severe."""
    at = local(23)
    found = may_disturb_at(severities, at, until=LATE, quiet=NIGHT)
    assert (found > at) is waits


def test_what_is_over_by_morning_does_not_wait() -> None:
    """Better woken than never told."""
    at, until = local(23), local(6, day=2)
    assert may_disturb_at({Severity.MINOR}, at, until=until, quiet=NIGHT) == at


@pytest.mark.parametrize(
    ("minutes", "n"), [(0, 0), (19, 0), (20, 1), (59, 2), (60, 3), (600, 3)]
)
def test_rounds_are_counted_from_going_live(minutes: int, n: int) -> None:
    """Up to the last time that was asked for."""
    schedule = Schedule(repeat_every=timedelta(minutes=20), repeat_until=local(9))
    at = local(8) + timedelta(minutes=minutes)
    assert schedule.round_at(at, live_at=local(8)) == n
    assert Schedule().round_at(at, live_at=local(8)) == 0
