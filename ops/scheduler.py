"""What the worker does again and again, as a table.

A job is an ordinary method, short and idempotent: it may be killed at any line, run
late or be left out once, because all it knows is in rows. It says how much it did, and
is run again at once while there is more.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import cast

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

#: How long one run of a job may go on while there is more to do, seconds.
SLICE_S = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One line of the table."""

    name: str
    every_s: float
    #: Does one portion of the work and says how much that was.
    run: Callable[[], int] | Callable[[], Awaitable[int]]


def build_scheduler(
    jobs: Iterable[Job],
    *,
    on_failure: Callable[[str, Exception], None],
    monotonic: Callable[[], float] = time.monotonic,
) -> AsyncIOScheduler:
    """Make a scheduler that runs the jobs on the event loop that starts it.

    Parameters
    ----------
    jobs : iterable of Job
        Plain functions run on a thread, coroutines on the loop.
    on_failure : callable
        Told the job's name and the error; the job runs again at its next time.
    monotonic : callable, optional
        Seconds that only grow.
    """
    # Late runs are the normal case under load, and harmless: nothing to warn of.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # What a job raises goes to ``on_failure``: all that is left for it to log as a
    # fault is that a run was cancelled because the process ends.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        executors={"default": AsyncIOExecutor()},
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": None,
        },
    )
    for job in jobs:
        scheduler.add_job(
            _guarded(job, on_failure, monotonic),
            "interval",
            seconds=job.every_s,
            id=job.name,
        )
    return scheduler


def _guarded(
    job: Job,
    on_failure: Callable[[str, Exception], None],
    monotonic: Callable[[], float],
) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await _drain(job, monotonic)
        except Exception as error:  # noqa: BLE001 - one job must not stop the others
            on_failure(job.name, error)

    return run


async def _drain(job: Job, monotonic: Callable[[], float]) -> None:
    """Run a job until it has nothing left to do, or its slice of time is over."""
    stop_at = monotonic() + SLICE_S
    while await _once(job) and monotonic() < stop_at:
        pass


async def _once(job: Job) -> int:
    if inspect.iscoroutinefunction(job.run):
        return await cast("Callable[[], Awaitable[int]]", job.run)()
    return await asyncio.to_thread(cast("Callable[[], int]", job.run))
