"""Sensors and their readings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from store.sql.conflicts import insert_counted, insert_new, upsert
from store.sql.locking import locked
from store.tables.sensors import sensor_readings, sensors
from warning.alert import AlertId
from warning.sources.sensors import Sensor
from warning.sources.threshold import Phase, Reading, Thresholds, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

_COLUMNS = ("plan", "document", "watch", "alert_id", "error", "updated_at")
_SPANS = ("rise_window", "hold", "clear_hold", "rearm", "max_gap")
_NUMBERS = ("level", "clear_level", "rise_per_h")


class SqlSensors:
    """``warning.sources.source_ports.SensorRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, sensor: Sensor, *, now: datetime) -> None:
        """Write a sensor, over the one of its id if there is one."""
        statement = upsert(
            self._connection, sensors, key=["sensor_id"], replace=_COLUMNS
        )
        self._connection.execute(
            statement.values(
                sensor_id=sensor.sensor_id,
                plan=sensor.plan,
                document={"title": sensor.title, **_limits(sensor.thresholds)},
                watch=_watch(sensor.watch),
                alert_id=sensor.alert_id,
                error=sensor.error,
                updated_at=now,
            )
        )

    def find(self, sensor_id: str) -> Sensor | None:
        """Return a sensor."""
        return self._find(select(sensors), sensor_id)

    def find_for_update(self, sensor_id: str) -> Sensor | None:
        """The same, and nobody else may change it until this transaction ends."""
        return self._find(locked(self._connection, select(sensors)), sensor_id)

    def list(self, *, after: str, limit: int) -> Sequence[Sensor]:
        """Sensors whose id is above ``after``, ascending."""
        rows = self._connection.execute(
            select(sensors)
            .where(sensors.c.sensor_id > after)
            .order_by(sensors.c.sensor_id)
            .limit(limit)
        )
        return [_sensor(row) for row in rows]

    def add_readings(
        self, sensor_id: str, readings: Sequence[Reading], *, now: datetime
    ) -> Mapping[datetime, float]:
        """Keep readings; return what is kept of times that were known before."""
        if not readings:
            return {}
        known = self._connection.execute(
            select(sensor_readings.c.at, sensor_readings.c.level).where(
                sensor_readings.c.sensor_id == sensor_id,
                sensor_readings.c.at >= min(one.at for one in readings),
                sensor_readings.c.at <= max(one.at for one in readings),
            )
        ).all()
        kept = {row.at: row.level for row in known}
        new = [
            {
                "sensor_id": sensor_id,
                "at": one.at,
                "level": one.level,
                "received_at": now,
            }
            for one in readings
            if one.at not in kept
        ]
        if new:
            statement = insert_new(self._connection, sensor_readings)
            insert_counted(self._connection, statement, new)
        return kept

    def readings(self, sensor_id: str, *, limit: int) -> Sequence[Reading]:
        """The newest readings, newest first."""
        rows = self._connection.execute(
            select(sensor_readings.c.at, sensor_readings.c.level)
            .where(sensor_readings.c.sensor_id == sensor_id)
            .order_by(sensor_readings.c.at.desc())
            .limit(limit)
        )
        return [Reading(row.at, row.level) for row in rows]

    def forget_readings(self, *, before: datetime) -> int:
        """Remove readings older than a time; return how many."""
        return self._connection.execute(
            delete(sensor_readings).where(sensor_readings.c.at < before)
        ).rowcount

    def _find(self, wanted: Select[*tuple[Any, ...]], sensor_id: str) -> Sensor | None:
        row = self._connection.execute(
            wanted.where(sensors.c.sensor_id == sensor_id)
        ).one_or_none()
        return None if row is None else _sensor(row)


def _sensor(row: Row[*tuple[Any, ...]]) -> Sensor:
    document = row.document
    limits: dict[str, Any] = {name: document[name] for name in _NUMBERS}
    limits |= {name: timedelta(seconds=document[f"{name}_s"]) for name in _SPANS}
    watch = row.watch
    return Sensor(
        sensor_id=row.sensor_id,
        title=document["title"],
        plan=row.plan,
        thresholds=Thresholds(**limits),
        watch=Watch(
            phase=Phase(watch["phase"]),
            since=_at(watch["since"]),
            window=tuple(
                Reading(datetime.fromisoformat(at), level)
                for at, level in watch["window"]
            ),
            raised_at=_at(watch["raised_at"]),
        ),
        alert_id=None if row.alert_id is None else AlertId(row.alert_id),
        error=row.error,
    )


def _limits(thresholds: Thresholds) -> dict[str, float | None]:
    spans = {f"{name}_s": getattr(thresholds, name).total_seconds() for name in _SPANS}
    return {name: getattr(thresholds, name) for name in _NUMBERS} | spans


def _watch(watch: Watch) -> dict[str, object]:
    return {
        "phase": watch.phase.value,
        "since": _text(watch.since),
        "window": [(_text(one.at), one.level) for one in watch.window],
        "raised_at": _text(watch.raised_at),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
