"""What comes of readings: nothing, or one draft that waits for two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from shapely import box

from geofence.area import area_of
from tests.use_cases.warning.test_intake import a_form
from tests.use_cases.warning.world import START, World
from warning.alert import AlertId, AlertState
from warning.errors import SensorNotFoundError
from warning.sources.plan_service import PlanService
from warning.sources.plans import Plan
from warning.sources.sensor_service import SensorService
from warning.sources.sensors import MAX_AGE, MAX_AHEAD, Sensor, Taken
from warning.sources.threshold import Phase, Thresholds

PLAN = Plan(name="flood", title="Flood", form=a_form(), lasts=timedelta(hours=6))
SENSOR = Sensor(
    sensor_id="bridge",
    title="Bridge",
    plan="flood",
    thresholds=Thresholds(level=5.0, clear_level=4.5, rearm=timedelta(hours=1)),
)


class Gauge:
    """A sensor at a bridge, with its plan; people live in its area."""

    def __init__(self, world: World) -> None:
        self.world = world
        database, clock = world.database, world.clock
        self.plans = PlanService(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            intake=world.intake,
            now=clock,
        )
        self.service = SensorService(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            sender="own.example",
            now=clock,
        )
        self.plans.save(PLAN, by="admin")
        self.service.save(SENSOR, by="admin")

    def send(self, *readings: tuple[float, float | None]) -> Taken:
        """Send levels by minute, counted from the start."""
        batch = [(START + timedelta(minutes=m), level) for m, level in readings]
        newest = max((at for at, _ in batch), default=START)
        self.world.clock.time = max(self.world.clock.time, newest)
        return self.service.take("bridge", batch, by="gauge")

    def drafts(self) -> list[AlertId]:
        return [case.alert_id for case in self.world.board.list()]


@pytest.fixture
def gauge(world: World) -> Gauge:
    world.register(1)
    return Gauge(world)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_an_alarm_drafts_the_plan(gauge: Gauge) -> None:
    """In nobody's name, so that two people look at it; it can go live."""
    taken = gauge.send((0, 4.0), (1, 5.1))

    assert taken.alert_id is not None
    case = gauge.world.board.get(taken.alert_id)
    assert (case.state, case.created_by) == (AlertState.DRAFT, "sensor:bridge")
    assert case.cap.infos[0].expires == at(1) + timedelta(hours=6)
    gauge.world.alerts.submit(case.alert_id, by="anna")
    live = gauge.world.alerts.approve(case.alert_id, by="boran")
    assert live.state is AlertState.LIVE
    with gauge.world.read() as uow:
        draft = next(iter(uow.audit.entries(subject=case.owner_ref)))
    assert draft.details["level"] == 5.1
    assert draft.details["plan"] == "flood"


def test_the_same_batch_again_does_nothing(gauge: Gauge) -> None:
    """As often as a logger repeats it."""
    first = gauge.send((0, 4.0), (1, 5.1))
    again = gauge.send((0, 4.0), (1, 5.1))

    assert (first.n_taken, again.n_taken, again.n_known) == (2, 0, 2)
    assert again.alert_id is None
    assert len(gauge.drafts()) == 1


def test_a_flapping_sensor_makes_one_draft(gauge: Gauge) -> None:
    """Two hundred crossings, a draft that is open all the while."""
    for minute in range(0, 400, 2):
        gauge.send((minute, 6.0), (minute + 1, 4.0))

    assert len(gauge.drafts()) == 1


def test_when_a_draft_is_closed_the_next_flood_drafts_again(gauge: Gauge) -> None:
    """Not before the sensor is armed."""
    first = gauge.send((0, 6.0), (1, 4.0)).alert_id
    assert first is not None
    gauge.world.alerts.cancel(first, by="anna")

    assert gauge.send((2, 6.0)).alert_id is None
    second = gauge.send((70, 6.0)).alert_id
    assert second is not None
    assert second != first


def test_disorder_within_a_batch_is_harmless(gauge: Gauge) -> None:
    """Readings count by their own time."""
    taken = gauge.send((3, 4.0), (1, 4.0), (2, 5.1), (2, 5.1))

    assert (taken.n_taken, taken.sensor.watch.phase) == (3, Phase.CALM)
    assert taken.sensor.watch.newest_at == at(3)


