"""An alert stands still and is in force, goes on where it stood, is sent for longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telephony.delivery import AttemptState, Channel, Lane
from tests.use_cases.warning.world import START, World
from warning.alert import AlertState
from warning.approval.holding import LONGEST, Holding
from warning.errors import InvalidAlertError, TransitionError
from warning.validity import valid_until


@pytest.fixture
def holding(world: World) -> Holding:
    """What holds the alerts of the world."""
    return world.desk.holding


def test_nothing_leaves_while_it_stands_still(world: World, holding: Holding) -> None:
    """Nor is it over: it is in force all the same."""
    for n in range(1, 4):
        world.register(n)
    case = world.go_live()
    world.plan()
    paused = holding.pause(case.alert_id, by="anna")
    assert paused.is_paused
    assert paused.state is AlertState.LIVE
    assert world.claim() == []
    assert holding.resume(case.alert_id, by="boran").paused_at is None
    assert len(world.claim()) == 3


def test_what_is_not_written_out_waits_too(world: World, holding: Holding) -> None:
    """The planner passes over an alert that stands still."""
    world.register(1)
    case = world.go_live()
    holding.pause(case.alert_id, by="anna")
    assert world.plan() == 0
    holding.resume(case.alert_id, by="anna")
    assert world.plan() == 1


def test_a_retry_falls_back_into_what_stands_still(
    world: World, holding: Holding
) -> None:
    """What was on its way and failed is not tried again before it goes on."""
    world.register(1)
    case = world.go_live()
    world.plan()
    (on_its_way,) = world.claim()
    holding.pause(case.alert_id, by="anna")
    world.report(on_its_way, AttemptState.NOT_SENT, retry_at=START)
    assert world.claim() == []
    holding.resume(case.alert_id, by="anna")
    assert [one.lane for one in world.claim()] == [Lane.WARNING]


def test_nobody_is_called_meanwhile(world: World, holding: Holding) -> None:
    """Escalation waits as well, and is made up for."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    holding.pause(case.alert_id, by="anna")
    world.clock.move(minutes=6)
    assert world.escalation.run_once() == 0
    holding.resume(case.alert_id, by="anna")
    assert world.escalation.run_once() == 1


def test_deadlines_hold_while_it_stands_still(world: World, holding: Holding) -> None:
    """What became too late never leaves, and is told as expired."""
    world.register(1)
    case = world.go_live()
    world.plan()
    holding.pause(case.alert_id, by="anna")
    world.clock.move(days=2)
    assert world.expire() == 1
    assert world.alerts.end_expired() == 1
    with pytest.raises(TransitionError, match="ended and cannot resume"):
        holding.resume(case.alert_id, by="anna")


def test_what_stands_still_can_be_cancelled(world: World, holding: Holding) -> None:
    """Everything that waited is withdrawn."""
    world.register(1)
    case = world.go_live()
    world.plan()
    holding.pause(case.alert_id, by="anna")
    world.alerts.cancel(case.alert_id, by="anna")
    assert world.progress(case).settled


def test_asked_for_twice_it_happens_once(world: World, holding: Holding) -> None:
    """The first word counts, and the audit has each step once."""
    world.register(1)
    case = world.go_live()
    first = holding.pause(case.alert_id, by="anna")
    assert holding.pause(case.alert_id, by="boran") == first
    for _ in range(2):
        holding.resume(case.alert_id, by="anna")
    steps = [step.action for step in world.reports.report(case.alert_id).steps]
    assert steps[-2:] == ["alert.pause", "alert.resume"]


def test_an_extended_alert_goes_on(world: World, holding: Holding) -> None:
    """Who was not reached yet is reached after its old end, on every channel."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    was = valid_until(case)
    later = was + timedelta(hours=6)
    assert valid_until(holding.extend(case.alert_id, later, by="boran")) == later
    world.clock.time = was + timedelta(minutes=1)
    assert world.alerts.end_expired() == 0
    assert world.escalation.run_once() == 1
    (call,) = world.claim(Channel.VOICE)
    assert call.deadline == later
    world.clock.time = later
    assert world.alerts.end_expired() == 1


def test_an_end_is_only_put_off(world: World, holding: Holding) -> None:
    """Earlier is refused, and so is a month and more."""
    world.register(1)
    case = world.go_live()
    for until in (valid_until(case), START + LONGEST + timedelta(days=1)):
        with pytest.raises(InvalidAlertError):
            holding.extend(case.alert_id, until, by="boran")


def test_a_draft_is_not_held(world: World, holding: Holding) -> None:
    """There is nothing to hold."""
    world.register(1)
    case = world.go_live()
    world.alerts.cancel(case.alert_id, by="anna")
    with pytest.raises(TransitionError, match="cannot pause"):
        holding.pause(case.alert_id, by="anna")
