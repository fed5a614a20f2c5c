"""The machine's clocks, and the one that machines share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ops.clock import TOLERATED, Clock, SharedTime
from telephony.delivery import DeliveryState
from tests.unit.telephony.virtual_time import VirtualClock, play
from tests.unit.telephony.world import World

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shared(
    ahead: timedelta, *, took_s: float = 0.0, now: Callable[[], datetime] = lambda: NOW
) -> SharedTime:
    """The time shared with a machine of which ours is so much ahead."""
    seconds = iter([100.0, 100.0 + took_s] * 10)
    own = Clock(now=lambda: now() + ahead, monotonic=lambda: next(seconds))
    half = timedelta(seconds=took_s / 2)
    return SharedTime(own, lambda: now() + half)


def test_now_is_aware_and_monotonic_grows() -> None:
    """UTC, and seconds that never go back."""
    clock = Clock()

    assert clock.now().tzinfo is UTC
    assert clock.now() - clock.now() <= timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
    assert clock.compare() == timedelta(0)


@pytest.mark.parametrize("ahead", [MINUTE, -MINUTE, timedelta(days=-9_000)])
def test_a_wrong_clock_is_put_right_by_the_shared_one(ahead: timedelta) -> None:
    """However wrong, also by years where a board has no battery; and it is told."""
    time = shared(ahead, took_s=0.4)
    assert time.now() == NOW + ahead
    assert time.clock().compare() == ahead
    assert time.clock().now() == NOW


def test_a_clock_that_is_nearly_right_is_left_alone() -> None:
    """Or it would jump to and fro with every look."""
    time = shared(TOLERATED)
    assert time.compare() == TOLERATED
    assert time.now() == NOW + TOLERATED


def test_a_slow_answer_says_nothing() -> None:
    """It may have been given at any instant of a long wait."""
    time = shared(MINUTE, took_s=1.5)
    assert time.compare() == timedelta(0)
    assert time.now() == NOW + MINUTE


def test_a_database_on_this_machine_has_no_clock_of_its_own() -> None:
    """There is nothing to compare."""
    time = SharedTime(Clock(now=lambda: NOW, monotonic=lambda: 0.0), lambda: None)
    assert time.compare() == timedelta(0)
    assert time.now() == NOW


@pytest.mark.parametrize("is_compared", [True, False])
def test_a_machine_that_is_ahead_does_not_look_into_what_another_is_doing(
    is_compared: bool,
) -> None:
    """By its own clock the other's claim would have ended, and all be made again."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock)
        world.order(1)
        world.claim()
        time = shared(MINUTE, now=clock.now)
        if is_compared:
            time.compare()
        reconciler = world.reconciler()
        reconciler._now = time.now
        await asyncio.sleep(5)
        await reconciler.resolve_once()
        state = DeliveryState.SENDING if is_compared else DeliveryState.QUEUED
        assert world.states() == [state]

    play(scene)
