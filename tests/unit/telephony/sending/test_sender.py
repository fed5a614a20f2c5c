"""Claim, send, record: in order of urgency, at the pace, and never twice."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from telephony.callback_urls import CallbackUrls
from telephony.carriers.gateway import FailureClass, OutgoingCall, OutgoingMessage
from telephony.delivery import AttemptState, Channel, DeliveryState, Lane
from telephony.sending.attempting import AttemptMaker, Job
from telephony.sending.routing import Route
from tests.fakes.queue import FakeQueue
from tests.unit.telephony.fake_gateway import (
    TOO_FAST,
    UNREACHABLE,
    FakeGateway,
    Fate,
    refused,
)
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World, phone_of, pool_of

SMS, VOICE = Channel.SMS, Channel.VOICE


def test_what_is_queued_is_sent_and_recorded() -> None:
    """With its text, its attempt's id in the callback, and the time it has left."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, deadline=clock.now() + timedelta(seconds=600))
        world.order(1, channel=VOICE)
        await world.send_for(1)
        call, text = sorted(world.gateway.asked, key=lambda one: type(one).__name__)
        assert isinstance(call, OutgoingCall)
        assert isinstance(text, OutgoingMessage)
        assert (text.to, text.body, text.validity_s) == (phone_of(1), "Go up!", 600)
        base = "https://tocsin.example/telephony/main"
        assert text.status_callback == f"{base}/messages/1/status"
        assert call.url == f"{base}/calls/2/script"
        assert call.status_callback == f"{base}/calls/2/status"
        assert world.states() == [DeliveryState.SENT] * 2
        assert [news.state for news in world.ear.news] == [DeliveryState.SENT] * 2

    play(scene)


def test_a_dispatch_goes_next_however_long_the_queue() -> None:
    """Behind a thousand warnings the next turn is its own, a tenth of a second on."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=10)
        world.order(*range(1_000))
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(2.01)
        n_before, queued_at = len(world.gateway.asked), clock.s
        world.order(1, owner_ref="case:1", text="Cardiac arrest", lane=Lane.DISPATCH)
        while len(world.gateway.asked) == n_before:
            await asyncio.sleep(0.01)
        assert world.gateway.texts_asked[-1].body == "Cardiac arrest"
        assert clock.s - queued_at <= 0.11
        stop.set()
        await running

    play(scene)


@pytest.mark.parametrize("channel", [SMS, VOICE])
def test_a_dispatch_does_not_wait_for_a_carrier_that_hangs(channel: Channel) -> None:
    """Room is kept for it, and calls have room of their own."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.gateway.fates = [Fate.HANG] * 50
        world.order(*range(50))
        stop = asyncio.Event()
        sender = world.sender(max_in_flight=10, for_calls=3, for_urgent=2)
        running = asyncio.create_task(sender.run(stop))
        await asyncio.sleep(1)
        assert len(world.gateway.asked) == 5
        world.gateway.fates = []
        world.order(99, channel=channel, lane=Lane.DISPATCH)
        await asyncio.sleep(0.2)
        assert world.gateway.asked[-1].to == phone_of(99)
        stop.set()
        await running

    play(scene)


def test_a_full_house_goes_on_when_half_of_it_has_left() -> None:
    """It is told so and does not wait for the next look."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.gateway.latency_s = 0.1
        world.order(*range(40))
        options = {"max_in_flight": 10, "for_calls": 1, "for_urgent": 1}
        await world.send_for(1, **options, idle_s=30)
        assert len(world.gateway.taken) == 40

    play(scene)


def test_after_a_pause_a_few_leave_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first message waits for a handful, not for hundreds to be made ready."""
    asked: list[int] = []
    plain = FakeQueue.claim

    def claim(self: FakeQueue, channel: Channel, **how: Any) -> object:
        found = plain(self, channel, **how)
        if found:
            asked.append(how["limit"])
        return found

    monkeypatch.setattr(FakeQueue, "claim", claim)

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(*range(200))
        await world.send_for(2)

    play(scene)

    assert asked[:4] == [16, 32, 64, 128]