def test_late_readings_are_kept_and_change_nothing(gauge: Gauge) -> None:
    """What was decided stays decided."""
    gauge.send((10, 4.0))
    taken = gauge.send((5, 9.0))

    assert (taken.n_taken, taken.n_late, taken.alert_id) == (0, 1, None)
    assert len(gauge.service.readings("bridge", limit=9)) == 2


def test_bad_readings_are_refused_by_themselves(gauge: Gauge) -> None:
    """No number, future, age, and a second level of one time."""
    gauge.send((0, 4.0))
    now = gauge.world.clock()
    taken = gauge.service.take(
        "bridge",
        [
            (at(1), float("nan")),
            (at(2), float("inf")),
            (at(3), None),
            (now + MAX_AHEAD + timedelta(seconds=1), 4.0),
            (now - MAX_AGE - timedelta(seconds=1), 4.0),
            (at(0), 9.0),
            (now + MAX_AHEAD, 4.2),
        ],
        by="gauge",
    )

    assert [one.index for one in taken.refused] == [0, 1, 2, 3, 4, 5]
    assert taken.n_taken == 1
    assert gauge.drafts() == []


def test_an_alarm_that_is_over_drafts_nothing(gauge: Gauge) -> None:
    """A day's readings come at once after an outage: the flood was at noon."""
    assert gauge.send((0, 6.0), (30, 6.0), (90, 4.0)).alert_id is None
    assert gauge.drafts() == []


def test_an_alarm_that_has_just_passed_drafts(gauge: Gauge) -> None:
    """Loggers send in portions: a person decides whether it still matters."""
    assert gauge.send((0, 6.0), (20, 4.0)).alert_id is not None


def test_without_a_usable_plan_readings_are_kept(gauge: Gauge) -> None:
    """The reason is shown with the sensor, and the record tells of the alarm."""
    nowhere = replace(PLAN, form=replace(PLAN.form, area=area_of(box(0, 0, 1, 1))))
    short = replace(nowhere, lasts=timedelta(minutes=1))
    gauge.plans.save(short, by="admin")
    gauge.world.clock.move(minutes=5)
    with gauge.world.database.unit_of_work() as uow:
        # Below what the service takes: as if the plan had become unusable since.
        uow.plans.save(
            replace(short, lasts=timedelta(0)), by="admin", now=gauge.world.clock()
        )
        uow.commit()

    taken = gauge.send((0, 6.0))

    assert taken.alert_id is None
    assert taken.sensor.error is not None
    assert "No draft could be made" in taken.sensor.error
    assert len(gauge.service.readings("bridge", limit=9)) == 1


def test_changing_a_sensor_keeps_where_it_stands(gauge: Gauge) -> None:
    """New thresholds do not make it ring again."""
    gauge.send((0, 6.0))
    gauge.service.save(replace(SENSOR, title="New"), by="admin")

    sensor = gauge.service.get("bridge")
    assert (sensor.title, sensor.watch.phase) == ("New", Phase.ALARM)


def test_unknown_sensors_and_old_readings(gauge: Gauge) -> None:
    """The one is told, the others are forgotten."""
    with pytest.raises(SensorNotFoundError, match="register it first"):
        gauge.service.take("other", [(START, 1.0)], by="gauge")
    gauge.send((0, 4.0))
    gauge.world.clock.move(days=31)

    assert gauge.service.forget_readings() == 1


def test_every_change_is_in_the_record(gauge: Gauge) -> None:
    """With what was before and after."""
    gauge.plans.save(replace(PLAN, title="New"), by="anna")
    with gauge.world.read() as uow:
        entries = list(uow.audit.entries())

    assert [entry.action for entry in entries] == [
        "plan.save",
        "sensor.save",
        "plan.save",
    ]
    assert entries[0].details["before"] is None
    details: Mapping[str, Any] = entries[2].details
    titles = details["before"]["title"], details["after"]["title"]
    assert titles == ("Flood", "New")
