"""When alerts leave: at their time, again and again, and not at night if minor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from store.database import Database
from telephony.delivery import AttemptState, Channel
from tests.use_cases.warning.world import START, World, an_alert, an_info, ids_of
from warning.alert import AlertCase, AlertState
from warning.audience import repeats as repeats_module
from warning.cap import Severity
from warning.errors import InvalidAlertError, TransitionError
from warning.people.subscribers import Status
from warning.schedule import QuietHours, RepeatTo, Schedule

HOUR = timedelta(hours=1)
#: START is 10:00 there; the night begins 11 hours later.
NIGHT = QuietHours(time(21), time(7), ZoneInfo("Asia/Phnom_Penh"))


def approved(world: World, schedule: Schedule, severity: str = "Extreme") -> AlertCase:
    info = an_info(severity=Severity(severity), expires=START + 30 * HOUR)
    draft = world.intake.draft(an_alert(info), by="anna")
    world.alerts.plan(draft.alert_id, schedule, by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    return world.alerts.approve(draft.alert_id, by="boran")


def test_an_alert_goes_live_at_its_time(world: World) -> None:
    """Whoever has come to live there meanwhile is told as well."""
    world.register(1)
    case = approved(world, Schedule(send_at=START + HOUR))
    assert (case.state, case.live_at) == (AlertState.SCHEDULED, None)
    assert world.alerts.start_due() == world.plan() == 0
    world.register(2)
    world.clock.move(hours=1)
    assert world.alerts.start_due() == 1
    assert world.alerts.start_due() == 0
    assert world.plan() == 2
    assert world.board.get(case.alert_id).live_at == START + HOUR


def test_a_time_missed_while_nobody_worked_is_made_up_for(world: World) -> None:
    """Late is better than never, unless it is over."""
    world.register(1)
    approved(world, Schedule(send_at=START + HOUR))
    world.clock.move(hours=29)
    assert world.alerts.start_due() == 1
    assert world.plan() == 1


def test_what_is_over_before_it_could_start_ends(world: World) -> None:
    """Nobody is told of yesterday."""
    world.register(1)
    case = approved(world, Schedule(send_at=START + HOUR))
    world.clock.move(hours=30)
    assert world.alerts.start_due() == 1
    assert world.state(case.alert_id) == "ended"
    assert world.plan() == 0


def test_a_time_that_is_past_means_at_once(world: World) -> None:
    """Whoever approves late does not stop it."""
    world.register(1)
    assert approved(world, Schedule(send_at=START - HOUR)).state is AlertState.LIVE


def test_a_scheduled_alert_can_be_cancelled(world: World) -> None:
    """And nobody hears of it."""
    world.register(1)
    case = approved(world, Schedule(send_at=START + HOUR))
    world.alerts.cancel(case.alert_id, by="anna")
    world.clock.move(hours=2)
    assert world.alerts.start_due() == world.plan() == 0
    assert len(world.board.list()) == 1


def test_an_alert_for_nobody_any_more_is_closed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not tried for ever, and its audit says why."""
    person = world.register(1)
    case = approved(world, Schedule(send_at=START + HOUR))
    world.set_status(person, Status.OPTED_OUT)
    world.clock.move(hours=1)
    assert world.alerts.start_due() == 1
    assert world.state(case.alert_id) == "cancelled"
    assert "alert cannot start" in caplog.text
    with world.read() as uow:
        *_, last = uow.audit.entries()
    assert "left out" in str(last.details["reason"])


def test_an_update_that_starts_later_lets_the_alert_go_on(world: World) -> None:
    """It takes the place when its time has come, not before."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    draft = world.follow_ups.update(case.alert_id, an_alert(), by="anna")
    world.alerts.plan(draft.alert_id, Schedule(send_at=START + HOUR), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    world.alerts.approve(draft.alert_id, by="boran")
    assert world.state(case.alert_id) == "live"
    world.clock.move(hours=1)
    assert world.alerts.start_due() == 1
    assert world.state(case.alert_id) == "ended"
    assert world.state(draft.alert_id) == "live"


BAD = {
    "after the end": (Schedule(send_at=START + 31 * HOUR), "holds only until"),
    "too often": (Schedule(repeat_every=timedelta(seconds=10)), "below 300"),
    "until without every": (Schedule(repeat_until=START + HOUR), "needs repeat_every"),
    "until the past": (
        Schedule(repeat_every=HOUR, repeat_until=START - HOUR),
        "in the past",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_times_that_make_no_sense_are_refused(world: World, name: str) -> None:
    """With the one that is wrong."""
    world.register(1)
    with pytest.raises(InvalidAlertError, match=BAD[name][1]):
        approved(world, BAD[name][0])


def test_times_are_fixed_with_the_submission(world: World) -> None:
    """Whoever approves must know when it leaves."""
    world.register(1)
    draft = world.intake.draft(an_alert(), by="anna")
    world.alerts.submit(draft.alert_id, by="anna")
    with pytest.raises(TransitionError, match="rejected first"):
        world.alerts.plan(draft.alert_id, Schedule(), by="anna")


@pytest.mark.parametrize("to", RepeatTo)
def test_people_are_told_again(world: World, to: RepeatTo) -> None:
    """Whoever has not confirmed, or everybody; figures count people, not tellings."""
    one, two = world.register(1), world.register(2)
    case = approved(world, Schedule(repeat_every=HOUR, repeat_to=to))
    world.plan()
    for claimed in world.claim():
        world.report(claimed, AttemptState.ACCEPTED)
    world.answer(one, "CONFIRMED", case)
    assert world.repeater.run_once() == 0
    world.clock.move(hours=1)
    assert world.repeater.run_once() == 2
    assert world.repeater.run_once() == 0
    again = world.claim()
    assert ids_of(again) == ([one, two] if to is RepeatTo.ALL else [two])
    assert world.is_balanced(case)
    world.alerts.cancel(case.alert_id, by="anna")
    world.clock.move(hours=1)
    assert world.repeater.run_once() == 0


def test_missed_rounds_are_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a night without a worker people are told once, not eight times."""
    monkeypatch.setattr(repeats_module, "CHUNK", 1)
    for n in range(3):
        world.register(n)
    approved(world, Schedule(repeat_every=HOUR))
    world.plan()
    world.send()
    world.clock.move(hours=8)
    assert [world.repeater.run_once() for _ in range(4)] == [1, 1, 1, 0]
    assert world.send() == 3


