"""What comes of sensors' readings: nothing, or one draft of a prepared plan.

The draft is made in the transaction that keeps the readings which caused it; while it
is open there is no other. Two people still look at it before anybody is told.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import cap_alert
from warning.cap_documents.errors import CapError
from warning.errors import AlertError, AlertNotFoundError, SensorNotFoundError
from warning.intake.intake import new_draft, note_draft
from warning.sources.plan_service import require_plan
from warning.sources.sensors import (
    MAX_AGE,
    Refused,
    Sensor,
    Taken,
    facts,
    other_level,
    require_consistent,
    sorted_out,
)
from warning.sources.threshold import Cause, Phase, Reading, Watch, step

if TYPE_CHECKING:
    from warning.sources.source_ports import UnitOfWork

log = logging.getLogger(__name__)

#: An alarm that is over makes a draft for so long: loggers send in portions.
_PAST_AFTER = timedelta(hours=1)
#: States in which an alert of the sensor is still somebody's business.
_OPEN = {AlertState.DRAFT, AlertState.SUBMITTED, AlertState.LIVE}


class SensorService:
    """The use cases of sensors.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    sender : str
        Who our own alerts come from: a CAP sender.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        sender: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._sender = sender
        self._now = now

    def save(self, sensor: Sensor, *, by: str) -> bool:
        """Keep what a sensor is and means; True if it is new. Its watch goes on.

        Raises
        ------
        InvalidSensorError
            If its thresholds contradict each other.
        PlanNotFoundError
            If there is no such plan.
        """
        require_consistent(sensor)
        with self._new_uow() as uow:
            require_plan(uow, sensor.plan)
            known = uow.sensors.find_for_update(sensor.sensor_id)
            if known is not None:
                sensor = replace(sensor, watch=known.watch, alert_id=known.alert_id)
            uow.sensors.save(sensor, now=self._now())
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="sensor.save",
                subject=f"sensor:{sensor.sensor_id}",
                details={"before": facts(known), "after": facts(sensor)},
            )
            uow.commit()
        return known is None

    def get(self, sensor_id: str) -> Sensor:
        """Return a sensor.

        Raises
        ------
        SensorNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            return _require(uow.sensors.find(sensor_id), sensor_id)

    def list(self, *, after: str = "", limit: int = 1_000) -> Sequence[Sensor]:
        """Sensors whose id is above ``after``, ascending."""
        with self._read_uow() as uow:
            return uow.sensors.list(after=after, limit=limit)

    def readings(self, sensor_id: str, *, limit: int) -> Sequence[Reading]:
        """The newest readings of a sensor, newest first.

        Raises
        ------
        SensorNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            _require(uow.sensors.find(sensor_id), sensor_id)
            return uow.sensors.readings(sensor_id, limit=limit)

    def take(
        self,
        sensor_id: str,
        readings: Sequence[tuple[datetime, float | None]],
        *,
        by: str,
    ) -> Taken:
        """Take a batch of readings, in any order, as often as it is sent.

        Parameters
        ----------
        readings : sequence of (datetime, float or None)
            Aware times, and levels in the unit of the thresholds. What is no number,
            lies in the future or is too old is refused by itself; the rest counts.
        by : str
            Operator's name.

        Raises
        ------
        SensorNotFoundError
            If there is none of this id.
        """
        now = self._now()
        good, refused = sorted_out(readings, now)
        with self._new_uow() as uow:
            sensor = _require(uow.sensors.find_for_update(sensor_id), sensor_id)
            kept = uow.sensors.add_readings(sensor_id, list(good.values()), now=now)
            refused += [
                Refused(index=index, reason=other_level(kept[reading.at]))
                for index, reading in good.items()
                if kept.get(reading.at, reading.level) != reading.level
            ]
            new = [one for one in good.values() if one.at not in kept]
            newest_at = sensor.watch.newest_at
            fresh = [r for r in new if newest_at is None or r.at > newest_at]
            watched, cause = _watch(sensor, fresh)
            draft = None
            if cause is not None:
                watched, draft = self._ring(uow, watched, cause, by)
            uow.sensors.save(watched, now=now)
            uow.commit()
        return Taken(
            sensor=watched,
            n_taken=len(fresh),
            n_known=sum(kept.get(r.at) == r.level for r in good.values()),
            n_late=len(new) - len(fresh),
            refused=sorted(refused, key=lambda one: one.index),
            alert_id=draft,
        )

    def forget_readings(self) -> int:
        """Remove readings that are too old to be of use; return how many."""
        with self._new_uow() as uow:
            n = uow.sensors.forget_readings(before=self._now() - MAX_AGE)
            uow.commit()
        return n

    def _ring(
        self, uow: UnitOfWork, sensor: Sensor, cause: Cause, by: str
    ) -> tuple[Sensor, AlertId | None]:
        """Draft the plan, unless the alarm is long past or a draft of it is open.

        Whatever is wrong with the plan, the readings are kept and the reason shown.
        """
        newest = sensor.watch.window[-1]
        about = {"cause": cause.value, "level": newest.level, "at": str(newest.at)}
        if self._is_past(sensor.watch) or _is_open(uow, sensor.alert_id):
            self._note_alarm(uow, sensor, about, by)
            return sensor, None
        try:
            case = self._case(uow, sensor)
        except (AlertError, CapError) as error:
            log.exception("plan not drafted", extra={"sensor": sensor.sensor_id})
            self._note_alarm(uow, sensor, about, by)
            return replace(sensor, error=f"No draft could be made. {error}"), None
        uow.alerts.add(case)
        note_draft(uow, case, about={**about, "plan": sensor.plan, "by": by})
        return replace(sensor, alert_id=case.alert_id, error=None), case.alert_id

    def _is_past(self, watch: Watch) -> bool:
        """Whether an alarm came and went long ago: readings after an outage."""
        raised_at = watch.raised_at
        is_old = raised_at is not None and self._now() - raised_at > _PAST_AFTER
        return is_old and watch.phase is not Phase.ALARM

    def _case(self, uow: UnitOfWork, sensor: Sensor) -> AlertCase:
        now = self._now()
        cap = cap_alert(
            require_plan(uow, sensor.plan).form_at(now),
            identifier=uuid.uuid4().urn,
            sender=self._sender,
            sent=now,
        )
        # No operator's name: whoever sent the readings did not write the alert.
        return new_draft(cap, by=f"sensor:{sensor.sensor_id}", now=now)

    def _note_alarm(
        self, uow: UnitOfWork, sensor: Sensor, about: Mapping[str, object], by: str
    ) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action="sensor.alarm",
            subject=f"sensor:{sensor.sensor_id}",
            details={**about, "alert": sensor.alert_id},
        )


def _watch(sensor: Sensor, readings: Iterable[Reading]) -> tuple[Sensor, Cause | None]:
    """Let the automaton see readings in order; the last alarm's cause, if one rang."""
    watch, rang = sensor.watch, None
    for reading in readings:
        watch, cause = step(watch, sensor.thresholds, reading)
        rang = cause or rang
    return replace(sensor, watch=watch), rang


def _is_open(uow: UnitOfWork, alert_id: AlertId | None) -> bool:
    if alert_id is None:
        return False
    try:
        return uow.alerts.get(alert_id).state in _OPEN
    except AlertNotFoundError:
        return False


def _require(sensor: Sensor | None, sensor_id: str) -> Sensor:
    """Return a sensor that is there.

    Raises
    ------
    SensorNotFoundError
        If it is not.
    """
    if sensor is None:
        raise SensorNotFoundError(
            f"There is no sensor {sensor_id[:64]!r}; register it first."
        )
    return sensor
