"""Who has not confirmed is tried another way; everybody else is left in peace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from telephony.delivery import AttemptState, CarrierEvent, Channel, EventKind
from tests.use_cases.warning.world import START, World, an_alert, an_info, ids_of
from warning.alert import AlertId
from warning.escalation.escalation import MOST_BEHIND
from warning.people.subscribers import Status

MINUTES = 5


def test_a_call_follows_a_text_that_nobody_answered(world: World) -> None:
    """With the same words, in the same lane, no later than the text may be said."""
    confirmed, silent, has_no_voice = (
        world.register(1),
        world.register(2),
        world.register(3, channels=1),
    )
    case = world.go_live()
    world.plan()
    texts = {one.recipient_id: one for one in world.claim()}
    for one in texts.values():
        world.report(one, AttemptState.ACCEPTED)
    world.answer(confirmed, "CONFIRMED", case)
    assert world.escalation.run_once() == 0
    world.clock.move(minutes=MINUTES, seconds=1)
    assert world.escalation.run_once() == 1
    assert world.escalation.run_once() == 0
    (call,) = world.claim(Channel.VOICE)
    text = texts[silent]
    assert (call.recipient_id, call.content_id, call.lane) == (
        silent,
        text.content_id,
        text.lane,
    )
    assert call.deadline == text.deadline
    assert has_no_voice in texts


def test_nobody_is_called_whose_answer_may_be_unread(world: World) -> None:
    """A machine that is behind waits: what came is read first, within reason."""
    world.register(1)
    world.go_live()
    world.plan()
    world.send(AttemptState.ACCEPTED)
    world.clock.move(minutes=MINUTES - 1)
    unread = CarrierEvent(
        kind=EventKind.INBOUND_MESSAGE,
        received_at=world.clock(),
        carrier="main",
        attempt_id=None,
        form=[("MessageSid", "SM1"), ("From", "+85512000001"), ("Body", "1")],
    )
    world.database.keep_callbacks([unread])
    world.clock.move(minutes=2)
    assert world.escalation.run_once() == 0
    world.database.collect_callbacks()
    assert world.escalation.run_once() == 0
    world.clock.move(minutes=MOST_BEHIND // timedelta(minutes=1))
    assert world.escalation.run_once() == 1


def test_a_call_follows_once_everything_is_read(world: World) -> None:
    """The wait ends with the last callback, not with the most that is waited."""
    world.register(1)
    world.go_live()
    world.plan()
    world.send(AttemptState.ACCEPTED)
    world.clock.move(minutes=MINUTES, seconds=1)
    assert world.database.callbacks_wait_since() is None
    assert world.escalation.run_once() == 1


def test_who_cannot_be_texted_is_called_at_once(world: World) -> None:
    """A failure is no reason to wait."""
    world.register(1)
    world.go_live()
    world.plan()
    world.send(AttemptState.FAILED)
    assert world.escalation.run_once() == 1


@pytest.mark.parametrize("answer", ["CONFIRMED", "SAFE", "NEED_HELP", "OPTED_OUT"])
def test_a_queued_call_is_withdrawn_when_somebody_answers(
    world: World, answer: str
) -> None:
    """Nobody is rung who has just said that they know, or want no more of it."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    (text,) = world.claim()
    world.report(text, AttemptState.ACCEPTED)
    world.clock.move(minutes=MINUTES, seconds=1)
    assert world.escalation.run_once() == 1
    if answer == "OPTED_OUT":
        world.answer(person, answer, case)
    else:
        world.report(text, AttemptState.CONFIRMED)
        world.answer(person, answer, case)
    assert world.claim(Channel.VOICE) == []
    world.clock.move(hours=1)
    assert world.escalation.run_once() == 0


def test_who_stopped_is_not_called(world: World) -> None:
    """Also when they told another alert."""
    person = world.register(1)
    world.go_live()
    world.plan()
    world.send(AttemptState.FAILED)
    world.set_status(person, Status.OPTED_OUT)
    assert world.escalation.run_once() == 0


def test_what_is_over_is_not_escalated(world: World) -> None:
    """Neither the whole alert nor the text of one language."""
    world.register(1, language="km")
    world.register(2, language="en")
    early = an_info(language="km", expires=START + timedelta(hours=1))
    case = world.go_live(an_alert(early, an_info()))
    world.plan()
    world.send(AttemptState.FAILED)
    world.clock.move(hours=1)
    with world.read() as uow:
        assert not world.escalation.is_exhausted(uow, case, standing="failed")
    assert world.escalation.run_once() == 1
    with world.read() as uow:
        assert world.escalation.is_exhausted(uow, case, standing="queued")
    world.clock.move(hours=5)
    assert world.escalation.run_once() == 0


def test_nobody_is_looked_for_again_while_nobody_moves(world: World) -> None:
    """A screen asks every second: the answer is that of the figures it is asked for."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send(AttemptState.FAILED)
    with world.read() as uow:
        assert not world.escalation.is_exhausted(uow, case, standing="failed")
    assert world.escalation.run_once() == 1
    with world.read() as uow:
        assert not world.escalation.is_exhausted(uow, case, standing="failed")
        assert world.escalation.is_exhausted(uow, case, standing="called")


def test_a_cancelled_alert_is_not_escalated(world: World) -> None:
    """The state is read again in the transaction that queues."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send(AttemptState.FAILED)
    world.alerts.cancel(case.alert_id, by="anna")
    assert world.escalation.run_once() == 0
    assert world.claim(Channel.VOICE) == []


def test_an_alert_that_breaks_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The others' calls are queued all the same."""
    person = world.register(1)
    broken, sound = (world.go_live(an_alert(identifier=name)) for name in "ab")
    world.plan()
    world.send(AttemptState.FAILED)
    queue = world.escalation._queue

    def break_on(alert_id: AlertId, *args: Any) -> int:
        if alert_id == broken.alert_id:
            raise RuntimeError("broken")
        return queue(alert_id, *args)

    monkeypatch.setattr(world.escalation, "_queue", break_on)
    assert world.escalation.run_once() == 1
    assert "nobody was escalated" in caplog.text
    calls = world.claim(Channel.VOICE)
    assert ids_of(calls) == [person]
    assert calls[0].owner_ref == sound.owner_ref
