"""Three in the morning: who is woken, by what, and who is left to sleep.

The people are the simulator's, asleep; what leaves for them is worked out by the real
plans and quiet hours, minute by minute.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from simulator.citizens import CallFate, CitizenMix, Citizens, SmsFate
from store.database import Database
from telephony.delivery import AttemptState, Channel, ClaimedDelivery
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.alert import AlertCase, AlertState
from warning.cap import Severity
from warning.escalation.escalation import Escalation
from warning.escalation.escalation_plans import load_plans
from warning.schedule import QuietHours

ZONE = ZoneInfo("Asia/Phnom_Penh")
QUIET = QuietHours(time(22), time(7), ZONE)
THREE = datetime(2026, 9, 2, 3, 0, tzinfo=ZONE).astimezone(UTC)
SEVEN = datetime(2026, 9, 2, 7, 0, tzinfo=ZONE).astimezone(UTC)
N_PEOPLE = 60
#: Who answers at all does so in the end; nobody's number is dead.
MIX = CitizenMix(dead=0, unreachable=0)
ASLEEP = Citizens(MIX, seed=8, is_night=True)
AWAKE = Citizens(MIX, seed=8)


@pytest.fixture
def night(upgraded_file: Path, tmp_path: Path) -> Iterator[World]:
    """A village asleep, in a country that says when it sleeps."""
    path = shutil.copy(upgraded_file, tmp_path / "tocsin.db")
    with Database(f"sqlite:///{path}") as database:
        world = World(database, QUIET)
        world.clock.time = THREE
        for n in range(N_PEOPLE):
            world.register(n)
        yield world


def escalation(world: World) -> Escalation:
    return world.escalation_by(load_plans(timedelta(minutes=3)), quiet=QUIET)


def warned(world: World, severity: Severity) -> AlertCase:
    """Approved now, to hold until noon."""
    info = an_info(severity=severity, expires=THREE + timedelta(hours=9))
    case = world.go_live(an_alert(info))
    world.plan()
    return case


def answer_of(one: ClaimedDelivery, citizens: Citizens) -> float | None:
    """Seconds until somebody confirms what was sent; None if they never do."""
    if one.channel is Channel.SMS:
        text = citizens.sms(one.phone, 0)
        is_read = text.fate is SmsFate.DELIVERED and text.reply is not None
        return text.after_s + text.reply_after_s if is_read else None
    call = citizens.call(one.phone, 0)
    has_key = call.fate is CallFate.ANSWERED and bool({"1", "3"} & set(call.keys))
    return call.ring_s + call.reaction_s if has_key else None


def play(
    world: World, case: AlertCase, until: datetime, citizens: Citizens = ASLEEP
) -> tuple[dict[str, int], list[datetime]]:
    """Minute by minute: how much left on each channel, and when people confirmed."""
    steps, sent = escalation(world), {"sms": 0, "voice": 0}
    due: list[tuple[datetime, int]] = []
    confirmed: dict[int, datetime] = {}
    while world.clock() < until:
        if world.alerts.start_due():
            world.plan()
        steps.run_once()
        for channel in Channel:
            for one in world.claim(channel):
                world.report(one, AttemptState.REACHED)
                sent[channel.word] += 1
                after_s = answer_of(one, citizens)
                if after_s is not None:
                    at = world.clock() + timedelta(seconds=after_s)
                    due.append((at, one.recipient_id))
        world.clock.move(minutes=1)
        for at, person in [pair for pair in due if pair[0] <= world.clock()]:
            due.remove((at, person))
            if person not in confirmed:
                confirmed[person] = at
                world.answer(person, "CONFIRMED", case)
    return sent, sorted(confirmed.values())


def test_an_extreme_alert_wakes_people_by_its_calls(night: World) -> None:
    """Everybody is texted and rung at once; those who sleep are found by the call."""
    case = warned(night, Severity.EXTREME)
    sent, confirmed = play(night, case, THREE + timedelta(minutes=5))
    assert case.state is AlertState.LIVE
    assert sent == {"sms": N_PEOPLE, "voice": N_PEOPLE}
    soon = [at for at in confirmed if at <= THREE + timedelta(minutes=2)]
    assert len(soon) >= N_PEOPLE // 4


def test_a_minor_alert_lets_people_sleep(night: World) -> None:
    """Nothing at all before morning, and then a text and no call."""
    case = warned(night, Severity.MINOR)
    assert case.state is AlertState.SCHEDULED
    assert play(night, case, SEVEN) == ({"sms": 0, "voice": 0}, [])
    sent, confirmed = play(night, case, SEVEN + timedelta(minutes=20), AWAKE)
    assert sent == {"sms": N_PEOPLE, "voice": 0}
    assert confirmed
    assert min(confirmed) > SEVEN


def test_a_call_for_something_moderate_waits_for_the_morning(night: World) -> None:
    """Its text left in the evening; whoever has not answered is not rung at three."""
    night.clock.time = THREE - timedelta(hours=5, minutes=1)
    case = warned(night, Severity.MODERATE)
    assert case.state is AlertState.LIVE
    sent, _ = play(night, case, THREE)
    assert sent == {"sms": N_PEOPLE, "voice": 0}
    assert play(night, case, SEVEN)[0] == {"sms": 0, "voice": 0}
    rung, _ = play(night, case, SEVEN + timedelta(minutes=2), AWAKE)
    assert rung["sms"] == 0
    assert rung["voice"] > 0


def test_texts_alone_would_come_too_late_at_night(night: World) -> None:
    """By day most answers to a text come within two minutes; asleep almost none."""
    case = warned(night, Severity.EXTREME)
    with night.read() as uow:
        lines = uow.alerts.deliveries(case.alert_id, after=0, limit=N_PEOPLE)
    assert len(lines) == N_PEOPLE
    texts = [one for one in night.claim() if one.channel is Channel.SMS]

    def within(minutes: float, citizens: Citizens) -> int:
        answers = [answer_of(one, citizens) for one in texts]
        return sum(one is not None and one <= 60 * minutes for one in answers)

    assert within(2.25, AWAKE) >= 4 * max(1, within(2.25, ASLEEP))
    assert within(60, ASLEEP) == within(60, AWAKE)
