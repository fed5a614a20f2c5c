"""Several workers ask a carrier for no more than one would, in any second."""

from __future__ import annotations

import asyncio
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.delivery import Channel, Lane
from telephony.sending.pacing import Pacer, TokenBucket
from telephony.sending.sharing import Share
from tests.unit.telephony.fake_gateway import FakeGateway
from tests.unit.telephony.sending.test_pacing import ManualTime, most_in_a_second
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World, carrier_of, phone_of, pool_of


def shares(n_workers: int) -> list[Share]:
    alive = frozenset(range(1, n_workers + 1))
    return [Share(me=me, alive=alive) for me in sorted(alive)]


@given(per_s=st.floats(0.1, 10_000), n_workers=st.integers(1, 7))
@settings(max_examples=25)
def test_the_parts_add_up_to_the_pace(per_s: float, n_workers: int) -> None:
    """Nothing of it is lost, and all but what is left over is divided evenly."""
    parts = [share.pace_part(per_s) for share in shares(n_workers)]
    assert sum(parts) == pytest.approx(per_s)
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] < 2


async def together(per_s: float, n_workers: int, *, idle_s: float) -> list[float]:
    """When requests leave workers that all have more to send than they may."""
    time, left = ManualTime(), []
    pacers = []
    for share in shares(n_workers):
        pacer = Pacer(TokenBucket(per_s), now=time.now, wait=time.wait)
        pacer.set_part(share.pace_part(per_s))
        pacers.append(pacer)

    async def customer(pacer: Pacer, lane: Lane) -> None:
        while True:
            await pacer.turn(lane)
            left.append(time.s)

    time.s += idle_s
    tasks = [
        asyncio.create_task(customer(*one))
        for one in chain.from_iterable(
            ((pacer, lane) for lane in (Lane.DISPATCH, Lane.WARNING, Lane.DRILL))
            for pacer in pacers
        )
    ]
    await time.pass_until(time.s + 4)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for pacer in pacers:
        await pacer.aclose()
    return left


@pytest.mark.parametrize("idle_s", [0.0, 3_600.0])
@pytest.mark.parametrize(
    ("per_s", "n_workers"), [(1, 3), (2, 3), (7, 4), (10, 3), (50, 7), (200, 3)]
)
def test_no_second_holds_more_than_the_pace(
    per_s: int, n_workers: int, idle_s: float
) -> None:
    """Nor less: with several lanes in line, and also after an hour without work."""
    instants = asyncio.run(together(per_s, n_workers, idle_s=idle_s))
    assert most_in_a_second(instants) <= 1.05 * per_s
    assert len(instants) >= 0.95 * per_s * 4


def test_a_worker_without_a_part_claims_nothing_and_sends_by_others() -> None:
    """A carrier of one call a second is one worker's; the rest go on by the next."""

    async def scene(clock: VirtualClock) -> None:
        slow, fast = (FakeGateway(now=clock.now, name=name) for name in ("a", "b"))
        world = World(clock, slow, fast)
        world.carriers = [
            carrier_of(slow, clock, sms_per_s=1),
            carrier_of(fast, clock, sms_per_s=100),
        ]
        world.pool = pool_of(world.carriers, clock)
        world.pool.take_part(Share(me=2, alive=frozenset({1, 2})))
        assert world.carrier.room(Channel.SMS) == 0
        assert world.carrier.room(Channel.SMS, is_urgent=True) == 0
        world.order(1, 2, 3)
        await world.send_for(1)
        assert not slow.asked
        assert set(fast.numbers()) == {phone_of(n) for n in (1, 2, 3)}

    play(scene)


def test_whoever_inherits_a_pace_begins_with_nothing_saved_up() -> None:
    """The one before may have used its last request a moment ago."""
    bucket = TokenBucket(1)
    bucket.set_part(0, 100)
    assert bucket.is_shut
    assert bucket.delay_s(200) == float("inf")
    bucket.slow_down(200)
    bucket.set_part(1, 200)
    assert not bucket.is_shut
    assert bucket.per_s(200) == 1
    assert bucket.delay_s(200) == pytest.approx(1)


def test_who_waits_while_others_have_all_is_served_when_they_are_gone() -> None:
    """Not after a pause that was worked out before."""

    async def scene() -> None:
        time = ManualTime()
        pacer = Pacer(TokenBucket(10), now=time.now, wait=time.wait)
        pacer.set_part(0)
        waiting = asyncio.create_task(pacer.turn(Lane.DISPATCH))
        await time.pass_until(time.s + 60)
        assert not waiting.done()
        pacer.set_part(10)
        await time.pass_until(time.s + 1.5)
        await waiting

    asyncio.run(scene())
