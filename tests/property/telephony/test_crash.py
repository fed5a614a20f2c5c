"""A worker that dies at any line loses nobody and reaches nobody twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.delivery import Channel, DeliveryState
from tests.fakes.store import FakeStore, FakeUnitOfWork
from tests.unit.telephony.fake_gateway import (
    TOO_FAST,
    UNREACHABLE,
    FakeGateway,
    Fate,
)
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World, phone_of

N_PEOPLE = 12


class Killed(BaseException):
    """The process is gone; nobody catches this."""


class Executioner:
    """Kills whoever passes the n-th line where a crash matters, and all after it."""

    def __init__(self) -> None:
        self.n_left: int | None = None
        self.is_dead = False

    def arm(self, n_lines: int | None) -> None:
        self.n_left, self.is_dead = n_lines, False

    def pass_line(self) -> None:
        if self.n_left is not None:
            self.n_left -= 1
            self.is_dead = self.is_dead or self.n_left < 0
        if self.is_dead:
            raise Killed


class MortalUnitOfWork(FakeUnitOfWork):
    """May die before it begins, before its commit, and right after it."""

    def __init__(self, store: FakeStore, pass_line: Callable[[], None]) -> None:
        super().__init__(store)
        self._pass_line = pass_line

    def __enter__(self) -> Self:
        self._pass_line()
        return super().__enter__()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(exc_type, exc, traceback)

    def commit(self) -> None:
        self._pass_line()
        super().commit()
        self._pass_line()


async def life(world: World, seconds: float) -> None:
    """One worker: sends and reconciles until it is stopped, or dies."""
    stop = asyncio.Event()
    reconciler = world.reconciler()

    async def reconcile() -> None:
        while not stop.is_set():
            await asyncio.sleep(5)
            await reconciler.resolve_once()

    async def end() -> None:
        until = world.clock.s + seconds
        while world.clock.s < until and set(world.states()) != {DeliveryState.SENT}:
            await asyncio.sleep(5)
        stop.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(world.sender(chunk=5, idle_s=0.5).run(stop))
        group.create_task(reconcile())
        group.create_task(end())


async def lives(
    clock: VirtualClock,
    deaths: list[int],
    fates: list[Any],
    channel: Channel,
    latency_s: float,
) -> World:
    """Workers that die one after the other, and one at last that does not."""
    world = World(clock, FakeGateway(now=clock.now, fates=fates, latency_s=latency_s))
    executioner = Executioner()
    world.new_uow = lambda: MortalUnitOfWork(world.store, executioner.pass_line)
    world.gateway.at = executioner.pass_line
    world.order(*range(N_PEOPLE), channel=channel)
    for n_lines in deaths:
        executioner.arm(n_lines)
        try:
            await life(world, 600)
        except* Killed:
            pass
    executioner.arm(None)
    await life(world, 600)
    return world


FATES = st.sampled_from(
    [
        Fate.ACCEPT,
        Fate.LOSE_AFTER,
        Fate.LOSE_BEFORE,
        Fate.HANG,
        Fate.BREAK,
        TOO_FAST,
        UNREACHABLE,
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    deaths=st.lists(st.integers(0, 60), max_size=4),
    fates=st.lists(FATES, max_size=25),
    channel=st.sampled_from([Channel.SMS, Channel.VOICE]),
    latency_s=st.sampled_from([0.0, 0.3]),
)
def test_everybody_gets_exactly_one(
    deaths: list[int], fates: list[Any], channel: Channel, latency_s: float
) -> None:
    """Wherever workers die and whatever gets lost, the carrier accepts one for each."""
    world = play(lambda clock: lives(clock, deaths, fates, channel, latency_s))
    assert world.gateway.numbers() == dict.fromkeys(map(phone_of, range(N_PEOPLE)), 1)
    assert set(world.gateway.attempts().values()) == {1}
    assert set(world.states()) == {DeliveryState.SENT}
