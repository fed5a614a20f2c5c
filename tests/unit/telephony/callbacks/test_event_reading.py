"""What callbacks say beside the state of their attempt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from telephony.callbacks.event_reading import InboundText
from telephony.delivery import Channel, DeliveryState, EventKind
from telephony.strange_words import StrangeWord, strange_codes
from tests.unit.telephony.virtual_time import VirtualClock
from tests.unit.telephony.world import World, phone_of

MESSAGE, CALL = EventKind.MESSAGE_STATUS, EventKind.CALL_STATUS


@pytest.fixture
def world() -> World:
    return World(VirtualClock())


def claimed(world: World, channel: Channel = Channel.SMS) -> int:
    """A delivery under way; its attempt."""
    world.order(1, channel=channel)
    (one,) = world.claim(channel)
    return int(one.attempt_id)


def folded(world: World, kind: EventKind, attempt: int | None, **form: str) -> None:
    world.call_back(kind, attempt, **form)
    assert world.folder().run_once() == 1


def test_an_opt_out_that_shows_late_holds(world: World) -> None:
    """Whoever said STOP to the carrier has said it to us, and their owner is told."""
    attempt = claimed(world)
    folded(world, MESSAGE, attempt, MessageStatus="undelivered", ErrorCode="21610")
    assert world.states() == [DeliveryState.FAILED]
    assert world.ear.texts == [(phone_of(1), "OPTED_OUT")]
    (answer,) = [event for event in world.ear.news if event.answer]
    assert (answer.answer, answer.state) == ("OPTED_OUT", DeliveryState.FAILED)


@pytest.mark.parametrize(
    ("channel", "kind", "form", "stopped"),
    [
        (
            Channel.SMS,
            MESSAGE,
            {"MessageStatus": "failed", "ErrorCode": "30002"},
            Channel.SMS | Channel.VOICE,
        ),
        (
            Channel.VOICE,
            CALL,
            {"CallStatus": "failed", "ErrorCode": "21210"},
            Channel.VOICE,
        ),
    ],
)
def test_a_suspended_account_stops_the_carrier_also_when_it_shows_late(
    world: World, channel: Channel, kind: EventKind, form: dict[str, str], stopped: int
) -> None:
    """It accepts and fails everything: nothing is lost, and nothing more is wasted."""
    attempt = claimed(world, channel)
    folded(world, kind, attempt, **form)
    assert world.states() == [DeliveryState.QUEUED]
    assert world.pool.alarms()
    for one in Channel:
        is_working = world.pool.is_working(world.carrier, one)
        assert is_working is not bool(one & stopped)


@pytest.mark.parametrize(
    ("kind", "form", "strange"),
    [
        (MESSAGE, {"MessageStatus": "Teleported "}, ("status", "teleported")),
        (MESSAGE, {"MessageStatus": "+855 12 000 001"}, ("status", "other")),
        (MESSAGE, {}, ("status", "other")),
        (CALL, {"CallStatus": "completed"}, ("attempt", "other_channel")),
        (
            MESSAGE,
            {"MessageStatus": "failed", "ErrorCode": "39999"},
            ("code", "39999"),
        ),
        (
            MESSAGE,
            {"MessageStatus": "failed", "ErrorCode": "85512000001"},
            ("code", "other"),
        ),
    ],
)
def test_what_no_table_has_is_counted(
    world: World, kind: EventKind, form: dict[str, str], strange: tuple[str, str]
) -> None:
    """By carrier, kind and word; a telephone number is never one of the words."""
    folded(world, kind, claimed(world), **form)
    assert world.store.rows.strange_words == {StrangeWord("main", *strange): 1}


def test_callbacks_of_unknown_attempts_are_counted(world: World) -> None:
    """A carrier that is told of two installations, or somebody who tries."""
    folded(world, MESSAGE, 4711, MessageStatus="delivered")
    word = StrangeWord("main", "attempt", "unknown_attempt")
    assert world.store.rows.strange_words == {word: 1}


def test_whoever_writes_or_rings_lives(world: World) -> None:
    """A number that rests is woken by it, whatever they say."""
    folded(world, EventKind.INBOUND_MESSAGE, None, From=phone_of(1), Body="?")
    folded(world, EventKind.INBOUND_CALL, None, From="85512000002")
    assert world.ear.alive == {
        (phone_of(1), Channel.SMS),
        ("+85512000002", Channel.VOICE),
    }


def test_a_text_with_a_nul_in_it_is_read(world: World) -> None:
    """No telephone writes one; a carrier's gateway may, and databases keep none."""
    read: list[str] = []

    class Reader:
        def expect(self, uow: object, phones: Sequence[str]) -> None: ...

        def read_text(self, uow: object, text: InboundText) -> bool:
            read.append(text.body)
            return True

    folder = world.folder()
    folder._reader._first = (Reader(),)
    world.call_back(
        EventKind.INBOUND_MESSAGE, None, From=phone_of(1), Body="HELP\0 roof"
    )
    folder.run_once()
    assert read == ["HELP  roof"]


def test_codes_of_the_table_are_not_strange() -> None:
    """Neither is none."""
    codes = [("a", "30003"), ("a", None), ("a", ""), ("a", "S1002"), ("b", "77777")]
    assert strange_codes(codes) == [StrangeWord("b", "code", "77777")]
