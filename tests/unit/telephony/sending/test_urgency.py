"""What is urgent passes the transactions of everything else."""

from __future__ import annotations

import asyncio
from typing import Any

from telephony.delivery import AttemptState, Channel, Lane
from telephony.sending.urgency import UrgentPath
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World


def path_of(world: World, **changes: Any) -> UrgentPath[Any]:
    parts: dict[str, Any] = {
        "new_uow": world.store.unit_of_work,
        "read_uow": world.store.unit_of_work,
        "executor": world.executor,
    }
    return UrgentPath(**(parts | changes))


def broken() -> Any:
    raise OSError("locked")


def test_it_leaves_though_the_other_transactions_stand_still() -> None:
    """Claimed and asked once; its answer waits to be recorded like all others."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(*range(5))
        world.order(7, owner_ref="case:1", text="Come", lane=Lane.DISPATCH)
        world.urgent = path_of(world)
        world.new_uow = broken
        running = asyncio.create_task(world.sender().run(asyncio.Event()))
        await asyncio.sleep(0.1)
        assert [one.body for one in world.gateway.texts_asked] == ["Come"]
        assert world.attempts() == [AttemptState.INTENDED]
        running.cancel()
        await asyncio.wait({running})

    play(scene)


def test_channels_with_something_urgent_are_known() -> None:
    """Of lanes that are not urgent nobody is told."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, lane=Lane.WARNING)
        assert await path_of(world).waiting(clock.now()) == []
        world.order(2, channel=Channel.VOICE, lane=Lane.STAND_DOWN)
        assert await path_of(world).waiting(clock.now()) == [Channel.VOICE]

    play(scene)


def test_a_database_that_refuses_is_asked_again_later() -> None:
    """The claim of all lanes says so; this one only finds nothing."""

    async def scene(clock: VirtualClock) -> None:
        path = path_of(World(clock), read_uow=broken)
        assert not await path.waiting(clock.now())
        assert not await path.claim(broken)

    play(scene)
