"""A database that is held or full: sending stands still, says so, and goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from telephony.callbacks.group_commit import GroupCommit
from telephony.delivery import AttemptId, CarrierEvent, DeliveryState, EventKind
from telephony.errors import CallbackNotKeptError
from tests.unit.telephony.virtual_time import START, VirtualClock, play
from tests.unit.telephony.world import World
from tests.use_cases.telephony.conftest import Disk
from tests.use_cases.telephony.test_carrier_trouble import states_of

N_PEOPLE = 200
Trouble = Callable[[Disk], AbstractContextManager[None]]


@contextmanager
def full(disk: Disk) -> Iterator[None]:
    """No page more."""
    disk.fill_up()
    yield
    disk.make_room()


def held(disk: Disk) -> AbstractContextManager[None]:
    """By a backup that takes its time."""
    return disk.held()


@pytest.mark.parametrize("trouble", [held, full])
def test_sending_stands_still_and_goes_on(
    disk: Disk, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of a queue, with answers not yet recorded: each message once."""

    async def scene(clock: VirtualClock) -> None:
        world = World(clock, sms_per_s=50)
        world.gateway.latency_s = 0.3
        world.new_uow = disk.database.unit_of_work
        world.order(*range(1, N_PEOPLE + 1))
        stop, sender = asyncio.Event(), world.sender(idle_s=0.5, count_calls_s=5)
        running = asyncio.create_task(sender.run(stop))
        await asyncio.sleep(1)
        assert sender.trouble == ""
        with trouble(disk):
            await asyncio.sleep(10)
            n_asked = len(world.gateway.asked)
            assert n_asked < N_PEOPLE
            await asyncio.sleep(20)
            assert len(world.gateway.asked) == n_asked
            assert sender.trouble.startswith("Sending stands still and goes on by itse")
            assert "disk has room" in sender.trouble
        await asyncio.sleep(20)
        assert sender.trouble == ""
        stop.set()
        await running
        # What was claimed and lost its lease meanwhile is looked up, then sent.
        await asyncio.sleep(30)
        await world.reconciler().resolve_once()
        await asyncio.wait_for(_send_the_rest(world), 60)
        assert set(world.gateway.numbers().values()) == {1}
        assert len(world.gateway.numbers()) == N_PEOPLE
        assert states_of(disk) == {DeliveryState.SENT: N_PEOPLE}

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert "claim failed" in caplog.text
    assert "+855" not in caplog.text


async def _send_the_rest(world: World) -> None:
    await world.send_for(20)


@pytest.mark.parametrize("trouble", [held, full])
def test_folding_stands_still_and_loses_nothing(disk: Disk, trouble: Trouble) -> None:
    """Callbacks wait where they were kept; folded later they mean the same."""
    world = World(VirtualClock())
    world.new_uow = disk.database.unit_of_work
    world.order(*range(1, N_PEOPLE + 1))
    attempts = [one.attempt_id for one in world.claim()]
    disk.database.keep_callbacks([receipt(int(one)) for one in attempts])
    assert disk.database.collect_callbacks() == N_PEOPLE

    def go_on() -> None:
        # Updates in place need no page for a while; more callbacks do.
        for _ in range(50):
            world.folder().run_once()
            disk.database.keep_callbacks([receipt(int(one)) for one in attempts])
            disk.database.collect_callbacks()

    with trouble(disk), pytest.raises(OSError, match="disk has room"):
        go_on()
    while disk.database.collect_callbacks() + world.folder().run_once():
        pass
    assert states_of(disk) == {DeliveryState.REACHED: N_PEOPLE}


def test_callbacks_are_refused_while_they_cannot_be_kept(disk: Disk) -> None:
    """The carrier is told no, so that it sends again; kept, it is told yes at once."""
    inbox = disk.database._inbox
    assert inbox is not None
    time = VirtualClock()
    gate = GroupCommit(disk.database.keep_callbacks, monotonic=time.monotonic)
    gate.keep(receipt(1))
    connection = inbox._connection
    assert connection is not None
    (n_pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {n_pages}")
    kept = [1]

    def go_on() -> None:
        for n in range(2, 1_000):
            gate.keep(receipt(n))
            kept.append(n)

    with pytest.raises(CallbackNotKeptError):
        go_on()
    assert gate.trouble.startswith("Callbacks cannot be kept")
    assert disk.database.n_callbacks_waiting() == len(kept)
    connection.execute("PRAGMA max_page_count = 100000")
    gate.keep(receipt(1_000))
    assert gate.trouble == ""
    assert disk.database.n_callbacks_waiting() == len(kept) + 1
    gate.close()


def test_a_refused_callback_is_not_told_of_for_ever() -> None:
    """A minute on nobody knows whether the next would be refused."""

    def refuse(_: object) -> None:
        raise OSError("full")

    time = VirtualClock()
    gate = GroupCommit(refuse, monotonic=time.monotonic)
    with pytest.raises(CallbackNotKeptError):
        gate.keep(receipt(1))
    assert gate.trouble
    time.s += 61
    assert gate.trouble == ""
    gate.close()


def receipt(attempt_id: int) -> CarrierEvent:
    return CarrierEvent(
        kind=EventKind.MESSAGE_STATUS,
        received_at=START,
        carrier="main",
        attempt_id=AttemptId(attempt_id),
        form=[("MessageStatus", "delivered"), ("MessageSid", f"SM{attempt_id}")],
    )
