"""Callbacks become states, whatever their order, number and shape."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.delivery import (
    AttemptReport,
    AttemptState,
    Channel,
    DeliveryEvent,
    DeliveryState,
    EventKind,
)
from tests.unit.telephony.virtual_time import VirtualClock
from tests.unit.telephony.world import OWNER, World, phone_of

MESSAGE, CALL, STEP = (
    EventKind.MESSAGE_STATUS,
    EventKind.CALL_STATUS,
    EventKind.CALL_STEP,
)
TEXT = EventKind.INBOUND_MESSAGE


@pytest.fixture
def world() -> World:
    return World(VirtualClock())


def sent(world: World, *people: int, channel: Channel = Channel.SMS) -> list[int]:
    """Deliveries that the carrier has; their attempts."""
    world.order(*people, channel=channel)
    attempts = [one.attempt_id for one in world.claim(channel)]
    with world.store.unit_of_work() as uow:
        uow.queue.apply(
            [
                AttemptReport(
                    attempt_id=attempt_id,
                    state=AttemptState.ACCEPTED,
                    at=world.clock.now(),
                    carrier="main",
                    carrier_ref=f"X{attempt_id}",
                )
                for attempt_id in attempts
            ]
        )
        uow.commit()
    return [int(one) for one in attempts]


def test_nothing_to_fold_is_nothing(world: World) -> None:
    """The job finds out and rests."""
    assert world.folder().run_once() == 0


def test_a_receipt_moves_its_delivery(world: World) -> None:
    """Reached is told to the owner in the same transaction."""
    (attempt,) = sent(world, 1)
    world.call_back(MESSAGE, attempt, MessageSid="X1", MessageStatus="delivered")
    assert world.folder().run_once() == 1
    assert world.states() == [DeliveryState.REACHED]
    assert [news.state for news in world.ear.news] == [DeliveryState.REACHED]
    assert world.folder().run_once() == 0


def test_the_older_name_of_the_status_counts_too(world: World) -> None:
    """Somleng and old Twilio accounts call it so."""
    (attempt,) = sent(world, 1)
    world.call_back(MESSAGE, attempt, SmsStatus="failed", ErrorCode="30006")
    world.folder().run_once()
    assert world.states() == [DeliveryState.FAILED]
    assert world.codes() == ["30006"]


def test_a_callback_settles_a_lost_answer(world: World) -> None:
    """Its id in the URL tells what the crash forgot."""
    world.order(1)
    (claimed,) = world.claim()
    world.call_back(MESSAGE, claimed.attempt_id, MessageSid="SM9", MessageStatus="sent")
    world.folder().run_once()
    (row,) = world.store.rows.attempts.values()
    assert (row.state, row.progress.carrier, row.progress.carrier_ref) == (
        AttemptState.ACCEPTED,
        "main",
        "SM9",
    )


@pytest.mark.parametrize(
    ("form", "state"),
    [
        ({"CallDuration": "30"}, DeliveryState.HEARD),
        ({"CallDuration": "3"}, DeliveryState.REACHED),
        ({"CallDuration": ""}, DeliveryState.REACHED),
        ({"CallDuration": "9" * 30}, DeliveryState.REACHED),
        ({"CallDuration": "30", "AnsweredBy": "machine_start"}, DeliveryState.REACHED),
        ({"CallDuration": "30", "AnsweredBy": ""}, DeliveryState.REACHED),
        ({"CallStatus": "busy", "CallDuration": ""}, DeliveryState.QUEUED),
    ],
)
def test_a_persons_call_is_heard_by_its_length(
    world: World, form: dict[str, str], state: DeliveryState
) -> None:
    """Not by a machine, not by nobody knows whom, and not by a number that is none."""
    (attempt,) = sent(world, 1, channel=Channel.VOICE)
    usual = {"CallSid": "CA1", "CallStatus": "completed", "AnsweredBy": "human"}
    world.call_back(CALL, attempt, **(usual | form))
    world.folder().run_once()
    assert world.states() == [state]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (("CONFIRMED", "NEED_HELP"), DeliveryState.CONFIRMED),
        (("ACCEPTED:KH-08",), DeliveryState.CONFIRMED),
        (("OPTED_OUT",), DeliveryState.HEARD),
        ((), DeliveryState.REACHED),
    ],
)
def test_a_key_is_heard_and_some_keys_confirm(
    world: World, answers: tuple[str, ...], state: DeliveryState
) -> None:
    """Each answer reaches the owner by name."""
    (attempt,) = sent(world, 1, channel=Channel.VOICE)
    world.call_back(STEP, attempt, *answers, CallSid="CA1")
    world.folder().run_once()
    assert world.states() == [state]
    assert [n.answer for n in world.ear.news if n.answer] == list(answers)


def test_a_stop_holds_even_where_its_owner_does_not_listen(world: World) -> None:
    """By key or text, and whoever ordered the message."""
    world.order(1, 2, owner_ref="case:7")
    one, _ = world.claim()
    world.call_back(STEP, one.attempt_id, "OPTED_OUT")
    world.call_back(TEXT, None, From=phone_of(2), Body="stop")
    world.folder().run_once()
    assert world.ear.texts == [(phone_of(1), "OPTED_OUT"), (phone_of(2), "OPTED_OUT")]


def test_a_text_answers_the_last_message(world: World) -> None:
    """Also from a carrier that leaves the plus out."""
    sent(world, 1, 2)
    world.call_back(TEXT, None, From=phone_of(1), Body="1")
    world.call_back(TEXT, None, From=phone_of(2)[1:], Body="hm")
    world.folder().run_once()
    assert world.states() == [DeliveryState.CONFIRMED, DeliveryState.SENT]
    answers = [(n.recipient_id, n.answer) for n in world.ear.news if n.answer]
    assert answers == [(1, "CONFIRMED"), (2, "UNSURE")]


def test_a_text_that_means_nothing_changes_nothing(world: World) -> None:
    """It is kept with its event."""
    sent(world, 1)
    world.call_back(TEXT, None, From=phone_of(1), Body="?" * 100_000)
    world.folder().run_once()
    assert world.states() == [DeliveryState.SENT]
    assert not world.store.rows.unknown


def test_a_text_of_a_stranger_goes_to_who_takes_texts(world: World) -> None:
    """And so does one that comes too late to be an answer."""
    sent(world, 1)
    world.clock.s += 4 * 86_400
    world.call_back(TEXT, None, From=phone_of(1), Body="1")
    world.call_back(TEXT, None, From="+855999", Body="hello")
    world.folder().run_once()
    assert world.ear.texts == [(phone_of(1), "CONFIRMED"), ("+855999", None)]
    assert world.states() == [DeliveryState.SENT]


@pytest.mark.parametrize(
    ("kind", "attempt", "form"),
    [
        (MESSAGE, 4711, {"MessageStatus": "delivered"}),
        (MESSAGE, 2**63 - 1, {"MessageStatus": "delivered"}),
        (MESSAGE, 0, {"MessageStatus": "delivered"}),
        (STEP, 4711, {}),
        (MESSAGE, 1, {"MessageStatus": "teleported"}),
        (MESSAGE, 1, {"MessageStatus": ""}),
        (MESSAGE, 1, {}),
        (CALL, 1, {"CallStatus": "completed"}),
        (EventKind.INBOUND_CALL, None, {}),
        (TEXT, None, {"From": "ACME", "Body": "STOP"}),
        (TEXT, None, {"From": "+855\x0012", "Body": "STOP"}),
        (TEXT, None, {}),
    ],
)
def test_what_nobody_understands_is_kept_for_a_look(
    world: World, kind: EventKind, attempt: int | None, form: dict[str, str]
) -> None:
    """Unknown attempts, words, doors and senders: no crash, no state."""
    sent(world, 1)
    world.call_back(kind, attempt, **form)
    assert world.folder().run_once() == 1
    assert world.store.rows.unknown == {1}
    assert world.states() == [DeliveryState.SENT]


def test_one_carrier_cannot_speak_for_another(world: World) -> None:
    """Its signature is good for its own attempts only."""
    (attempt,) = sent(world, 1)
    world.call_back(MESSAGE, attempt, carrier="other", MessageStatus="delivered")
    world.folder().run_once()
    assert world.states() == [DeliveryState.SENT]
    assert world.store.rows.unknown == {1}


def test_a_word_about_an_inbound_message_says_nothing(world: World) -> None:
    """It is known, and no news."""
    (attempt,) = sent(world, 1)
    world.call_back(MESSAGE, attempt, MessageStatus="received")
    world.folder().run_once()
    assert world.states() == [DeliveryState.SENT]
    assert not world.store.rows.unknown


def test_a_late_repeat_of_start_does_not_undo_stop(world: World) -> None:
    """Carriers repeat what they had no answer to, also tens of minutes later."""
    for sid, body in (("SM1", "start"), ("SM2", "stop"), ("SM1", "start")):
        world.call_back(TEXT, None, MessageSid=sid, From=phone_of(9), Body=body)
        world.folder().run_once()
    assert [answer for _, answer in world.ear.texts] == ["OPTED_IN", "OPTED_OUT"]


@pytest.mark.parametrize("sid", ["../../etc", "x" * 65, "SM\x00", ""])
def test_an_id_that_is_none_is_not_kept(world: World, sid: str) -> None:
    """It would become part of addresses; the state counts all the same."""
    world.order(1)
    (claimed,) = world.claim()
    world.call_back(
        MESSAGE, claimed.attempt_id, MessageSid=sid, MessageStatus="delivered"
    )
    world.folder().run_once()
    (row,) = world.store.rows.attempts.values()
    assert (row.state, row.progress.carrier_ref) == (AttemptState.REACHED, None)


def test_one_that_cannot_be_folded_does_not_hold_up_the_others(world: World) -> None:
    """It waits for a person; everybody else has their state."""
    attempts = sent(world, 1, 2, 3)
    for attempt in attempts:
        world.call_back(MESSAGE, attempt, MessageStatus="delivered")

    def check(news: DeliveryEvent) -> None:
        if news.recipient_id == 2:
            raise LookupError("a defect of the owner")

    world.ear.check = check
    assert world.folder().run_once() == 3
    assert world.states() == [
        DeliveryState.REACHED,
        DeliveryState.SENT,
        DeliveryState.REACHED,
    ]
    assert world.store.rows.unknown == {2}
    assert world.folder().run_once() == 0


def test_a_batch_that_failed_once_is_folded_one_by_one(world: World) -> None:
    """Nobody is left over when each can be folded alone."""
    for attempt in sent(world, 1, 2):
        world.call_back(MESSAGE, attempt, MessageStatus="delivered")
    n_told = 0

    def check(_: DeliveryEvent) -> None:
        nonlocal n_told
        n_told += 1
        if n_told == 1:
            raise OSError("locked")

    world.ear.check = check
    assert world.folder().run_once() == 2
    assert world.states() == [DeliveryState.REACHED] * 2
    assert not world.store.rows.unknown


def test_a_database_that_is_gone_marks_nothing(world: World) -> None:
    """All callbacks wait until it is back."""
    for attempt in sent(world, 1, 2):
        world.call_back(MESSAGE, attempt, MessageStatus="delivered")

    def check(_: DeliveryEvent) -> None:
        raise OSError("disk full")

    world.ear.check = check
    with pytest.raises(OSError, match="full"):
        world.folder().run_once()
    assert not world.store.rows.unknown
    world.ear.check = lambda _: None
    assert world.folder().run_once() == 2
    assert world.states() == [DeliveryState.REACHED] * 2


#: What may come for one text and one call, beside the record of the answer.
_CALLBACKS: list[tuple[EventKind, tuple[str, ...], dict[str, str]]] = [
    (MESSAGE, (), {"MessageStatus": "queued"}),
    (MESSAGE, (), {"MessageStatus": "sent"}),
    (MESSAGE, (), {"MessageStatus": "delivered"}),
    (MESSAGE, (), {"MessageStatus": "undelivered", "ErrorCode": "30003"}),
    (MESSAGE, (), {"MessageStatus": "read"}),
]
_CALL_CALLBACKS: list[tuple[EventKind, tuple[str, ...], dict[str, str]]] = [
    (CALL, (), {"CallStatus": "initiated"}),
    (CALL, (), {"CallStatus": "in-progress"}),
    (STEP, (), {}),
    (STEP, ("CONFIRMED",), {}),
    (CALL, (), {"CallStatus": "completed", "CallDuration": "40"}),
    (CALL, (), {"CallStatus": "no-answer"}),
]


@settings(max_examples=25, deadline=None)
@given(data=st.data(), channel=st.sampled_from([Channel.SMS, Channel.VOICE]))
def test_order_and_repetition_of_callbacks_change_nothing(
    data: st.DataObject, channel: Channel
) -> None:
    """Record and callbacks, anyhow mixed: always one end, and only forward."""
    kinds = _CALLBACKS if channel is Channel.SMS else _CALL_CALLBACKS
    chosen = data.draw(st.lists(st.sampled_from(kinds), min_size=1, unique_by=repr))
    news: list[Any] = ["record", *chosen]
    in_order = end_of(channel, [[one] for one in news])
    mixed = data.draw(st.permutations(news + data.draw(_some(news))))
    cuts = data.draw(st.lists(st.integers(0, len(mixed)), max_size=3))
    edges = [0, *sorted(cuts), len(mixed)]
    batches = [mixed[a:b] for a, b in pairwise(edges)]
    assert end_of(channel, batches) == in_order


def _some(news: list[Any]) -> Any:
    return st.lists(st.sampled_from(news), max_size=6)


def end_of(channel: Channel, batches: list[list[Any]]) -> tuple[Any, ...]:
    """Where attempt and delivery end; checks on the way that nothing goes back."""
    world = World(VirtualClock())
    world.order(1, channel=channel)
    (claimed,) = world.claim(channel)
    record = AttemptReport(
        attempt_id=claimed.attempt_id,
        state=AttemptState.ACCEPTED,
        at=world.clock.now(),
        carrier="main",
        carrier_ref="X1",
    )
    best = AttemptState.INTENDED
    for batch in batches:
        for one in batch:
            if one == "record":
                with world.store.unit_of_work() as uow:
                    uow.queue.apply([record])
                    uow.commit()
            else:
                kind, answers, form = one
                sid = {"MessageSid" if channel is Channel.SMS else "CallSid": "X1"}
                world.call_back(kind, claimed.attempt_id, *answers, **form, **sid)
        world.folder().run_once()
        assert world.attempts()[0] >= best
        best = world.attempts()[0]
    (row,) = world.store.rows.attempts.values()
    (delivery,) = world.store.rows.deliveries.values()
    assert delivery.order.owner_ref == OWNER
    progress = delivery.progress
    return (
        row.state,
        row.progress.carrier,
        row.progress.carrier_ref,
        row.progress.duration_s,
        progress.state,
        progress.sent_at,
    )
