"""Asking a carrier that answers badly, or while it speaks of itself."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from telephony.delivery import DeliveryState, EventKind
from telephony.errors import CarrierUnavailableError
from tests.unit.telephony.callbacks.test_reconcile import crash
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("word", ["queued", "sent", "delivered"])
def test_a_callback_around_the_decision_to_try_again(
    word: str, is_before: bool
) -> None:
    """The list has nothing yet; a callback comes while it is asked, or just after."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        await crash(world, is_asked=True)
        (taken,) = world.gateway.taken
        world.gateway.taken.clear()

        def call_back() -> None:
            world.call_back(
                EventKind.MESSAGE_STATUS,
                taken.attempt_id,
                MessageSid=taken.record.carrier_ref,
                MessageStatus=word,
            )
            world.folder().run_once()

        await asyncio.sleep(60)
        if is_before:
            world.gateway.at = call_back
        await world.reconciler().resolve_once()
        world.gateway.at = lambda: None
        if not is_before:
            assert world.states() == [DeliveryState.QUEUED]
            call_back()
        await world.send_for(30)
        is_there = word == "delivered"
        assert world.states() == [
            DeliveryState.REACHED if is_there else DeliveryState.SENT
        ]
        assert len(world.gateway.asked) == 1

    play(scene)


def test_a_carrier_that_breaks_one_question_in_five_is_asked_on() -> None:
    """Nearly all are settled in one round, and each by its own answer."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(*range(100))
        await crash(world, is_asked=True)
        world.gateway.taken = world.gateway.taken[::2]
        n_asked = 0

        def break_some() -> None:
            nonlocal n_asked
            n_asked += 1
            if n_asked % 5 == 0:
                raise CarrierUnavailableError("It answered 500.")

        world.gateway.at = break_some
        await asyncio.sleep(60)
        assert await world.reconciler().resolve_once() == 80
        counts = Counter(world.states())
        assert counts == {
            DeliveryState.SENDING: 20,
            DeliveryState.SENT: 40,
            DeliveryState.QUEUED: 40,
        }

    play(scene)