def test_nobody_is_told_again_who_still_waits(world: World) -> None:
    """Nor after the end of repeating, nor who said STOP."""
    world.register(1)
    until = START + 2 * HOUR
    approved(world, Schedule(repeat_every=HOUR, repeat_until=until))
    world.plan()
    world.clock.move(hours=1)
    assert world.repeater.run_once() == 1
    assert world.send() == 1
    world.clock.move(hours=2)
    assert world.repeater.run_once() == 0


def test_a_round_that_breaks_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged and tried again."""
    world.register(1)
    approved(world, Schedule(repeat_every=HOUR))
    world.plan()
    world.send()
    world.clock.move(hours=1)

    def fail(*_: object) -> list[object]:
        raise OSError("disk full")

    monkeypatch.setattr(repeats_module, "_deliveries", fail)
    assert world.repeater.run_once() == 0
    assert "nobody was told again" in caplog.text
    monkeypatch.undo()
    assert world.repeater.run_once() == 1


@pytest.fixture
def sleeping(upgraded_file: Path, tmp_path: Path) -> Iterator[World]:
    """A world that sleeps from nine to seven; it is ten in the evening."""
    url = f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'night.db')}"
    with Database(url) as database:
        world = World(database, NIGHT)
        world.register(1)
        world.clock.move(hours=12)
        yield world


@pytest.mark.parametrize("severity", ["Minor", "Moderate"])
def test_what_is_minor_waits_until_morning(sleeping: World, severity: str) -> None:
    """Local time decides."""
    case = approved(sleeping, Schedule(), severity)
    morning = datetime(2026, 9, 2, 7, tzinfo=NIGHT.zone)
    assert (case.state, case.starts_at) == (AlertState.SCHEDULED, morning)
    sleeping.clock.move(hours=9)
    assert sleeping.alerts.start_due() == 1


@pytest.mark.parametrize("severity", ["Extreme", "Severe", "Unknown"])
def test_what_is_severe_never_waits(sleeping: World, severity: str) -> None:
    """Nor what nobody can judge."""
    assert approved(sleeping, Schedule(), severity).state is AlertState.LIVE


def test_a_start_missed_until_the_night_waits_for_the_morning(sleeping: World) -> None:
    """A worker that comes back at night wakes nobody for something minor."""
    sleeping.clock.move(hours=-6)
    case = approved(sleeping, Schedule(send_at=sleeping.clock() + HOUR), "Minor")
    sleeping.clock.move(hours=6)
    assert sleeping.alerts.start_due() == 1
    assert sleeping.state(case.alert_id) == "scheduled"
    assert sleeping.alerts.start_due() == 0


def test_an_all_clear_does_not_wait(sleeping: World) -> None:
    """Whoever was woken may sleep again."""
    case = approved(sleeping, Schedule(), "Severe")
    sleeping.plan()
    sleeping.send()
    waiting = sleeping.follow_ups.all_clear(case.alert_id, by="anna")
    live = sleeping.alerts.approve(waiting.alert_id, by="boran")
    assert live.state is AlertState.LIVE


def test_nobody_is_called_or_told_again_at_night_for_something_minor(
    sleeping: World,
) -> None:
    """The call and the next round come in the morning."""
    sleeping.clock.move(hours=-2)
    approved(sleeping, Schedule(repeat_every=HOUR), "Minor")
    sleeping.plan()
    sleeping.send()
    sleeping.clock.move(hours=3)
    assert sleeping.escalation.run_once() == sleeping.repeater.run_once() == 0
    sleeping.clock.move(hours=8)
    assert sleeping.escalation.run_once() == 1
    assert len(sleeping.claim(Channel.VOICE)) == 1
    assert sleeping.repeater.run_once() == 1
