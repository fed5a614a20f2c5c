"""What news of deliveries means for people: only forward, and STOP means stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.delivery import (
    AttemptState,
    Channel,
    DeliveryEvent,
    DeliveryState,
)
from tests.use_cases.warning.world import START, World, an_alert, an_info
from warning.escalation.listener import STATE_OF_ANSWER, STATE_OF_DELIVERY, _best_states
from warning.people.subscribers import Status
from warning.recipients import RecipientState


def an_event(
    state: DeliveryState, answer: str | None = None, **changes: Any
) -> DeliveryEvent:
    values: dict[str, Any] = {
        "owner_ref": "alert:1",
        "recipient_id": 1,
        "channel": Channel.SMS,
        "state": state,
        "at": START,
        "answer": answer,
    }
    return DeliveryEvent(**(values | changes))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DeliveryState),
            st.sampled_from([None, *STATE_OF_ANSWER, "OPTED_OUT"]),
        ),
        max_size=8,
    )
)
def test_the_furthest_counts_in_any_order(
    news: list[tuple[DeliveryState, str | None]],
) -> None:
    """Repeats and disorder change nothing."""
    events = [an_event(state, answer) for state, answer in news]
    best = _best_states(events)
    assert best == _best_states([*reversed(events), *events])
    ranks = [
        rank
        for state, answer in news
        for rank in (STATE_OF_DELIVERY.get(state), STATE_OF_ANSWER.get(answer or ""))
        if rank is not None
    ]
    assert best == ({1: max(ranks)} if ranks else {})


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AttemptState.ACCEPTED, RecipientState.ATTEMPTED),
        (AttemptState.FAILED, RecipientState.UNREACHABLE),
        (AttemptState.REACHED, RecipientState.REACHED),
        (AttemptState.HEARD, RecipientState.HEARD),
        (AttemptState.CONFIRMED, RecipientState.CONFIRMED),
    ],
)
def test_people_follow_their_deliveries(
    world: World, state: AttemptState, expected: RecipientState
) -> None:
    """The four figures are never mixed."""
    world.register(1)
    case = world.go_live()
    world.plan()
    world.send(state)
    assert world.counts(case).by_state == {expected: 1}


def test_who_asks_for_help_has_confirmed(world: World) -> None:
    """And stays so, whatever comes late."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    world.answer(person, "NEED_HELP", case)
    world.answer(person, "CONFIRMED", case)
    progress = world.progress(case)
    assert (progress.confirmed, progress.needs_help) == (1, 1)


def test_a_retry_does_not_ring_who_has_confirmed(world: World) -> None:
    """On whichever channel: the call fails after the text was answered."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    world.send(AttemptState.FAILED)
    world.escalation.run_once()
    (call,) = world.claim(Channel.VOICE)
    world.answer(person, "CONFIRMED", case)
    world.report(call, AttemptState.FAILED, retry_at=world.clock())
    assert world.claim(Channel.VOICE) == []


def test_a_retry_does_not_ring_who_said_stop(world: World) -> None:
    """The attempt was under way when they said it; the next one never is."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    (text,) = world.claim()
    world.set_status(person, Status.OPTED_OUT)
    world.report(text, AttemptState.FAILED, retry_at=world.clock())
    assert world.claim() == []
    assert world.is_balanced(case)


def test_a_retry_for_others_goes_on(world: World) -> None:
    """Only who wants no more of it is left in peace."""
    world.register(1)
    world.go_live()
    world.plan()
    (text,) = world.claim()
    world.report(text, AttemptState.FAILED, retry_at=world.clock())
    assert len(world.claim()) == 1


def test_stop_holds_for_every_alert_and_everybody_stays_explained(
    world: World,
) -> None:
    """Who had not been tried by another alert is left out of it, with the reason."""
    person = world.register(1)
    other = world.register(2)
    first = world.go_live(an_alert(identifier="first"))
    world.plan()
    assert world.send() == 2
    second = world.go_live(an_alert(an_info(event="Fire"), identifier="second"))
    world.plan()
    world.answer(person, "OPTED_OUT", first)
    (only,) = world.claim()
    assert only.recipient_id == other
    assert world.counts(first).excluded == {}
    assert world.counts(second).excluded == {"opted_out": 1}
    assert world.is_balanced(first)
    assert world.is_balanced(second)


def test_the_last_wish_holds(world: World) -> None:
    """By the time it was said, not the order in which it became known."""
    person = world.register(1)
    case = world.go_live()
    stop = an_event(
        DeliveryState.REACHED,
        "OPTED_OUT",
        owner_ref=case.owner_ref,
        recipient_id=person,
        at=START + timedelta(seconds=2),
    )
    start = an_event(
        DeliveryState.REACHED,
        "OPTED_IN",
        owner_ref=case.owner_ref,
        recipient_id=person,
        at=START + timedelta(seconds=1),
    )
    world.tell(stop, start)
    with world.read() as uow:
        assert uow.subscribers.rows([person])[person].status == "opted_out"
    world.tell(an_event(DeliveryState.REACHED, "OPTED_IN", owner_ref=case.owner_ref))
    with world.read() as uow:
        assert uow.subscribers.rows([person])[person].status == "active"


def test_news_that_say_nothing_of_people_change_nothing(world: World) -> None:
    """A withdrawn delivery is no piece of news about a person."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    world.tell(
        an_event(DeliveryState.CANCELLED, owner_ref=case.owner_ref, recipient_id=person)
    )
    assert world.counts(case).by_state == {RecipientState.PLANNED: 1}


def test_news_of_a_closed_alert_withdraw_only_what_is_queued(world: World) -> None:
    """A confirmation after a cancel still counts."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    world.send()
    world.alerts.cancel(case.alert_id, by="anna")
    world.answer(person, "CONFIRMED", case)
    assert world.counts(case).by_state == {RecipientState.CONFIRMED: 1}
