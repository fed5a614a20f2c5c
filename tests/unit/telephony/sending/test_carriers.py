"""Who takes a number, and how much is claimed for it."""

from __future__ import annotations

import asyncio

import pytest

from telephony.carriers.gateway import Accepted, FailureClass
from telephony.delivery import Channel, Lane
from telephony.sending.breaker import BreakerState
from telephony.sending.routing import Route
from telephony.sending.sharing import Share
from tests.unit.telephony.fake_gateway import (
    LOST,
    TOO_FAST,
    UNREACHABLE,
    FakeGateway,
    refused,
)
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import carrier_of, phone_of, pool_of

TAKEN = Accepted(carrier_ref="X1", status="queued")
SMS, VOICE = Channel.SMS, Channel.VOICE
PHONE = phone_of(1)


def gateway(clock: VirtualClock, name: str = "main") -> FakeGateway:
    return FakeGateway(now=clock.now, name=name)


def test_a_fifth_of_a_second_is_claimed_ahead() -> None:
    """At least one, and nothing while half of it still waits: claims cost commits."""

    async def scene(clock: VirtualClock) -> None:
        slow = carrier_of(gateway(clock), clock, sms_per_s=0.5)
        fast = carrier_of(gateway(clock), clock, sms_per_s=50)
        assert (slow.room(SMS), fast.room(SMS)) == (1, 10)
        await asyncio.gather(*(fast.turn(SMS, Lane.WARNING) for _ in range(3)))
        waiting = [asyncio.create_task(fast.turn(SMS, Lane.WARNING)) for _ in range(6)]
        await asyncio.sleep(0)
        assert fast.room(SMS) == 0
        # Urgent lanes do not wait for what is less urgent.
        assert fast.room(SMS, is_urgent=True) == 10
        await asyncio.gather(*waiting)
        assert fast.room(SMS) == 10
        await fast.aclose()

    play(scene)


def test_one_call_in_ten_is_kept_for_urgent_lanes() -> None:
    """A warning to thousands must not take the last line from a cardiac arrest."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock, concurrent_calls=20)
        carrier.set_calls_in_rows(18)
        assert (carrier.room(VOICE), carrier.room(VOICE, is_urgent=True)) == (0, 2)
        carrier.set_calls_in_rows(25)
        assert carrier.room(VOICE, is_urgent=True) == 0

    play(scene)


def test_a_call_holds_its_slot_until_the_rows_count_it() -> None:
    """A count of the rows in between must not give the slot away twice."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock, concurrent_calls=3)
        for _ in range(3):
            await carrier.turn(VOICE, Lane.WARNING)
        carrier.set_calls_in_rows(0)
        assert carrier.call_slots.n_free == 0
        carrier.recorded(VOICE, TAKEN)
        carrier.set_calls_in_rows(1)
        assert carrier.call_slots.n_free == 0
        carrier.recorded(VOICE, refused(FailureClass.PERSON))
        carrier.recorded(VOICE, LOST)
        assert carrier.call_slots.n_free == 2
        carrier.recorded(SMS, TAKEN)
        carrier.release(SMS)
        carrier.set_calls_in_rows(0)
        assert carrier.call_slots.n_free == 3

    play(scene)


def test_a_call_that_stops_waiting_for_the_pace_gives_its_slot_back() -> None:
    """Or capacity would leak away with every cancelled wait."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(
            gateway(clock), clock, calls_per_s=0.01, concurrent_calls=2
        )
        await carrier.turn(VOICE, Lane.WARNING)
        waiting = asyncio.create_task(carrier.turn(VOICE, Lane.WARNING))
        await asyncio.sleep(1)
        assert carrier.call_slots.n_free == 0
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert carrier.call_slots.n_free == 1
        assert carrier.room(VOICE) == 1
        await carrier.aclose()

    play(scene)


def test_an_answer_that_we_are_too_fast_slows_its_channel_down() -> None:
    """A refused connection says nothing about the pace."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock, sms_per_s=100, calls_per_s=100)
        carrier.settle(SMS, UNREACHABLE, now=clock.s)
        carrier.settle(SMS, TAKEN, now=clock.s)
        carrier.settle(SMS, LOST, now=clock.s)
        assert carrier.messages.per_s() == 100
        carrier.settle(SMS, TOO_FAST, now=clock.s)
        assert (carrier.messages.per_s(), carrier.calls.per_s()) == (50, 100)
        carrier.settle(VOICE, TOO_FAST, now=clock.s)
        assert carrier.calls.per_s() == 50

    play(scene)


