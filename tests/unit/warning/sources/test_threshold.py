"""When a sensor rings: held, hysteretic, rising, and never twice for one flood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from warning.sources.threshold import Cause, Phase, Reading, Thresholds, Watch, step

START = datetime(2026, 9, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def limits(**changes: Any) -> Thresholds:
    known: dict[str, Any] = {"level": 5.0, "clear_level": 4.5}
    return Thresholds(**{**known, **changes})


def run(
    thresholds: Thresholds, levels: Sequence[float], every: timedelta = MINUTE
) -> tuple[Watch, list[tuple[int, Cause]]]:
    """Where a sensor stands after readings, and at which of them it rang."""
    watch, rang = Watch(), []
    for n, level in enumerate(levels):
        watch, cause = step(watch, thresholds, Reading(START + n * every, level))
        if cause is not None:
            rang.append((n, cause))
    return watch, rang


def test_a_level_rings_at_once() -> None:
    """At the mark itself, too."""
    assert run(limits(), [4.9, 5.0])[1] == [(1, Cause.LEVEL)]
    assert run(limits(), [4.9, 4.999])[1] == []


def test_a_spike_is_held_out() -> None:
    """One wrong reading is no flood; ten minutes are."""
    held = limits(hold=10 * MINUTE)

    assert run(held, [4, 9, 4, 9, 4])[1] == []
    assert run(held, [4] + [6] * 11)[1] == [(11, Cause.LEVEL)]


def test_waves_at_the_mark_ring_once() -> None:
    """It is over only well below the mark."""
    watch, rang = run(limits(rearm=timedelta(0)), [5.1, 4.9, 5.1, 4.6, 5.2])

    assert [n for n, _ in rang] == [0]
    assert watch.phase is Phase.ALARM


def test_low_must_hold_too() -> None:
    """A trough between two waves is not the end."""
    thresholds = limits(rearm=timedelta(0), clear_hold=5 * MINUTE)

    assert len(run(thresholds, [6, 4, 4, 6, 4, 6])[1]) == 1
    assert len(run(thresholds, [6, 4, 4, 4, 4, 4, 4, 6])[1]) == 2


def test_after_an_alarm_it_rests() -> None:
    """The next alarm comes when it is armed again, if it is still high then."""
    thresholds = limits(rearm=10 * MINUTE)
    levels = [6, 4, 6, 4, 6, 4, 4, 4, 4, 6, 6, 6]

    assert [n for n, _ in run(thresholds, levels)[1]] == [0, 10]


def test_a_fast_rise_rings_before_the_level() -> None:
    """Two metres in an hour, while the river is still low."""
    thresholds = limits(rise_per_h=2.0, rise_window=30 * MINUTE)

    rising = [1 + n / 20 for n in range(60)]
    assert run(thresholds, rising)[1] == [(15, Cause.RISE)]
    assert run(thresholds, [1 + n / 60 for n in range(60)])[1] == []


def test_two_readings_of_a_moment_are_no_rise() -> None:
    """A centimetre within a second would be 36 metres an hour."""
    thresholds = limits(level=None, rise_per_h=2.0)
    second = timedelta(seconds=1)

    assert run(thresholds, [1.0, 1.01, 1.0, 1.02], every=second)[1] == []


def test_silence_proves_nothing() -> None:
    """High before and after a hole is not high throughout."""
    thresholds = limits(hold=30 * MINUTE, max_gap=20 * MINUTE)
    watch, _ = run(thresholds, [6, 6])
    at = START + timedelta(minutes=60)
    watch, cause = step(watch, thresholds, Reading(at, 6.0))

    assert cause is None
    assert watch.since == at


@pytest.mark.parametrize("minutes", [0, -5])
def test_what_is_not_newer_changes_nothing(minutes: int) -> None:
    """Late and repeated readings cannot move it back."""
    watch, _ = run(limits(), [4.0, 4.0])
    late = Reading(START + timedelta(minutes=1 + minutes), 9.0)

    assert step(watch, limits(), late) == (watch, None)


def test_the_window_is_bounded() -> None:
    """Ten readings a second do not fill the row."""
    watch, _ = run(limits(rise_per_h=99.0), [1.0] * 800, timedelta(milliseconds=100))

    assert len(watch.window) == 500
