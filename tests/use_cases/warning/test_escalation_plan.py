"""The plan for Severe from the first text to the last call, by kind of person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telephony.delivery import AttemptState, Channel
from tests.use_cases.warning.world import START, World, an_alert, an_info
from warning.alert import AlertCase
from warning.cap import Severity
from warning.escalation.escalation import CHUNK, MIN_CHUNK, Escalation
from warning.escalation.escalation_plans import load_plans
from warning.people.subscribers import VOICE_FIRST_GROUP
from warning.ports import UnitOfWork

PLANS = load_plans(timedelta(minutes=3))


def live(world: World, severity: Severity = Severity.SEVERE) -> AlertCase:
    case = world.go_live(an_alert(an_info(severity=severity)))
    world.plan()
    return case


def sent(world: World, state: AttemptState = AttemptState.REACHED) -> dict[str, int]:
    """What leaves now, by channel, and that it arrives."""
    found = {}
    for channel in Channel:
        claimed = world.claim(channel)
        for one in claimed:
            world.report(one, state)
        if claimed:
            found[channel.word] = len(claimed)
    return found


def after(world: World, escalation: Escalation, minutes: float) -> dict[str, int]:
    """Let time pass; what leaves then."""
    world.clock.move(minutes=minutes, seconds=1)
    escalation.run_once()
    return sent(world)


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ({}, [{"sms": 1}, {"voice": 1}, {"voice": 1}, {}]),
        # Cannot see or cannot read.
        (
            {"groups": (VOICE_FIRST_GROUP,)},
            [{"voice": 1}, {"sms": 1}, {"voice": 1}, {}],
        ),
        # Cannot hear.
        ({"channels": 1}, [{"sms": 1}, {}, {}, {}]),
        # A landline.
        ({"channels": 2}, [{"voice": 1}, {}, {"voice": 1}, {}]),
    ],
    ids=["most", "voice first", "deaf", "landline"],
)
def test_each_is_told_in_their_own_way(
    world: World, person: dict[str, object], told: list[dict[str, int]]
) -> None:
    """A text, a call after 3 minutes, a second after 10: as far as each can."""
    escalation = world.escalation_by(PLANS)
    world.register(1, **person)
    live(world)
    steps = [sent(world), *(after(world, escalation, n) for n in (3, 10, 10))]
    assert steps == told


def test_something_extreme_rings_at_once(world: World) -> None:
    """Text and call leave in the same second."""
    escalation = world.escalation_by(PLANS)
    world.register(1)
    live(world, Severity.EXTREME)
    assert sent(world) == {"sms": 1}
    assert after(world, escalation, 0) == {"voice": 1}


def test_nobody_is_rung_for_something_minor(world: World) -> None:
    """Whatever becomes of the text."""
    escalation = world.escalation_by(PLANS)
    world.register(1)
    live(world, Severity.MINOR)
    assert sent(world, AttemptState.FAILED) == {"sms": 1}
    assert after(world, escalation, 60) == {}


@pytest.mark.parametrize("n_steps", [0, 1, 2])
def test_a_stop_in_mid_escalation_stops_everything(world: World, n_steps: int) -> None:
    """What is queued is withdrawn, and no step follows, however far it had come."""
    escalation = world.escalation_by(PLANS)
    person = world.register(1)
    case = live(world)
    sent(world)
    for minutes in (3, 10)[:n_steps]:
        sent(world)
        world.clock.move(minutes=minutes, seconds=1)
        assert escalation.run_once() == 1
    world.answer(person, "OPTED_OUT", case)
    assert sent(world) == {}
    assert after(world, escalation, 30) == {}
    assert world.is_balanced(case)


def test_an_alert_that_stands_still_escalates_nothing(world: World) -> None:
    """Until it goes on."""
    escalation = world.escalation_by(PLANS)
    world.register(1)
    case = live(world)
    sent(world)
    with world.database.unit_of_work() as uow:
        held = uow.alerts.get_for_update(case.alert_id).pause("anna", START)
        uow.alerts.save(held)
        uow.commit()
    assert after(world, escalation, 3) == {}
    with world.database.unit_of_work() as uow:
        uow.alerts.save(uow.alerts.get_for_update(case.alert_id).resume())
        uow.commit()
    assert after(world, escalation, 0) == {"voice": 1}


def test_a_deadline_ends_escalation(world: World) -> None:
    """No second call after the alert's own end."""
    escalation = world.escalation_by(PLANS)
    world.register(1)
    soon = an_info(severity=Severity.SEVERE, expires=START + timedelta(minutes=10))
    world.go_live(an_alert(soon))
    world.plan()
    sent(world)
    assert after(world, escalation, 3) == {"voice": 1}
    assert after(world, escalation, 10) == {}


def test_transactions_shrink_when_they_take_long(world: World) -> None:
    """A call for a volunteer waits for a small one at most; all are queued anyhow."""
    seconds = iter(range(10_000))
    escalation = Escalation(
        new_uow=world.database.unit_of_work,
        read_uow=world.database.read_only,
        plan=PLANS,
        now=world.clock,
        monotonic=lambda: float(next(seconds)),
    )
    n_people = 60
    for n in range(n_people):
        world.register(n)
    live(world)
    sent(world)
    world.clock.move(minutes=3, seconds=1)
    escalation._chunk.n = MIN_CHUNK
    assert escalation.run_once() == n_people
    assert escalation._chunk.n == MIN_CHUNK < CHUNK


def test_a_search_that_found_nobody_rests(world: World) -> None:
    """So long after what it took: nobody looks through a million every second."""
    seconds = iter(range(0, 100_000, 2))
    searches: list[UnitOfWork] = []

    def search() -> UnitOfWork:
        searches.append(world.database.read_only())
        return searches[-1]

    escalation = Escalation(
        new_uow=world.database.unit_of_work,
        read_uow=search,
        plan=world.escalation._plan,
        now=world.clock,
        monotonic=lambda: float(next(seconds)),
    )
    world.register(1)
    live(world)
    for _ in range(3):
        assert escalation.run_once() == 0
    # One look at the alerts each time; one search for each of the two turns.
    assert len(searches) == 3 + 2
