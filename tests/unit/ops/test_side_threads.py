"""Threads for strangers: apart, bounded, and gone with the worker."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ops.side_threads import SideThreads


def test_results_and_errors_come_back() -> None:
    """As if the function had been called."""

    async def both() -> tuple[int, BaseException | int]:
        threads = SideThreads(2)
        good = await threads.run(lambda: 7)
        (bad,) = await asyncio.gather(
            threads.run(lambda: 1 // 0), return_exceptions=True
        )
        return good, bad

    good, bad = asyncio.run(both())

    assert good == 7
    assert isinstance(bad, ZeroDivisionError)


def test_no_more_than_so_many_at_once() -> None:
    """The others wait their turn."""
    gate, busy, most = threading.Event(), 0, 0
    lock = threading.Lock()

    def work() -> int:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
            if busy == 2:
                gate.set()
        gate.wait(5)
        with lock:
            busy -= 1
        return 1

    async def run() -> list[int]:
        threads = SideThreads(2)
        job = threads.job(work)
        return await asyncio.gather(*(job() for _ in range(6)))

    assert asyncio.run(run()) == [1] * 6
    assert most == 2


def test_the_worker_may_end_while_one_waits() -> None:
    """A thread that comes back too late tells nobody, and breaks nothing."""
    started, gate, done = (threading.Event() for _ in range(3))

    def work() -> int:
        started.set()
        gate.wait(5)
        done.set()
        return 1

    async def give_up() -> None:
        task = asyncio.create_task(SideThreads(1).run(work))
        await asyncio.to_thread(started.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    gate.set()
    assert done.wait(5)
