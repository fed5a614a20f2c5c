"""Threads for work that waits for strangers: apart from those that send.

The worker's own threads are few; a feed that takes its whole time-out must not hold one
of them. These are daemons: the worker may end while one still waits, because what it
does is safe to kill.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import partial


class SideThreads:
    """Runs plain functions on threads of their own, so many at once.

    Parameters
    ----------
    n : int
        At once; further ones wait their turn.
    """

    def __init__(self, n: int) -> None:
        self._slots = asyncio.Semaphore(n)

    async def run(self, work: Callable[[], int]) -> int:
        """Run a function and return what it returns, or raise what it raises."""
        async with self._slots:
            loop = asyncio.get_running_loop()
            done: asyncio.Future[int] = loop.create_future()
            threading.Thread(
                target=_work, args=(work, loop, done), name="side", daemon=True
            ).start()
            return await done

    def job(self, work: Callable[[], int]) -> Callable[[], Awaitable[int]]:
        """The function as a coroutine function, for the table of jobs."""

        async def run() -> int:
            return await self.run(work)

        return run


def _work(
    work: Callable[[], int],
    loop: asyncio.AbstractEventLoop,
    done: asyncio.Future[int],
) -> None:
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        _tell(loop, done, partial(done.set_exception, error))
    else:
        _tell(loop, done, partial(done.set_result, result))


def _tell(
    loop: asyncio.AbstractEventLoop,
    done: asyncio.Future[int],
    say: Callable[[], None],
) -> None:
    def if_awaited() -> None:
        if not done.done():
            say()

    try:
        loop.call_soon_threadsafe(if_awaited)
    except RuntimeError:
        return  # the worker has ended meanwhile
