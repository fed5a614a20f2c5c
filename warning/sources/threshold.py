"""When a river is too high: a pure automaton over readings, which never stutters.

::

    calm ──high──▶ rising ──high for hold──▶ alarm ──low for clear──▶ calm
      ▲              │not high
      └──────────────┘

High is a level, or a rate of rise. Low is a level further down (hysteresis), so that
waves at the mark do not ring twice; and after an alarm the next one waits until the
sensor is armed again. Time is that of the readings, never the clock's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

#: Readings kept for the rate of rise.
MAX_WINDOW = 500


class Phase(StrEnum):
    """Where a sensor stands."""

    CALM = "calm"
    #: High, and not yet for long enough.
    RISING = "rising"
    ALARM = "alarm"


class Cause(StrEnum):
    """What made it an alarm."""

    LEVEL = "level"
    RISE = "rise"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor measured."""

    #: Aware.
    at: datetime
    #: In the unit of the thresholds, e.g. metres; finite.
    level: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """When a sensor is high, and when no longer."""

    #: High from here on; None if only the rate counts.
    level: float | None
    #: Low from here down.
    clear_level: float
    #: Rise per hour that counts as high; None if only the level counts.
    rise_per_h: float | None = None
    #: The span over which a rise is measured.
    rise_window: timedelta = timedelta(minutes=30)
    #: It must be high for so long; zero takes the first reading's word.
    hold: timedelta = timedelta(0)
    #: It must be low for so long until the alarm is over.
    clear_hold: timedelta = timedelta(0)
    #: After an alarm the next one comes no sooner.
    rearm: timedelta = timedelta(hours=6)
    #: Silence longer than this proves nothing: holding starts anew.
    max_gap: timedelta = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Where the automaton stands; plain values, kept in a row."""

    phase: Phase = Phase.CALM
    #: Since when it is high (rising), or low (alarm); None if it is not.
    since: datetime | None = None
    #: The newest readings, oldest first, as far back as the rise is measured.
    window: tuple[Reading, ...] = ()
    raised_at: datetime | None = None

    @property
    def newest_at(self) -> datetime | None:
        """The time of the newest reading."""
        return self.window[-1].at if self.window else None


def step(
    watch: Watch, thresholds: Thresholds, reading: Reading
) -> tuple[Watch, Cause | None]:
    """Take one reading; return where the automaton stands, and the cause of an alarm.

    Parameters
    ----------
    watch : Watch
    thresholds : Thresholds
    reading : Reading
        Later than every one before; an earlier one changes nothing.

    Returns
    -------
    tuple of Watch and (Cause or None)
        A cause at the moment of the alarm alone.

    Examples
    --------
    >>> from datetime import UTC
    >>> flood = Thresholds(level=5.0, clear_level=4.5)
    >>> step(Watch(), flood, Reading(datetime(2026, 9, 1, tzinfo=UTC), 5.2))[1]
    <Cause.LEVEL: 'level'>
    """
    before = watch.newest_at
    if before is not None and reading.at <= before:
        return watch, None
    is_gap = before is not None and reading.at - before > thresholds.max_gap
    seen = replace(
        watch,
        since=None if is_gap else watch.since,
        window=_window(watch.window, thresholds, reading),
    )
    cause = _high(seen.window, thresholds)
    if seen.phase is Phase.ALARM:
        return _while_alarm(seen, thresholds, reading, is_high=cause is not None), None
    return _while_calm(seen, thresholds, reading, cause)


def _while_calm(
    watch: Watch, thresholds: Thresholds, reading: Reading, cause: Cause | None
) -> tuple[Watch, Cause | None]:
    if cause is None:
        return replace(watch, phase=Phase.CALM, since=None), None
    since = watch.since or reading.at
    is_held = reading.at - since >= thresholds.hold
    is_armed = (
        watch.raised_at is None or reading.at - watch.raised_at >= thresholds.rearm
    )
    if is_held and is_armed:
        raised = replace(watch, phase=Phase.ALARM, since=None, raised_at=reading.at)
        return raised, cause
    return replace(watch, phase=Phase.RISING, since=since), None


def _while_alarm(
    watch: Watch, thresholds: Thresholds, reading: Reading, *, is_high: bool
) -> Watch:
    if is_high or reading.level > thresholds.clear_level:
        return replace(watch, since=None)
    since = watch.since or reading.at
    if reading.at - since >= thresholds.clear_hold:
        return replace(watch, phase=Phase.CALM, since=None)
    return replace(watch, since=since)


def _window(
    window: tuple[Reading, ...], thresholds: Thresholds, reading: Reading
) -> tuple[Reading, ...]:
    """The readings over which a rise is measured, the new one last."""
    oldest = reading.at - thresholds.rise_window
    kept = (one for one in window if one.at >= oldest)
    return (*kept, reading)[-MAX_WINDOW:]


def _high(window: tuple[Reading, ...], thresholds: Thresholds) -> Cause | None:
    newest = window[-1]
    if thresholds.level is not None and newest.level >= thresholds.level:
        return Cause.LEVEL
    if thresholds.rise_per_h is None:
        return None
    span = newest.at - window[0].at
    # Two readings of one moment make any rate: half the window must be seen.
    if span < thresholds.rise_window / 2 or span <= timedelta(0):
        return None
    # A hole in the middle of the window says nothing about the rate.
    if any(b.at - a.at > thresholds.max_gap for a, b in pairwise(window)):
        return None
    rise_per_h = (newest.level - window[0].level) / (span / timedelta(hours=1))
    return Cause.RISE if rise_per_h >= thresholds.rise_per_h else None
