"""The telephone is down: the dispatcher hears of it in ten seconds, with a list."""

from __future__ import annotations

from responders.case import CaseId
from responders.cases.unreached import TELEPHONE_DOWN
from telephony.delivery import Channel, DeliveryState
from tests.fakes.case_world import CaseWorld, a_person, phone


def is_alarmed(world: CaseWorld, case_id: CaseId) -> bool:
    kinds = {notice.kind for notice in world.case(case_id).notices}
    return TELEPHONE_DOWN in kinds


def list_of(world: CaseWorld, case_id: CaseId) -> list[str]:
    return [person.phone for person in world.services.board.get(case_id).by_hand]


def test_nothing_leaves() -> None:
    """At ten seconds, not before, with the nearest first."""
    world = CaseWorld()
    world.people(a_person(1, 500), a_person(2, 200))
    case_id = world.running()
    world.move(seconds=9)
    assert not is_alarmed(world, case_id)
    assert list_of(world, case_id) == []
    world.move(seconds=1)
    assert is_alarmed(world, case_id)
    assert list_of(world, case_id) == [phone(2), phone(1)]


def test_one_message_that_left_is_enough() -> None:
    """The lines work: somebody who has no luck is no alarm."""
    world = CaseWorld()
    one, _ = world.people(a_person(1), a_person(2))
    case_id = world.running()
    world.news(case_id, int(one), DeliveryState.SENT, channel=Channel.SMS)
    world.pass_by(60)
    assert not is_alarmed(world, case_id)


def test_everything_is_refused() -> None:
    """Carriers that refuse at once are as good as none."""
    world = CaseWorld()
    (one,) = world.people(a_person(1))
    case_id = world.running()
    for channel in (Channel.SMS, Channel.VOICE):
        world.news(case_id, int(one), DeliveryState.FAILED, channel=channel)
    world.move(seconds=10)
    assert list_of(world, case_id) == [phone(1)]


def test_the_list_shrinks_as_lines_come_back() -> None:
    """Whom a message has reached need not be rung, and nobody once it is over."""
    world = CaseWorld()
    one, _ = world.people(a_person(1), a_person(2))
    case_id = world.running()
    world.move(seconds=10)
    world.news(case_id, int(one), DeliveryState.SENT, channel=Channel.SMS)
    assert list_of(world, case_id) == [phone(2)]
    world.services.desk.cancel(case_id, by="dara")
    assert list_of(world, case_id) == []