def test_the_pace_holds_and_nobody_waits_for_it_in_vain() -> None:
    """Claims keep up with the pace and run no further ahead than a moment."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=20)
        world.order(*range(500))
        await world.send_for(10)
        assert 195 <= len(world.gateway.taken) <= 205
        claimed = len(world.attempts())
        assert claimed - len(world.gateway.taken) <= 8

    play(scene)


def test_stopping_finishes_what_is_asked_and_gives_back_what_waits() -> None:
    """Nothing is lost, and a carrier that wants a pause does not hold us up."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=10)
        world.gateway.latency_s = 3
        world.gateway.fates = [refused(FailureClass.NOT_PROCESSED, http_status=429)]
        world.order(*range(20))
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(0.25)
        stop.set()
        await running
        assert clock.s == pytest.approx(3.25, abs=0.3)
        n_asked = len(world.gateway.asked)
        assert world.attempts().count(AttemptState.ACCEPTED) == n_asked - 1
        assert AttemptState.INTENDED not in world.attempts()
        assert world.states().count(DeliveryState.QUEUED) == 20 - (n_asked - 1)

    play(scene)


def test_a_turn_that_does_not_come_within_the_lease_is_given_back() -> None:
    """Else it might be sent after somebody else has looked into it."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=10)
        world.carrier.messages.slow_down(60)
        world.order(1, 2)
        stop = asyncio.Event()
        running = asyncio.create_task(world.sender().run(stop))
        await asyncio.sleep(9)
        assert AttemptState.NOT_SENT in world.attempts()
        await asyncio.sleep(60)
        stop.set()
        await running
        assert world.gateway.numbers() == {phone_of(1): 1, phone_of(2): 1}

    play(scene)


@pytest.mark.parametrize("channel", [SMS, VOICE])
def test_a_claim_that_ran_out_while_waiting_is_not_used(channel: Channel) -> None:
    """The machine may have slept between the turn and its use."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, concurrent_calls=1)
        world.order(1, channel=channel)
        carrier, turn = world.carrier, type(world.carrier).turn

        async def oversleep(self: Any, *arguments: Any) -> None:
            await turn(self, *arguments)
            # No timer fires while the machine sleeps.
            world.clock.s += 8.1 if len(world.attempts()) == 1 else 0

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(carrier), "turn", oversleep)
            await world.send_for(12)
        assert len(world.attempts()) == 2
        assert world.gateway.numbers() == {phone_of(1): 1}
        assert world.attempts()[0] is AttemptState.NOT_SENT

    play(scene)


def test_a_claim_that_is_no_good_from_the_start_is_given_back() -> None:
    """A lease as short as its margin leaves no time to ask."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await world.send_for(0.5, lease_s=12)
        assert world.attempts() == [AttemptState.NOT_SENT]
        assert world.gateway.asked == []

    play(scene)


@pytest.mark.parametrize(
    ("fate", "attempt", "state"),
    [
        (TOO_FAST, AttemptState.NOT_SENT, DeliveryState.QUEUED),
        (UNREACHABLE, AttemptState.NOT_SENT, DeliveryState.QUEUED),
        (Fate.LOSE_AFTER, AttemptState.UNKNOWN, DeliveryState.UNKNOWN),
        (Fate.BREAK, AttemptState.UNKNOWN, DeliveryState.UNKNOWN),
        (
            refused(FailureClass.PERSON, code="21211", http_status=400),
            AttemptState.FAILED,
            DeliveryState.FAILED,
        ),
        (
            refused(FailureClass.CARRIER, code="20003", http_status=401),
            AttemptState.NOT_SENT,
            DeliveryState.QUEUED,
        ),
    ],
)
@pytest.mark.parametrize("channel", [SMS, VOICE])
def test_every_answer_has_its_state(
    fate: Any, attempt: AttemptState, state: DeliveryState, channel: Channel
) -> None:
    """And no call that was not placed holds a line."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, FakeGateway(now=clock.now, fates=[fate]))
        world.order(1, channel=channel)
        await world.send_for(0.4)
        assert (world.attempts(), world.states()) == ([attempt], [state])
        assert world.carrier.call_slots.n_free == 1_000

    play(scene)


