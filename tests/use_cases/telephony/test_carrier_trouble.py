"""A carrier that is down, or breaks one request in five: nobody is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from telephony.carriers.gateway import Refused, SendResult
from telephony.delivery import DeliveryState
from tests.unit.telephony.fake_gateway import LOST, UNREACHABLE, FakeGateway
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World
from tests.use_cases.telephony.conftest import Disk

N_PEOPLE = 300
PER_S = 20
DOWN_FROM_S, DOWN_UNTIL_S = 5.0, 65.0


class Moody(FakeGateway):
    """Answers by a rule; what it returns after accepting is lost on the way."""

    def __init__(
        self,
        clock: VirtualClock,
        mood: Callable[[int], tuple[bool, Refused | None]],
        **options: Any,
    ) -> None:
        super().__init__(now=clock.now, latency_s=0.05, **options)
        self._mood = mood

    async def _take(self, *request: Any) -> SendResult:
        accepts, refusal = self._mood(len(self.asked))
        if not accepts:
            self.asked.append(request[0])
            await asyncio.sleep(self.latency_s)
            assert refusal is not None
            return refusal
        answer = await super()._take(*request)
        return refusal or answer


async def work(world: World, disk: Disk, seconds: float) -> None:
    """A sender, and now and then a look into the carrier's list."""
    stop = asyncio.Event()
    reconciler = world.reconciler()

    async def reconcile() -> None:
        while not stop.is_set():
            await asyncio.sleep(5)
            await reconciler.resolve_once()

    async with asyncio.TaskGroup() as group:
        # It looks less often than by default: virtual time is cheap, looking is not.
        group.create_task(world.sender(idle_s=0.2, count_calls_s=30).run(stop))
        group.create_task(reconcile())
        await asyncio.sleep(seconds)
        stop.set()


def states_of(disk: Disk) -> dict[DeliveryState, int]:
    with disk.database.read_only() as uow:
        counts = uow.outbox.counts("alert:1")
    return {DeliveryState(state): n for (_, state, _), n in counts.items()}


def world_on(disk: Disk, clock: VirtualClock, *gateways: FakeGateway) -> World:
    world = World(clock, *gateways, sms_per_s=PER_S)
    world.new_uow = disk.database.unit_of_work
    world.order(*range(1, N_PEOPLE + 1))
    return world


def test_a_carrier_that_is_down_for_a_minute(disk: Disk) -> None:
    """It rests, the queue waits, an alarm tells; back, it gets each message once."""

    async def scene(clock: VirtualClock) -> None:
        def mood(_: int) -> tuple[bool, Refused | None]:
            is_down = DOWN_FROM_S <= clock.s < DOWN_UNTIL_S
            return not is_down, UNREACHABLE if is_down else None

        gateway = Moody(clock, mood)
        world = world_on(disk, clock, gateway)
        working = asyncio.create_task(work(world, disk, 130))
        await asyncio.sleep(30)
        n_before = len(gateway.taken)
        assert 0 < n_before < N_PEOPLE
        assert world.pool.alarms() == {"main": UNREACHABLE.reason}
        states = states_of(disk)
        assert set(states) <= {DeliveryState.SENT, DeliveryState.QUEUED}
        await working
        assert world.pool.alarms() == {}
        # Of a minute's worth of requests, two seconds' were tried in vain at most.
        assert len(gateway.asked) - N_PEOPLE < 2 * PER_S
        assert set(gateway.numbers().values()) == {1}
        assert states_of(disk) == {DeliveryState.SENT: N_PEOPLE}

    play(scene)


def test_another_carrier_takes_over_meanwhile(disk: Disk) -> None:
    """And the first is used again when it is back."""

    async def scene(clock: VirtualClock) -> None:
        def mood(_: int) -> tuple[bool, Refused | None]:
            is_down = 2 <= clock.s < 6
            return not is_down, UNREACHABLE if is_down else None

        first = Moody(clock, mood, name="first")
        second = FakeGateway(now=clock.now, name="second")
        world = world_on(disk, clock, first, second)
        await work(world, disk, 30)
        numbers = first.numbers() + second.numbers()
        assert set(numbers.values()) == {1}
        assert len(numbers) == N_PEOPLE
        assert len(second.taken) >= 2 * PER_S
        assert world.pool.alarms() == {}

    play(scene)


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_carrier_that_answers_500_for_one_in_five(
    disk: Disk, *, is_taken: bool
) -> None:
    """Before or after it has taken the message: its list tells, and it goes on."""

    async def scene(clock: VirtualClock) -> None:
        def mood(n_asked: int) -> tuple[bool, Refused | None]:
            is_broken = n_asked % 5 == 0
            return is_taken or not is_broken, LOST if is_broken else None

        gateway = Moody(clock, mood)
        world = world_on(disk, clock, gateway)
        await work(world, disk, 140)
        assert world.pool.alarms() == {}
        assert set(gateway.numbers().values()) == {1}
        assert len(gateway.numbers()) == N_PEOPLE
        assert states_of(disk) == {DeliveryState.SENT: N_PEOPLE}

    play(scene)
