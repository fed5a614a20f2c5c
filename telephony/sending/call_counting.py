"""How many calls each carrier holds: the rows learn when calls end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import Generic, TypeVar

from telephony.delivery import NEWS_END_AFTER
from telephony.ports import UnitOfWork
from telephony.sending.carriers import CarrierPool

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)


class CallCounter(Generic[U]):
    """Keeps the carriers' counts true.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    pool : CarrierPool
    executor : Executor
        Transactions run on it.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], U],
        pool: CarrierPool,
        executor: Executor,
        now: Callable[[], datetime],
    ) -> None:
        self._read_uow = read_uow
        self._pool = pool
        self._executor = executor
        self._now = now

    async def run(self, pause: Callable[[], Awaitable[bool]]) -> None:
        """Count until ``pause`` says that it is over."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                rows = await loop.run_in_executor(self._executor, self._in_rows)
            except Exception:
                log.exception("calls not counted")
            else:
                self._pool.set_calls_in_rows(rows)
            if await pause():
                return

    def _in_rows(self) -> Mapping[tuple[str, int], int]:
        with self._read_uow() as uow:
            return uow.queue.calls_in_progress(
                deadline_after=self._now() - NEWS_END_AFTER
            )