def test_a_defect_is_logged_without_the_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An exception of a library may quote it."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, FakeGateway(now=clock.now, fates=[Fate.BREAK]))
        world.order(1)
        await world.send_for(0.4)

    with caplog.at_level(logging.DEBUG):
        play(scene)
    assert "attempt broke down" in caplog.text
    assert phone_of(1) not in caplog.text


def test_a_stop_at_the_carrier_is_told_to_the_owner() -> None:
    """The person wants no more, wherever they said so."""

    async def scene(clock: VirtualClock) -> None:
        stop = refused(FailureClass.OPTED_OUT, code="21610", http_status=400)
        world = World(clock, FakeGateway(now=clock.now, fates=[stop]))
        world.order(1)
        await world.send_for(0.4)
        assert "OPTED_OUT" in [news.answer for news in world.ear.news]

    play(scene)


def test_a_number_nobody_serves_fails_and_one_whose_carrier_rests_waits() -> None:
    """The first is told at once; the second is tried when the carrier is back."""

    async def scene(clock: VirtualClock) -> None:
        world = World(
            clock, FakeGateway(now=clock.now), FakeGateway(now=clock.now, name="dk")
        )
        routes = [
            Route(carrier="main", channels=SMS, prefixes=("+855",)),
            Route(carrier="dk", channels=SMS, prefixes=("+45",)),
        ]
        world.pool = pool_of(world.carriers, clock, routes)
        world.carriers[0].breaker.stop("no", world.clock.s)
        world.order(1)
        world.order(2, phone="+15005550006")
        world.order(3, phone="+4512345678")
        await world.send_for(0.5)
        assert world.states() == [
            DeliveryState.QUEUED,
            DeliveryState.FAILED,
            DeliveryState.SENT,
        ]
        assert world.codes() == ["no_carrier", "no_route", None]

    play(scene)


def test_slow_numbers_do_not_stand_before_quick_ones() -> None:
    """What a swamped carrier cannot take is put back, so others' numbers come up."""

    async def scene(clock: VirtualClock) -> None:
        slow = FakeGateway(now=clock.now, name="slow")
        quick = FakeGateway(now=clock.now, name="quick")
        world = World(clock, slow, quick, sms_per_s=500)
        world.carriers[0].messages.slow_down()
        for _ in range(8):
            clock.s += 1
            world.carriers[0].messages.slow_down()
        routes = [
            Route(carrier="slow", channels=SMS, prefixes=("+855",)),
            Route(carrier="quick", channels=SMS, prefixes=("+45",)),
        ]
        world.pool = pool_of(world.carriers, clock, routes)
        world.order(*range(500))
        world.order(999, phone="+4512345678", position=999)
        await world.send_for(4)
        assert quick.numbers() == {"+4512345678": 1}
        assert slow.taken

    play(scene)


def test_a_wait_that_is_given_up_and_cancelled_too_is_cancelled() -> None:
    """Whoever ends the program is obeyed."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=10)
        world.carrier.messages.slow_down(60)
        world.order(1)
        (claimed,) = world.claim()
        maker = AttemptMaker(
            pool=world.pool,
            urls=CallbackUrls("https://tocsin.example"),
            now=clock.now,
            monotonic=clock.monotonic,
            lease_margin=timedelta(seconds=12),
        )
        job = Job(claimed, world.store.rows.contents[0])
        making = asyncio.create_task(maker.make(job))
        await asyncio.sleep(1)
        maker.give_up_waiting()
        making.cancel()
        await asyncio.wait({making})
        assert making.cancelled()
        assert (await maker.make(job)).result is None

    play(scene)
