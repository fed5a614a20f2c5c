"""One heap of things to do later: no task and no loop handle per message.

The heap counts real seconds; `Timers` also scales virtual ones. Whoever owns the event
loop is told when the next entry is due and calls `run_due`.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import Any

#: Entries this close together run in one go: a wake-up costs more than they do.
_GRAIN_S = 0.002

Action = Callable[..., None]


class Timers:
    """Actions in the order of their times.

    Parameters
    ----------
    now : callable
        Monotonic real seconds.
    time_scale : float
        Virtual seconds per real second.
    """

    def __init__(self, now: Callable[[], float], *, time_scale: float = 1.0) -> None:
        self._now = now
        self._time_scale = time_scale
        self._heap: list[tuple[float, int, Action, tuple[Any, ...]]] = []
        self._count = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._armed: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_due_s(self) -> float | None:
        """When the next entry is due by the clock, or None."""
        return self._heap[0][0] if self._heap else None

    def drive(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run due actions on this loop from now on."""
        self._loop = loop
        self._arm()

    def real_s(self, virtual_s: float) -> float:
        """Real seconds that so many virtual seconds take."""
        return virtual_s / self._time_scale

    def virtual_s(self, real_s: float) -> float:
        """Virtual seconds that pass in so many real seconds."""
        return real_s * self._time_scale

    def after(self, virtual_s: float, action: Action, *args: Any) -> None:
        """Call ``action(*args)`` in so many virtual seconds."""
        self.after_real(virtual_s / self._time_scale, action, *args)

    def after_real(self, real_s: float, action: Action, *args: Any) -> None:
        """Call ``action(*args)`` in so many real seconds."""
        self._count += 1
        due = self._now() + real_s
        heapq.heappush(self._heap, (due, self._count, action, args))
        if self._loop is not None and self._heap[0][1] == self._count:
            self._arm()

    async def sleep(self, virtual_s: float) -> None:
        """Wait for so many virtual seconds."""
        await self.sleep_real(virtual_s / self._time_scale)

    async def sleep_real(self, real_s: float) -> None:
        """Wait for so many real seconds."""
        if real_s <= 0.0:
            return
        done = asyncio.get_running_loop().create_future()
        self.after_real(real_s, _finish, done)
        await done

    async def pause(self, real_s: float) -> None:
        """Wait without counting as something to come."""
        await asyncio.sleep(real_s)

    def run_due(self) -> int:
        """Run every action that is due; returns how many."""
        ran = 0
        limit = self._now() + _GRAIN_S
        heap = self._heap
        while heap and heap[0][0] <= limit:
            _, _, action, args = heapq.heappop(heap)
            action(*args)
            ran += 1
        return ran

    def clear(self) -> None:
        """Forget everything that was to come."""
        self._heap.clear()

    def _arm(self) -> None:
        if self._armed is not None:
            self._armed.cancel()
            self._armed = None
        if self._loop is not None and self._heap:
            wait_s = max(self._heap[0][0] - self._now(), 0.0)
            self._armed = self._loop.call_later(wait_s, self._wake)

    def _wake(self) -> None:
        self._armed = None
        self.run_due()
        self._arm()


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
