"""The monthly test: whose turn it is, what it asks, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from responders.duty.reachability import CALL_AFTER, ReachPolicy
from responders.roster.hours import Hours
from responders.roster.reach import Reach
from responders.roster.volunteer import Availability, ResponderId, Standing
from telephony.delivery import Channel, DeliveryEvent, DeliveryState, Lane
from tests.fakes.case_world import START, CaseWorld, a_person, phone

ALL_DAY = Hours(0, 0)


@pytest.fixture
def world() -> CaseWorld:
    return CaseWorld(reach=ReachPolicy(hours=ALL_DAY))


def orders(world: CaseWorld) -> list[tuple[str, Channel]]:
    """Numbers and channels of all tests, in order."""
    with world.new_uow() as uow:
        return [
            (order.phone, order.channel)
            for order in world.orders(uow)
            if order.owner_ref.startswith("reach:")
        ]


def reach(world: CaseWorld, number: ResponderId) -> Reach:
    with world.new_uow() as uow:
        found = uow.reachability.get(number)
        assert found is not None
        return found


def ask_due(world: CaseWorld) -> int:
    """One look of the worker; how many were asked."""
    return world.services.reachability.run_once()


def test_by_text_then_by_call_then_nobody_answers(world: CaseWorld) -> None:
    """A text, a call a day later, and after two days a place on the list."""
    (one,) = world.people(a_person(1))
    assert ask_due(world) == 1
    assert orders(world) == [(phone(1), Channel.SMS)]
    assert ask_due(world) == 0
    world.time += CALL_AFTER
    assert ask_due(world) == 1
    assert orders(world)[1:] == [(phone(1), Channel.VOICE)]
    assert world.services.reachability.unreachable(limit=9) == []
    world.time += CALL_AFTER
    assert ask_due(world) == 0
    ((found, person),) = world.services.reachability.unreachable(limit=9)
    assert (found.n_missed, person.responder_id) == (1, one)


def test_says_that_it_is_a_test_and_waits_for_everything_else(
    world: CaseWorld,
) -> None:
    """The first word is TEST, and no warning waits for it."""
    world.people(a_person(1))
    ask_due(world)
    with world.new_uow() as uow:
        (order,) = world.orders(uow)
        text = uow.outbox.content(order.content_id).sms_text
    assert text.startswith("TEST:")
    assert "no emergency" in text
    assert order.lane is Lane.DRILL


@pytest.mark.parametrize("body", ["1", "STATUS", "hello"])
def test_any_text_is_a_sign_of_life(world: CaseWorld, body: str) -> None:
    """Whatever somebody writes, they have their phone."""
    (one,) = world.people(a_person(1))
    ask_due(world)
    world.time += timedelta(seconds=90)
    world.text(phone(1), body)
    assert reach(world, one).n_missed == 0
    assert reach(world, one).delay_s == 90
    world.time += timedelta(days=3)
    assert world.services.reachability.unreachable(limit=9) == []


def test_the_answer_is_not_taken_for_one_to_a_warning(world: CaseWorld) -> None:
    """A bare 1 is kept from the warnings while a test is open, and only then."""
    world.people(a_person(1))
    ask_due(world)
    assert world.text(phone(1), "1")
    assert not world.text(phone(1), "1")


def test_a_key_in_the_call_answers(world: CaseWorld) -> None:
    """Whoever has no texts is rung at once, and presses 1."""
    (one,) = world.people(a_person(1, channels=Channel.VOICE))
    ask_due(world)
    assert orders(world) == [(phone(1), Channel.VOICE)]
    event = DeliveryEvent(
        owner_ref=f"reach:{one}/x",
        recipient_id=int(one),
        channel=Channel.VOICE,
        state=DeliveryState.CONFIRMED,
        at=START + timedelta(minutes=1),
        answer="CONFIRMED",
    )
    with world.new_uow() as uow:
        world.services.reachability.on_delivery_events(uow, [event])
        uow.commit()
    assert not reach(world, one).is_open


def test_a_yes_to_a_case_is_a_sign_of_life(world: CaseWorld) -> None:
    """Whoever went to a patient need not be asked whether they can be reached."""
    one, _ = world.people(a_person(1), a_person(2, 9_000))
    case_id = world.running()
    world.press(case_id, int(one), "ACCEPTED")
    world.services.desk.close(case_id, by="dara")
    world.time += timedelta(days=29)
    ask_due(world)
    assert [number for number, _ in orders(world)] == [phone(2)]


@pytest.mark.parametrize(
    "changes",
    [
        {"standing": Standing.OPTED_OUT},
        {"standing": Standing.SUSPENDED},
        {"availability": Availability(is_on=False)},
        {"availability": Availability(paused_until=START + timedelta(hours=9))},
        {"availability": Availability(quiet=Hours.parse("01-06"))},
    ],
)
def test_who_wants_peace_has_it(world: CaseWorld, changes: dict[str, object]) -> None:
    """Opted out, suspended, off, paused, quiet: not tested."""
    world.people(a_person(1, **changes))
    ask_due(world)
    assert orders(world) == []


def test_who_is_asked_to_a_patient_is_not_tested(world: CaseWorld) -> None:
    """A test beside an alert would be taken for it, or it for a test."""
    world.people(a_person(1))
    case_id = world.running()
    ask_due(world)
    assert orders(world) == []
    world.services.desk.cancel(case_id, by="dara")
    world.time += timedelta(hours=1)
    ask_due(world)
    assert len(orders(world)) == 1


def test_one_who_cannot_be_tested_holds_up_nobody(world: CaseWorld) -> None:
    """The next in the row has their turn, and the first an hour later."""
    quiet = Availability(quiet=Hours.parse("01-06"))
    world.people(a_person(1, availability=quiet), a_person(2))
    ask_due(world)
    world.time += timedelta(minutes=10)
    ask_due(world)
    assert [number for number, _ in orders(world)] == [phone(2)]


def test_only_in_its_hours_and_not_when_switched_off() -> None:
    """Nothing at night, and nothing at all with 0 days."""
    for policy in (
        ReachPolicy(hours=Hours(9 * 60, 18 * 60)),
        ReachPolicy(every_days=0),
    ):
        world = CaseWorld(reach=policy)
        world.people(a_person(1))
        assert ask_due(world) == 0  # START is at three in the morning.


def test_spread_over_the_month() -> None:
    """A month's hours are enough for everybody, and no portion is much larger."""
    policy = ReachPolicy()
    portions_a_month = 30 * 9 * 6
    assert policy.portion(1_000_000) * portions_a_month >= 1_000_000
    assert policy.portion(1_000_000) < 1_000_000 / portions_a_month + 1
    world = CaseWorld(reach=ReachPolicy(hours=ALL_DAY))
    world.people(*(a_person(n) for n in range(1, 6)))
    assert [ask_due(world), ask_due(world)] == [1, 0]
    world.time += timedelta(minutes=10)
    assert ask_due(world) == 1


def test_an_operator_may_test_now(world: CaseWorld) -> None:
    """Whatever the hour; and the record says who."""
    (one,) = world.people(a_person(1, availability=Availability(is_on=False)))
    world.services.reachability.test(one, by="dara")
    assert len(orders(world)) == 1
    with world.new_uow() as uow:
        (entry,) = uow.audit.entries(subject=f"responder:{one}")
    assert (entry.actor, entry.action) == ("dara", "responder.test")


def test_older_news_change_nothing() -> None:
    """Callbacks come late and twice."""
    known = Reach(responder_id=ResponderId(1), heard_at=START)
    assert known.heard(START - timedelta(hours=1)) is known
    asked = Reach(responder_id=ResponderId(1), asked_at=START, n_missed=1)
    assert asked.heard(START - timedelta(seconds=1)).is_open