def test_the_next_carrier_takes_over() -> None:
    """From one that rests, stops, or has more to do than it can."""

    async def scene(clock: VirtualClock) -> None:
        first, second = (
            carrier_of(gateway(clock, name), clock, sms_per_s=5)
            for name in ("first", "second")
        )
        pool = pool_of([first, second], clock)
        assert pool.choose(PHONE, SMS, Lane.WARNING) is first
        waiting = [asyncio.create_task(first.turn(SMS, Lane.WARNING)) for _ in range(5)]
        await asyncio.sleep(0)
        assert pool.choose(PHONE, SMS, Lane.WARNING) is second
        assert pool.choose(PHONE, SMS, Lane.DISPATCH) is first
        await asyncio.gather(*waiting)
        first.breaker.stop("The account is suspended.", clock.s)
        assert pool.choose(PHONE, SMS, Lane.WARNING) is second
        assert list(pool.alarms()) == ["first"]
        assert pool.is_served_now(PHONE, SMS)
        second.breaker.stop("And there too.", clock.s)
        assert pool.choose(PHONE, SMS, Lane.WARNING) is None
        assert not pool.is_served_now(PHONE, SMS)
        assert pool.room(SMS) == pool.room(SMS, is_urgent=True) == 0
        await pool.aclose()

    play(scene)


def test_a_carrier_that_has_rested_gets_one_request() -> None:
    """It shows whether it is back; the queue is not spent on finding out."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock)
        pool = pool_of([carrier], clock)
        for _ in range(5):
            carrier.settle(SMS, UNREACHABLE, now=clock.s)
        assert carrier.breaker.state is BreakerState.OPEN
        assert pool.room(SMS) == 0
        await asyncio.sleep(5)
        assert pool.room(SMS) == 1
        assert pool.choose(PHONE, SMS, Lane.WARNING) is carrier
        assert pool.choose(PHONE, SMS, Lane.WARNING) is None
        assert pool.room(SMS) == 0
        carrier.settle(SMS, TAKEN, now=clock.s)
        assert pool.room(SMS) > 1

    play(scene)


def test_workers_share_a_carrier() -> None:
    """Pace and lines are divided; calls of the dead count for everybody."""
    clock = VirtualClock()
    carriers = [
        carrier_of(
            gateway(clock), clock, sms_per_s=90, calls_per_s=9, concurrent_calls=10
        )
        for _ in range(3)
    ]
    pools = [pool_of([carrier], clock) for carrier in carriers]
    for me, pool in enumerate(pools, 1):
        pool.take_part(Share(me=me, alive=frozenset({1, 2, 3})))
        pool.set_calls_in_rows({("main", 1): 2, ("main", 9): 1})
    assert [pool.worker for pool in pools] == [1, 2, 3]
    assert [carrier.messages.per_s() for carrier in carriers] == [30] * 3
    assert [carrier.calls.per_s() for carrier in carriers] == [3] * 3
    assert [carrier.call_slots.n_free for carrier in carriers] == [1, 2, 2]
    pools[0].take_part(Share(me=1, alive=frozenset({1})))
    assert carriers[0].messages.per_s() == 90
    assert carriers[0].call_slots.n_free == 7


WRONG_SENDER = refused(FailureClass.SENDER, code="21606", http_status=400)


def test_a_wrong_sender_stops_its_channel_alone() -> None:
    """Texts wait or go elsewhere, calls go on; the operator is told what to do."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock)
        pool = pool_of([carrier], clock)
        carrier.settle(SMS, WRONG_SENDER, now=clock.s)
        assert (pool.room(SMS), pool.room(VOICE) > 0) == (0, True)
        assert pool.choose(PHONE, SMS, Lane.DISPATCH) is None
        assert not pool.is_served_now(PHONE, SMS)
        assert pool.choose(PHONE, VOICE, Lane.WARNING) is carrier
        alarm = pool.alarms()["main"]
        assert alarm.startswith("sms: ")
        assert alarm.endswith("tocsin carrier resume main")
        carrier.resume()
        assert pool.alarms() == {}
        assert pool.choose(PHONE, SMS, Lane.WARNING) is carrier

    play(scene)


