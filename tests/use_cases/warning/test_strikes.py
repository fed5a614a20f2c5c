"""Numbers that fail alert after alert rest, are left out with the reason, and wake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from telephony.delivery import AttemptState, Channel
from tests.use_cases.warning.world import World, a_phone, an_alert, an_info
from warning.alert import AlertCase
from warning.cap import Alert
from warning.escalation.listener import WarningListener
from warning.recipients import RecipientState
from warning.strikes import RestPolicy, StrikeCounter

SMS, VOICE = Channel.SMS, Channel.VOICE
LANDLINE = "30006"
OFF = "30003"


@pytest.fixture
def strikes(world: World) -> StrikeCounter:
    """Two strikes, ten days; counted by the world's listener. One person hears all."""
    counter = StrikeCounter(
        RestPolicy(n_strikes=2, rest=timedelta(days=10)), now=world.clock
    )
    world.listener = WarningListener(now=world.clock, strikes=counter)
    world.register(9)
    return counter


def a_cap(world: World) -> Alert:
    """An alert of this hour."""
    now = world.clock()
    info = an_info(expires=now + timedelta(hours=6))
    return an_alert(info, identifier=f"KH-{now:%j%H}", sent=now)


def alert(world: World, codes: Mapping[int, str | None]) -> AlertCase:
    """An alert that ends, for each person, with a failure of this code or a receipt."""
    world.clock.move(days=1)
    case = world.go_live(a_cap(world))
    world.plan()
    for channel in Channel:
        for one in world.claim(channel):
            code = codes.get(one.recipient_id)
            state = AttemptState.FAILED if code else AttemptState.REACHED
            world.report(one, state, code=code)
    return case


def excluded(world: World, case: AlertCase) -> Mapping[str, int]:
    return world.counts(case).excluded


def test_a_dead_number_rests_and_is_left_out(
    world: World, strikes: StrikeCounter
) -> None:
    """After so many alerts, with the reason in every figure; the others are told."""
    dead = world.register(1, channels=1)
    for _ in range(2):
        assert excluded(world, alert(world, {dead: LANDLINE})) == {}
    world.clock.move(hours=7)  # the last of them holds for six
    draft = world.intake.draft(a_cap(world), by="anna")
    preview = world.board.preview(draft.alert_id)
    assert preview.counts.excluded == {"resting": 1}
    case = alert(world, {})
    assert excluded(world, case) == {"resting": 1}
    assert world.counts(case).by_state == {RecipientState.REACHED: 1}
    assert world.is_balanced(case)


def test_a_landline_is_called_instead(world: World, strikes: StrikeCounter) -> None:
    """Its texts rest; nobody is lost who can be rung."""
    landline = world.register(1)
    for _ in range(2):
        alert(world, {landline: LANDLINE})
    case = alert(world, {})
    assert excluded(world, case) == {}
    progress = world.progress(case)
    assert (progress.sms.attempted, progress.voice.attempted) == (1, 1)
    assert progress.voice.reached == 1


def test_a_handset_that_is_off_for_a_night_has_failed_once(
    world: World, strikes: StrikeCounter
) -> None:
    """However many alerts that night; a number that does not exist needs no doubt."""
    off = world.register(1, channels=1)
    wrong = world.register(2, channels=1)
    for _ in range(3):
        alert(world, {off: OFF, wrong: "21211"})
        world.clock.move(days=-1, hours=1)
    with world.read() as uow:
        records = uow.strikes.of([off, wrong])
    assert records[off, SMS].n == 1
    assert records[off, SMS].resting_until is None
    assert records[wrong, SMS].resting_until is not None


def test_whoever_is_reached_starts_anew(world: World, strikes: StrikeCounter) -> None:
    """Two failures with a success between them are no series."""
    person = world.register(1, channels=1)
    for code in (LANDLINE, None, LANDLINE):
        alert(world, {person: code})
    assert excluded(world, alert(world, {})) == {}


def test_a_rest_ends_and_one_failure_begins_the_next(
    world: World, strikes: StrikeCounter
) -> None:
    """Each month the number gets one chance."""
    dead = world.register(1, channels=1)
    for _ in range(2):
        alert(world, {dead: LANDLINE})
    with world.database.unit_of_work() as uow:
        assert strikes.wake(uow) == 0
    world.clock.move(days=10)
    with world.database.unit_of_work() as uow:
        assert strikes.wake(uow) == 1
        assert strikes.wake(uow) == 0
        uow.commit()
    assert excluded(world, alert(world, {dead: LANDLINE})) == {}
    assert excluded(world, alert(world, {})) == {"resting": 1}


def test_a_text_from_a_number_wakes_it(world: World, strikes: StrikeCounter) -> None:
    """Whatever it says; a call says nothing about texts, strangers nothing at all."""
    dead = world.register(1, channels=1)
    for _ in range(2):
        alert(world, {dead: LANDLINE})
    for alive, is_out in (
        ({(a_phone(1), VOICE), ("+855999", SMS)}, True),
        ({(a_phone(1), SMS)}, False),
    ):
        with world.database.unit_of_work() as uow:
            strikes.on_life(uow, alive, at=world.clock())
            uow.commit()
        assert (excluded(world, alert(world, {})) == {"resting": 1}) is is_out


def test_a_carrier_in_trouble_strikes_nobody(
    world: World, strikes: StrikeCounter
) -> None:
    """A trunk that is down for three alerts must not silence a province."""
    person = world.register(1, channels=1)
    for code in ("failed", "S1002", "21612", "30008", "http_400"):
        alert(world, {person: code})
    with world.read() as uow:
        assert uow.strikes.of([person]) == {}


def test_an_opt_out_is_in_the_audit(world: World, strikes: StrikeCounter) -> None:
    """Once, without the number: who is silent, and since when."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    for _ in range(2):
        world.answer(person, "OPTED_OUT", case)
    with world.read() as uow:
        (entry,) = uow.audit.entries(subject=f"subscriber:{person}")
    assert (entry.action, entry.details) == (
        "subscriber.opted_out",
        {"before": "active"},
    )
