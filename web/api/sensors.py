"""Sensors and their readings over the API."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus

from accounts.operators import Operator, Role
from warning.sources.sensors import Sensor, Taken
from warning.sources.threshold import Thresholds
from web.api.answering import Answer, created
from web.api.cursors import read_page
from web.api.declaration import Api
from web.models.schemas import Page
from web.models.sources import (
    ReadingList,
    ReadingOut,
    ReadingsIn,
    ReadingsTaken,
    RefusedReadingOut,
    SensorIn,
    SensorList,
    SensorOut,
    ThresholdsIn,
    ThresholdsOut,
)
from web.services import services

api = Api("sensors")

_NOT_FOUND = (HTTPStatus.NOT_FOUND,)


@api.operation(
    "POST",
    "/sensors",
    role=Role.ADMIN,
    summary="Register a sensor, or change one",
    body=SensorIn,
    answer=SensorOut,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: "A sensor of this id was there and is changed"},
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def save_sensor(*, by: Operator, body: SensorIn) -> Answer[SensorOut]:
    """What it means when it is too high; where it stands goes on."""
    sensor = Sensor(
        sensor_id=body.id,
        title=body.title,
        plan=body.plan,
        thresholds=_thresholds(body.thresholds),
    )
    is_new = services().sources.sensors.save(sensor, by=by.name)
    kept = services().sources.sensors.get(body.id)
    return created(sensor_out(kept), at=f"sensors/{body.id}", is_new=is_new)


@api.operation(
    "GET",
    "/sensors",
    role=Role.VIEWER,
    summary="List sensors",
    query=Page,
    answer=SensorList,
)
def list_sensors(*, by: Operator, query: Page) -> SensorList:
    """By id, each with where it stands."""
    del by
    sensors = services().sources.sensors
    shown, cursor = read_page(sensors.list, query, lambda sensor: sensor.sensor_id)
    return SensorList(items=[sensor_out(one) for one in shown], next_cursor=cursor)


@api.operation(
    "GET",
    "/sensors/<sensor_id>",
    role=Role.VIEWER,
    summary="Show a sensor",
    answer=SensorOut,
    problems=_NOT_FOUND,
)
def get_sensor(sensor_id: str, *, by: Operator) -> SensorOut:
    """And where it stands."""
    del by
    return sensor_out(services().sources.sensors.get(sensor_id))


@api.operation(
    "POST",
    "/sensors/<sensor_id>/readings",
    role=Role.OPERATOR,
    summary="Send readings of a sensor",
    body=ReadingsIn,
    answer=ReadingsTaken,
    problems=_NOT_FOUND,
)
def take_readings(sensor_id: str, *, by: Operator, body: ReadingsIn) -> ReadingsTaken:
    """In any order, as often as you like: one of a time counts once.

    A reading that cannot be is refused by itself; the others count.
    """
    readings = [(one.at, one.level) for one in body.readings]
    return _taken(services().sources.sensors.take(sensor_id, readings, by=by.name))


@api.operation(
    "GET",
    "/sensors/<sensor_id>/readings",
    role=Role.VIEWER,
    summary="List a sensor's newest readings",
    query=Page,
    answer=ReadingList,
    problems=_NOT_FOUND,
)
def list_readings(sensor_id: str, *, by: Operator, query: Page) -> ReadingList:
    """Newest first."""
    del by
    readings = services().sources.sensors.readings(sensor_id, limit=query.limit)
    return ReadingList(items=[ReadingOut(at=r.at, level=r.level) for r in readings])


def sensor_out(sensor: Sensor) -> SensorOut:
    """Turn a sensor into what is answered."""
    watch = sensor.watch
    newest = watch.window[-1] if watch.window else None
    limits = {
        name if not isinstance(value, timedelta) else f"{name}_s": (
            value.total_seconds() if isinstance(value, timedelta) else value
        )
        for name, value in asdict(sensor.thresholds).items()
    }
    return SensorOut(
        id=sensor.sensor_id,
        title=sensor.title,
        plan=sensor.plan,
        thresholds=ThresholdsOut(**limits),
        phase=watch.phase,
        newest_at=newest.at if newest else None,
        newest_level=newest.level if newest else None,
        alert_id=sensor.alert_id,
        error=sensor.error,
    )


def _thresholds(body: ThresholdsIn) -> Thresholds:
    return Thresholds(
        level=body.level,
        clear_level=body.clear_level,
        rise_per_h=body.rise_per_h,
        rise_window=timedelta(seconds=body.rise_window_s),
        hold=timedelta(seconds=body.hold_s),
        clear_hold=timedelta(seconds=body.clear_hold_s),
        rearm=timedelta(seconds=body.rearm_s),
        max_gap=timedelta(seconds=body.max_gap_s),
    )


def _taken(taken: Taken) -> ReadingsTaken:
    return ReadingsTaken(
        taken=taken.n_taken,
        known=taken.n_known,
        late=taken.n_late,
        refused=[
            RefusedReadingOut(index=one.index, reason=one.reason)
            for one in taken.refused
        ],
        phase=taken.sensor.watch.phase,
        alert_id=taken.alert_id,
    )