def test_a_wrong_sender_is_tried_once_a_minute() -> None:
    """Mended at the carrier it goes on by itself; a person's refusal is no proof."""

    async def scene(clock: VirtualClock) -> None:
        carrier = carrier_of(gateway(clock), clock)
        pool = pool_of([carrier], clock)
        carrier.settle(SMS, WRONG_SENDER, now=clock.s)
        for answer, is_mended in ((WRONG_SENDER, False), (TAKEN, True)):
            await asyncio.sleep(60)
            assert pool.room(SMS) == 1
            assert pool.choose(PHONE, SMS, Lane.WARNING) is carrier
            assert pool.choose(PHONE, SMS, Lane.WARNING) is None
            carrier.settle(SMS, refused(FailureClass.PERSON), now=clock.s)
            assert pool.alarms()
            carrier.settle(SMS, answer, now=clock.s)
            assert (pool.alarms() == {}) is is_mended

    play(scene)


@pytest.mark.parametrize("failure", [FailureClass.CARRIER, FailureClass.SENDER])
def test_a_fault_that_shows_late_stops_too(failure: FailureClass) -> None:
    """Taken, and then reported as failed because of us."""

    async def scene(clock: VirtualClock) -> None:
        pool = pool_of([carrier_of(gateway(clock), clock)], clock)
        pool.fault("main", SMS, failure, "Suspended.")
        pool.fault("gone", SMS, failure, "Suspended.")
        assert pool.choose(PHONE, SMS, Lane.WARNING) is None
        is_whole = failure is FailureClass.CARRIER
        assert (pool.choose(PHONE, VOICE, Lane.WARNING) is None) is is_whole

    play(scene)


def test_a_pool_knows_its_carriers() -> None:
    """By name and by number; one that left the settings is nobody."""
    clock = VirtualClock()
    home, world = (
        carrier_of(gateway(clock, name), clock) for name in ("home", "world")
    )
    routes = [
        Route(carrier="home", channels=SMS, prefixes=("+855",)),
        Route(carrier="world", channels=SMS | VOICE, priority=1),
    ]
    pool = pool_of([home, world], clock, routes)
    assert pool.names == ["home", "world"]
    assert pool.named("home") is home
    assert pool.named("gone") is None
    assert pool.serving(PHONE, SMS) == [home, world]
    assert pool.serving(PHONE, VOICE) == [world]
    pool.set_calls_in_rows({("world", 0): 3, ("gone", 0): 5})
    assert world.call_slots.n_free == home.call_slots.n_free - 3


@pytest.mark.parametrize("is_broken", [False, True])
def test_every_carrier_is_closed(is_broken: bool) -> None:
    """Also after one that cannot be."""

    class Stubborn(FakeGateway):
        async def aclose(self) -> None:
            await super().aclose()
            if is_broken:
                raise OSError("will not close")

    async def scene(clock: VirtualClock) -> None:
        gateways = [Stubborn(now=clock.now, name=name) for name in "ab"]
        await pool_of([carrier_of(one, clock) for one in gateways], clock).aclose()
        assert all(one.is_closed for one in gateways)

    play(scene)
