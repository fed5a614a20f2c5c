"""The table of jobs: each runs while there is work, alone, and fails alone."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable

import pytest

from ops.scheduler import SLICE_S, Job, _drain, _guarded, build_scheduler

Run = Callable[[], int] | Callable[[], Awaitable[int]]


class Work:
    """So many portions; each takes its time on the clock."""

    def __init__(self, portions: int, seconds: float = 0.0) -> None:
        self.portions, self.seconds, self.now, self.n_runs = portions, seconds, 0.0, 0
        self.threads: set[int] = set()

    def monotonic(self) -> float:
        return self.now

    def run(self) -> int:
        self.n_runs += 1
        self.now += self.seconds
        self.threads.add(threading.get_ident())
        self.portions -= 1
        return max(self.portions + 1, 0)

    async def run_async(self) -> int:
        return self.run()


async def _run(job: Callable[[], Awaitable[None]]) -> None:
    await job()


def drain(work: Work, run: Run) -> None:
    job = Job(name="x", every_s=1, run=run)
    asyncio.run(_drain(job, work.monotonic))


def test_runs_until_nothing_is_left() -> None:
    """And once more, to see that."""
    work = Work(3)
    drain(work, work.run)

    assert work.n_runs == 4


def test_lets_others_have_a_turn() -> None:
    """A job with endless work stops after its slice."""
    work = Work(1_000, seconds=SLICE_S / 4)
    drain(work, work.run)

    assert work.n_runs == 4


def test_functions_on_a_thread_coroutines_on_the_loop() -> None:
    """Waiting for the database never stops the sender."""
    plain, coroutine = Work(1), Work(1)
    drain(plain, plain.run)
    drain(coroutine, coroutine.run_async)

    assert threading.get_ident() not in plain.threads
    assert coroutine.threads == {threading.get_ident()}


def test_a_failure_is_told_and_kept_from_the_others() -> None:
    """Name and error; nothing is raised."""
    told: list[tuple[str, str]] = []

    def broken() -> int:
        raise ValueError("no")

    guarded = _guarded(
        Job(name="x", every_s=1, run=broken),
        lambda name, error: told.append((name, str(error))),
        lambda: 0.0,
    )
    asyncio.run(_run(guarded))

    assert told == [("x", "no")]


def test_the_end_of_the_process_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    """What runs when the schedule ends is cancelled, and nobody is alarmed."""

    async def scene() -> None:
        started = asyncio.Event()

        async def endless() -> int:
            started.set()
            await asyncio.Event().wait()
            return 0

        jobs = [Job(name="x", every_s=0.001, run=endless)]
        scheduler = build_scheduler(jobs, on_failure=lambda _n, _e: None)
        scheduler.start()
        await started.wait()
        scheduler.shutdown(wait=False)
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(scene())

    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_the_table_becomes_the_schedule() -> None:
    """Each job once at a time, at its interval; late runs are run once."""
    jobs = [Job(name="a", every_s=1, run=int), Job(name="b", every_s=0.5, run=int)]

    found = build_scheduler(jobs, on_failure=lambda _n, _e: None).get_jobs()

    intervals = {job.id: job.trigger.interval.total_seconds() for job in found}
    assert intervals == {"a": 1.0, "b": 0.5}


def test_two_jobs_of_one_name_are_a_mistake() -> None:
    """The second would silently replace the first in logs."""
    jobs = [Job(name="a", every_s=1, run=int)] * 2

    async def start() -> None:
        build_scheduler(jobs, on_failure=lambda _n, _e: None).start(paused=True)

    with pytest.raises(Exception, match="a"):
        asyncio.run(start())
