"""Whatever a sensor sends, it makes no flood of drafts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from warning.sources.threshold import Phase, Reading, Thresholds, Watch, step

START = datetime(2026, 9, 1, tzinfo=UTC)
SPANS = st.integers(0, 7_200).map(lambda s: timedelta(seconds=s))


@st.composite
def thresholds(draw: st.DrawFn) -> Thresholds:
    level = draw(st.none() | st.floats(0, 10))
    rise = draw(st.floats(0.1, 10) if level is None else st.none() | st.floats(0.1, 10))
    clear = draw(st.floats(-1, 10 if level is None else level))
    return Thresholds(
        level=level,
        clear_level=clear,
        rise_per_h=rise,
        rise_window=draw(st.integers(1, 7_200).map(lambda s: timedelta(seconds=s))),
        hold=draw(SPANS),
        clear_hold=draw(SPANS),
        rearm=draw(st.integers(60, 7_200).map(lambda s: timedelta(seconds=s))),
        max_gap=draw(st.integers(1, 7_200).map(lambda s: timedelta(seconds=s))),
    )


READINGS = st.lists(
    st.tuples(st.integers(0, 36_000), st.floats(-1, 11)), max_size=60
).map(lambda pairs: [Reading(START + timedelta(seconds=s), v) for s, v in pairs])


def watch_all(
    limits: Thresholds, readings: list[Reading]
) -> tuple[Watch, list[datetime]]:
    watch, rang = Watch(), []
    for reading in readings:
        watch, cause = step(watch, limits, reading)
        if cause is not None:
            rang.append(reading.at)
    return watch, rang


@settings(max_examples=300)
@given(thresholds(), READINGS)
def test_alarms_keep_their_distance(
    limits: Thresholds, readings: list[Reading]
) -> None:
    """Two alarms are never nearer to each other than the time of rearming."""
    _, rang = watch_all(limits, readings)

    for earlier, later in pairwise(rang):
        assert later - earlier >= limits.rearm


@settings(max_examples=300)
@given(thresholds(), READINGS)
def test_an_alarm_was_held(limits: Thresholds, readings: list[Reading]) -> None:
    """With a time to hold, no alarm comes on the first reading that is high."""
    _, rang = watch_all(limits, readings)

    if limits.hold > timedelta(0) and readings:
        assert min(r.at for r in readings) not in rang


@settings(max_examples=300)
@given(thresholds(), READINGS)
def test_repeats_change_nothing(limits: Thresholds, readings: list[Reading]) -> None:
    """The same batch again, after itself or reading by reading, is as if once."""
    once = watch_all(limits, readings)

    assert watch_all(limits, readings + readings) == once
    assert watch_all(limits, [r for r in readings for _ in range(2)]) == once


@settings(max_examples=300)
@given(thresholds(), READINGS)
def test_low_water_is_calm(limits: Thresholds, readings: list[Reading]) -> None:
    """Steady water below the mark never rings, whatever the times."""
    low = (10.0 if limits.level is None else limits.level) - 1.0
    watch, rang = watch_all(limits, [Reading(r.at, low) for r in readings])

    assert rang == []
    assert watch.phase is Phase.CALM
