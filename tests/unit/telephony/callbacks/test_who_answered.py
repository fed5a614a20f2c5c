"""Voicemail is never heard nor confirmed, in whichever order its carrier tells."""

from __future__ import annotations

import asyncio
from itertools import permutations

import pytest

from telephony.answerer import Answerer
from telephony.delivery import CALL_OVER, Channel, DeliveryState, EventKind, Lane
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World

ENDED, ANSWERER, STEP = (
    EventKind.CALL_STATUS,
    EventKind.CALL_ANSWERER,
    EventKind.CALL_STEP,
)
#: What may come of one call, each by its name.
EVENTS: dict[str, tuple[EventKind, tuple[str, ...], dict[str, str]]] = {
    "ended": (ENDED, (), {"CallStatus": "completed", "CallDuration": "30"}),
    "short": (ENDED, (), {"CallStatus": "completed", "CallDuration": "4"}),
    "human": (ANSWERER, (), {"AnsweredBy": "human"}),
    "machine": (ANSWERER, (), {"AnsweredBy": "machine_start"}),
    "fax": (ANSWERER, (), {"AnsweredBy": "fax"}),
    "unsure": (ANSWERER, (), {"AnsweredBy": "unknown"}),
    "again": (STEP, ("LANGUAGE_CHANGED",), {}),
    "key 1": (STEP, ("CONFIRMED",), {}),
    "no key": (STEP, ("NO_ANSWER",), {}),
}
ENDS = {
    ("ended",): DeliveryState.REACHED,
    ("ended", "human"): DeliveryState.HEARD,
    ("short", "human"): DeliveryState.REACHED,
    ("ended", "machine"): DeliveryState.REACHED,
    ("ended", "fax"): DeliveryState.REACHED,
    ("ended", "unsure"): DeliveryState.REACHED,
    ("ended", "no key"): DeliveryState.REACHED,
    ("ended", "machine", "no key"): DeliveryState.REACHED,
    ("ended", "human", "no key"): DeliveryState.HEARD,
    ("short", "unsure", "again"): DeliveryState.HEARD,
    ("ended", "machine", "key 1"): DeliveryState.CONFIRMED,
    ("ended", "human", "key 1", "again"): DeliveryState.CONFIRMED,
    # No carrier says both; if one did, the end would still not hang on the order.
    ("ended", "machine", "human"): DeliveryState.HEARD,
}


def told(events: tuple[str, ...], *, together: bool) -> DeliveryState:
    """The end of a call of which this was told in this order."""
    world = World(VirtualClock())
    world.order(1, channel=Channel.VOICE)
    (claimed,) = world.claim(Channel.VOICE)
    for name in events:
        kind, answers, form = EVENTS[name]
        world.call_back(kind, claimed.attempt_id, *answers, CallSid="CA1", **form)
        if not together:
            world.folder().run_once()
    world.folder().run_once()
    (state,) = world.states()
    return state


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("events", "end"), ENDS.items(), ids=[" + ".join(one) for one in ENDS]
)
def test_the_order_changes_nothing(
    events: tuple[str, ...], end: DeliveryState, together: bool
) -> None:
    """Every order, in one batch or one by one, twice each: the same end."""
    for order in permutations(events):
        assert told(order, together=together) is end
        assert told(order + order, together=together) is end


def test_who_answers_ends_no_call() -> None:
    """The line is taken until the carrier says that the call is over."""
    world = World(VirtualClock())
    world.order(1, channel=Channel.VOICE)
    (claimed,) = world.claim(Channel.VOICE)
    world.call_back(ANSWERER, claimed.attempt_id, AnsweredBy="human", CallSid="CA1")
    world.folder().run_once()
    assert world.states() == [DeliveryState.SENT]


@pytest.mark.parametrize(
    ("channel", "form"),
    [(Channel.SMS, {"AnsweredBy": "human"}), (Channel.VOICE, {"CallSid": "CA1"})],
)
def test_what_names_nobody_is_kept_for_a_look(
    channel: Channel, form: dict[str, str]
) -> None:
    """A text that was answered, or an answer by nobody: nothing is concluded."""
    world = World(VirtualClock())
    world.order(1, channel=channel)
    (claimed,) = world.claim(channel)
    world.call_back(ANSWERER, claimed.attempt_id, **form)
    world.folder().run_once()
    assert world.states() == [DeliveryState.SENDING]
    assert world.store.rows.strange_words


@pytest.mark.parametrize(
    ("answered_by", "state"),
    [
        ("human", DeliveryState.HEARD),
        ("machine_start", DeliveryState.REACHED),
        ("", DeliveryState.REACHED),
    ],
)
def test_a_carriers_own_list_tells_it_too(
    answered_by: str, state: DeliveryState
) -> None:
    """Callbacks were lost: what is asked for later comes to the same end."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, channel=Channel.VOICE)
        await world.send_for(1)
        (taken,) = world.gateway.taken
        world.gateway.report(
            taken.record.carrier_ref,
            "completed",
            duration_s=30,
            answered_by=answered_by,
        )
        await asyncio.sleep(700)
        assert await world.reconciler().poll_once() == 1
        assert world.states() == [state]

    play(scene)


@pytest.mark.parametrize("lane", list(Lane))
def test_it_is_asked_for_where_hearing_counts(lane: Lane) -> None:
    """Of a volunteer's call only a key says anything; nothing is paid for more."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, channel=Channel.VOICE, lane=lane)
        await world.send_for(1)
        (call,) = world.gateway.asked
        asked = getattr(call, "answerer_callback", None)
        url = "https://tocsin.example/telephony/main/calls/1/answerer"
        assert asked == (None if lane.is_urgent else url)

    play(scene)


def test_a_person_is_more_certain_than_a_machine() -> None:
    """The ranks that make the order harmless."""
    assert Answerer.UNKNOWN < Answerer.MACHINE < Answerer.PERSON


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"CallStatus": "completed", "CallDuration": "4"}, [CALL_OVER]),
        ({"CallStatus": "in-progress"}, []),
        ({"CallStatus": "busy"}, []),
    ],
)
@pytest.mark.parametrize("asks", [True, False])
def test_whoever_waits_for_the_end_of_a_call_is_told(
    form: dict[str, str], told: list[str], asks: bool
) -> None:
    """Only owners who asked for it; a call that failed is told as every failure."""
    world = World(VirtualClock())
    world.ends_for = ("alert:",) if asks else ()
    world.order(1, channel=Channel.VOICE)
    (claimed,) = world.claim(Channel.VOICE)
    world.call_back(ENDED, claimed.attempt_id, CallSid="CA1", **form)
    world.folder().run_once()
    answers = [event.answer for event in world.ear.news if event.answer]
    assert answers == (told if asks else [])
