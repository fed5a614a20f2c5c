"""What a carrier has and never reports on is asked about, and not for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from telephony.delivery import Channel, DeliveryState
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World

SMS, VOICE = Channel.SMS, Channel.VOICE


@pytest.mark.parametrize(
    ("channel", "word", "changes", "state"),
    [
        (SMS, "delivered", {}, DeliveryState.REACHED),
        (SMS, "queued", {}, DeliveryState.SENT),
        (SMS, "teleported", {}, DeliveryState.SENT),
        (VOICE, "completed", {"duration_s": 45}, DeliveryState.REACHED),
        (
            VOICE,
            "completed",
            {"duration_s": 45, "answered_by": "human"},
            DeliveryState.HEARD,
        ),
        (VOICE, "canceled", {}, DeliveryState.FAILED),
    ],
)
def test_what_never_calls_back_is_polled(
    channel: Channel, word: str, changes: dict[str, Any], state: DeliveryState
) -> None:
    """And asked again only after another while."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, channel=channel)
        await world.send_for(1)
        world.gateway.report("main-1", word, **changes)
        asked: list[float] = []
        world.gateway.at = lambda: asked.append(clock.s)
        reconciler = world.reconciler()
        assert await reconciler.poll_once() == 0
        await asyncio.sleep(601)
        await reconciler.poll_once()
        await reconciler.poll_once()
        assert world.states() == [state]
        assert len(asked) == 1

    play(scene)


def test_what_ended_long_ago_is_not_asked_about() -> None:
    """An hour after its deadline nothing more is expected of an attempt."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1, deadline=clock.now() + timedelta(hours=1))
        await world.send_for(1)
        asked: list[float] = []
        world.gateway.at = lambda: asked.append(clock.s)
        reconciler = world.reconciler()
        await asyncio.sleep(7_100)
        await reconciler.poll_once()
        assert len(asked) == 1
        await asyncio.sleep(700)
        await reconciler.poll_once()
        assert len(asked) == 1

    play(scene)


def test_a_poll_without_an_answer_changes_nothing() -> None:
    """Neither when the carrier cannot be asked, nor when it knows nothing."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await world.send_for(1)
        reconciler = world.reconciler()
        await asyncio.sleep(601)
        world.gateway.is_silent = True
        assert await reconciler.poll_once() == 0
        await asyncio.sleep(601)
        world.gateway.is_silent, world.gateway.taken = False, []
        assert await reconciler.poll_once() == 0
        assert world.states() == [DeliveryState.SENT]

    play(scene)
