"""What follows an alert reaches exactly those whom it concerns, with its own words."""

from __future__ import annotations

import pytest

from telephony.delivery import AttemptState, Channel, DeliveryState
from tests.use_cases.warning.follow_up_cases import (
    MOVED,
    MOVED_NOT,
    go_on,
    moved,
    told,
)
from tests.use_cases.warning.world import (
    EAST_SQUARE,
    World,
    an_alert,
    an_info,
    ids_of,
)
from warning.alert import AlertCase, AlertKind, AlertState
from warning.cap import Alert, CapStatus, MsgType
from warning.errors import (
    FollowUpError,
    FourEyesError,
    TransitionError,
)
from warning.recipients import Variant

__all__ = ["moved"]


def test_an_update_speaks_to_three_audiences(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """The newly inside, the still inside, and those no longer inside; nobody else."""
    world, case, (west, both, east) = moved
    draft = world.follow_ups.update(case.alert_id, MOVED, by="anna")
    assert (draft.kind, draft.follows) == (AlertKind.UPDATE, case.alert_id)
    assert draft.cap.msg_type is MsgType.UPDATE
    assert draft.cap.references == (case.cap.reference(),)
    assert world.state(case.alert_id) == "live"
    live = go_on(world, draft)
    texts = told(world, live)
    assert set(texts) == {west, both, east}
    assert texts[east].startswith("Ministry of Water. Now the east")
    assert texts[both].startswith("UPDATE of our earlier message.")
    assert "Now the east" in texts[both]
    assert "no longer holds for Kandal" in texts[west]
    assert world.state(case.alert_id) == "ended"
    with world.read() as uow:
        audience = uow.alerts.audience(live.alert_id)
    assert audience is not None
    assert audience.by_variant == {"warning": 1, "update": 1, "released": 1}
    assert world.is_balanced(live)


def test_what_the_predecessor_has_queued_never_leaves(world: World) -> None:
    """Whoever was not told yet hears the update as something new."""
    one = world.register(1)
    case = world.go_live()
    world.plan()
    live = go_on(world, world.follow_ups.update(case.alert_id, MOVED_NOT, by="anna"))
    assert set(told(world, live)) == {one}
    with world.read() as uow:
        (line,) = uow.alerts.deliveries(case.alert_id, after=0, limit=9)
        assert uow.alerts.audience(live.alert_id).by_variant == {"warning": 1}
    assert line.state is DeliveryState.CANCELLED


def test_a_second_update_speaks_to_what_people_heard_last(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Who was released and is not inside again hears nothing more."""
    world, case, (west, both, east) = moved
    first = go_on(world, world.follow_ups.update(case.alert_id, MOVED, by="anna"))
    world.send()
    again = world.follow_ups.update(first.alert_id, MOVED, by="anna")
    assert again.cap.references == (case.cap.reference(), first.cap.reference())
    second = go_on(world, again)
    texts = told(world, second)
    assert set(texts) == {both, east}
    assert all(text.startswith("UPDATE") for text in texts.values())
    world.alerts.cancel(second.alert_id, by="anna")
    back = world.follow_ups.correct(second.alert_id, by="anna")
    corrected = go_on(world, back)
    assert set(told(world, corrected)) == {west, both, east}


def test_an_all_clear_goes_to_those_who_were_told(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Nothing else leaves from the moment it is said; the words wait for approval."""
    world, case, (west, both, _) = moved
    late = world.register(4)
    waiting = world.follow_ups.all_clear(case.alert_id, by="anna")
    assert world.state(case.alert_id) == "ended"
    assert waiting.state is AlertState.SUBMITTED
    assert waiting.cap.infos[0].headline is not None
    with pytest.raises(FourEyesError):
        world.alerts.approve(waiting.alert_id, by="anna")
    live = go_on(world, waiting)
    texts = told(world, live)
    assert set(texts) == {west, both}
    assert late not in texts
    assert all("ALL CLEAR" in text for text in texts.values())
    assert world.is_balanced(live)
    with pytest.raises(FollowUpError, match=live.alert_id):
        world.follow_ups.all_clear(case.alert_id, by="anna")


def test_whoever_was_told_by_a_call_is_called(world: World) -> None:
    """The channel that brought the warning furthest brings the all-clear."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    (text,) = world.claim()
    world.report(text, AttemptState.FAILED)
    world.escalation.run_once()
    (call,) = world.claim(Channel.VOICE)
    world.report(call, AttemptState.CONFIRMED)
    live = go_on(world, world.follow_ups.all_clear(case.alert_id, by="anna"))
    assert world.claim(Channel.SMS) == []
    (one,) = world.claim(Channel.VOICE)
    assert (one.owner_ref, one.recipient_id) == (live.owner_ref, person)


def test_told_is_whom_a_carrier_took_it_for_or_may_have(world: World) -> None:
    """Refused is not told; under way, unknown, and failed after acceptance are."""
    people = [world.register(n, channels=1) for n in range(5)]
    case = world.go_live()
    world.plan()
    claimed = {one.recipient_id: one for one in world.claim()}
    world.report(claimed[people[0]], AttemptState.FAILED)
    world.report(claimed[people[1]], AttemptState.UNKNOWN)
    world.report(claimed[people[2]], AttemptState.ACCEPTED)
    world.report(claimed[people[2]], AttemptState.FAILED)
    world.report(claimed[people[3]], AttemptState.REACHED)
    live = go_on(world, world.follow_ups.all_clear(case.alert_id, by="anna"))
    assert ids_of(world.claim()) == sorted(people[1:])
    assert world.progress(live).affected == 4


def test_an_end_that_nobody_need_hear_of_is_only_an_end(world: World) -> None:
    """Nothing had left: there is nobody to tell."""
    world.register(1)
    case = world.go_live()
    world.plan()
    ended = world.follow_ups.all_clear(case.alert_id, by="anna")
    assert (ended.alert_id, ended.state) == (case.alert_id, AlertState.ENDED)
    assert world.claim() == []
    assert len(world.board.list()) == 1


def test_a_cancel_prepares_what_people_are_told(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Submitted, as a CAP Cancel; approved by somebody else it goes to the told."""
    world, case, (west, both, _) = moved
    world.alerts.cancel(case.alert_id, by="anna")
    waiting = world.board.list()[0]
    assert (waiting.kind, waiting.state) == (AlertKind.WITHDRAWAL, AlertState.SUBMITTED)
    assert waiting.cap.msg_type is MsgType.CANCEL
    texts = told(world, go_on(world, waiting))
    assert set(texts) == {west, both}
    assert all("WITHDRAWN" in text for text in texts.values())


@pytest.mark.parametrize("is_cancelled_first", [False, True])
def test_a_correction_reaches_the_same_people(
    moved: tuple[World, AlertCase, list[int]], is_cancelled_first: bool
) -> None:
    """One step prepares it, whether or not somebody has cancelled already."""
    world, case, (west, both, _) = moved
    if is_cancelled_first:
        world.alerts.cancel(case.alert_id, by="anna")
    waiting = world.follow_ups.correct(case.alert_id, by="anna")
    assert world.state(case.alert_id) == "cancelled"
    others = world.board.list(states=[AlertState.SUBMITTED])
    assert [one.alert_id for one in others] == [waiting.alert_id]
    texts = told(world, go_on(world, waiting))
    assert set(texts) == {west, both}
    assert all("sent by mistake" in text for text in texts.values())
    with pytest.raises(FollowUpError):
        world.follow_ups.correct(case.alert_id, by="anna")


def test_what_closes_an_alert_takes_its_place_in_the_queue(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """It goes before every warning that came later."""
    world, case, _ = moved
    world.clock.move(minutes=1)
    fire = an_alert(an_info(event="Fire", polygon=EAST_SQUARE), identifier="fire")
    world.go_live(fire)
    world.plan()
    world.clock.move(minutes=1)
    live = go_on(world, world.follow_ups.correct(case.alert_id, by="anna"))
    owners = [one.owner_ref for one in world.claim()]
    assert owners[:2] == [live.owner_ref] * 2
    assert len(owners) == 4


def test_nobody_is_called_for_an_all_clear_they_did_not_answer(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Only a text that failed is followed by a call."""
    world, case, _ = moved
    go_on(world, world.follow_ups.all_clear(case.alert_id, by="anna"))
    first, second = world.claim()
    world.report(first, AttemptState.ACCEPTED)
    world.report(second, AttemptState.FAILED)
    world.clock.move(minutes=30)
    assert world.escalation.run_once() == 1
    assert ids_of(world.claim(Channel.VOICE)) == [second.recipient_id]


@pytest.mark.parametrize("kind", [AlertKind.UPDATE, *list(AlertKind)[2:]])
@pytest.mark.parametrize("status", [one for one in CapStatus if one.value != "Actual"])
def test_what_follows_a_drill_stays_in_the_drill_group(
    world: World, kind: AlertKind, status: CapStatus
) -> None:
    """Whatever it is; and says the drill word first."""
    inside = world.register(1, groups=("drill",))
    world.register(2)
    case = world.go_live(an_alert(status=status))
    world.plan()
    world.send()
    live = go_on(world, follow(world, case, kind, an_alert(status=status)))
    texts = told(world, live)
    assert set(texts) == {inside}
    assert texts[inside].startswith("EXERCISE EXERCISE: ")


def follow(world: World, case: AlertCase, kind: AlertKind, cap: Alert) -> AlertCase:
    """Whatever follows an alert, as it waits for approval."""
    if kind is AlertKind.UPDATE:
        return world.follow_ups.update(case.alert_id, cap, by="anna")
    if kind is AlertKind.WITHDRAWAL:
        world.alerts.cancel(case.alert_id, by="anna")
        return world.board.list()[0]
    if kind is AlertKind.ALL_CLEAR:
        return world.follow_ups.all_clear(case.alert_id, by="anna")
    return world.follow_ups.correct(case.alert_id, by="anna")


def test_what_waits_to_follow_goes_when_the_alert_is_closed(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """An update of something withdrawn cannot be approved by mistake."""
    world, case, _ = moved
    update = world.follow_ups.update(case.alert_id, MOVED, by="anna")
    world.alerts.submit(update.alert_id, by="anna")
    world.alerts.cancel(case.alert_id, by="chea")
    assert world.state(update.alert_id) == "cancelled"
    with pytest.raises(TransitionError):
        world.alerts.approve(update.alert_id, by="boran")


def test_an_update_whose_predecessor_has_ended_meanwhile_goes_live(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """Its own time counts."""
    world, case, (west, *_) = moved
    later = an_info(
        polygon=EAST_SQUARE, expires=case.cap.infos[0].expires.replace(hour=12)
    )
    draft = world.follow_ups.update(case.alert_id, an_alert(later), by="anna")
    world.clock.move(hours=6)
    assert world.alerts.end_expired() == 1
    live = go_on(world, draft)
    assert west in told(world, live)
    assert live.state is AlertState.LIVE


def test_identity_is_frozen(moved: tuple[World, AlertCase, list[int]]) -> None:
    """Identifier, sender and sent are the same after every step."""
    world, case, _ = moved
    waiting = world.follow_ups.all_clear(case.alert_id, by="anna")
    world.clock.move(minutes=7)
    live = go_on(world, waiting)
    assert live.cap == waiting.cap
    assert world.board.get(live.alert_id).cap == waiting.cap
    assert world.board.get(case.alert_id).cap == case.cap


def test_each_variant_is_kept_with_its_person(
    moved: tuple[World, AlertCase, list[int]],
) -> None:
    """What somebody was told can be shown afterwards."""
    world, case, (west, both, east) = moved
    live = go_on(world, world.follow_ups.update(case.alert_id, MOVED, by="anna"))
    world.send()
    with world.read() as uow:
        told = uow.alerts.told(live.alert_id)
    assert told.ids.tolist() == [west, both, east]
    assert told.of([Variant.RELEASED]).ids.tolist() == [west]
    assert told.of([Variant.UPDATE]).ids.tolist() == [both]
    assert told.of([Variant.WARNING]).ids.tolist() == [east]


@pytest.mark.parametrize("verb", ["all_clear", "correct"])
def test_an_end_asked_for_twice_is_prepared_once(
    moved: tuple[World, AlertCase, list[int]], verb: str
) -> None:
    """A double click gets the first one's answer, and nothing is written again."""
    world, case, _ = moved
    ask = getattr(world.follow_ups, verb)
    first = ask(case.alert_id, by="anna")
    with world.read() as uow:
        n_entries = len(list(uow.audit.entries()))
    assert ask(case.alert_id, by="chea") == first
    with world.read() as uow:
        assert len(list(uow.audit.entries())) == n_entries
