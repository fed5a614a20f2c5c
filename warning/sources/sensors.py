"""Sensors: what they are, what they measured, and which readings can be.

A sensor never warns anybody; what comes of its alarm is told in ``sensor_service``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from warning.alert import AlertId
from warning.errors import InvalidSensorError
from warning.sources.plans import NAME
from warning.sources.threshold import Reading, Thresholds, Watch

#: A clock may be so far ahead; what lies further in the future is a wrong clock.
MAX_AHEAD = timedelta(minutes=5)
#: So late a reading is kept no more.
MAX_AGE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensor:
    """Something that measures, what counts as too much, and what is then said."""

    #: Small letters, digits, - and _: it stands in URLs.
    sensor_id: str
    title: str
    #: Name of the plan that is drafted.
    plan: str
    thresholds: Thresholds
    watch: Watch = field(default_factory=Watch)
    #: The newest draft; None before the first.
    alert_id: AlertId | None = None
    #: Why no draft could be made, for the operator; None if nothing is wrong.
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A reading that is not kept."""

    #: Its place in the batch, from 0.
    index: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a batch of readings."""

    sensor: Sensor
    #: New, and what the automaton has seen.
    n_taken: int
    #: Known already, with the same level.
    n_known: int
    #: New, but older than what was seen: kept, and without effect.
    n_late: int
    refused: Sequence[Refused]
    #: The draft that this batch caused.
    alert_id: AlertId | None


def require_consistent(sensor: Sensor) -> None:
    """Refuse thresholds that could never ring, or never stop.

    Raises
    ------
    InvalidSensorError
        Saying which.
    """
    limits = sensor.thresholds
    if not NAME.fullmatch(sensor.sensor_id):
        raise InvalidSensorError(
            f"{sensor.sensor_id[:64]!r} cannot be the id of a sensor: take small "
            "letters, digits, - and _, 63 at most."
        )
    if limits.level is None and limits.rise_per_h is None:
        raise InvalidSensorError("level: give a level, a rate of rise, or both.")
    if limits.level is not None and limits.clear_level > limits.level:
        raise InvalidSensorError("clear_level: it cannot lie above level.")
    if limits.rise_per_h is not None and limits.rise_per_h <= 0:
        raise InvalidSensorError("rise_per_h: a rise is more than 0.")
    if limits.rise_window < timedelta(seconds=1):
        raise InvalidSensorError("rise_window_s: at least a second.")


def sorted_out(
    readings: Sequence[tuple[datetime, float | None]], now: datetime
) -> tuple[dict[int, Reading], list[Refused]]:
    """Readings that can be, by place in the batch, in order of time; and the others.

    A time that stands there twice with one level is there once.
    """
    good: dict[int, Reading] = {}
    refused: list[Refused] = []
    times: dict[datetime, float] = {}
    for index, (at, level) in enumerate(readings):
        reason = _why_not(at, level, now)
        if reason is None and level is not None:
            if times.setdefault(at, level) == level:
                good[index] = Reading(at, float(level))
                continue
            reason = other_level(times[at])
        refused.append(Refused(index=index, reason=reason or "no level"))
    in_order = sorted(good.items(), key=lambda pair: pair[1].at)
    first = {reading.at: index for index, reading in reversed(in_order)}
    return {i: r for i, r in in_order if first[r.at] == i}, refused


def _why_not(at: datetime, level: float | None, now: datetime) -> str | None:
    if level is None or not math.isfinite(level):
        return "The level is no number: the sensor may be broken."
    if at > now + MAX_AHEAD:
        return "The time lies in the future: set the sensor's clock."
    if at < now - MAX_AGE:
        return f"The reading is older than {MAX_AGE.days} days."
    return None


def other_level(level: float) -> str:
    """Why a second level of one time is not taken."""
    return f"Another level ({level:g}) is known of this time; the first one stands."


def facts(sensor: Sensor | None) -> dict[str, object] | None:
    """What the audit keeps of a sensor."""
    if sensor is None:
        return None
    limits = sensor.thresholds
    return {
        "title": sensor.title,
        "plan": sensor.plan,
        "level": limits.level,
        "clear_level": limits.clear_level,
        "rise_per_h": limits.rise_per_h,
        "hold_s": limits.hold.total_seconds(),
        "rearm_s": limits.rearm.total_seconds(),
    }
