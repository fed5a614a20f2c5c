"""The way by which urgent deliveries pass everything else that the database does.

A claim of any lane waits behind answers that are recorded and audiences that are
written out, a tenth of a second each on a busy machine. Whether something urgent waits
is asked without a turn, many times a second; if so it is claimed on a thread of its
own, in a transaction that goes before those that wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from telephony.delivery import Channel, Lane
from telephony.ports import UnitOfWork
from telephony.sending.attempting import Job

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")

URGENT_LANES = tuple(lane for lane in Lane if lane.is_urgent)


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgentPath(Generic[U]):
    """What urgent claims have to themselves."""

    #: Opens a unit of work that writes, and goes before others.
    new_uow: Callable[[], U]
    #: Opens one that only reads.
    read_uow: Callable[[], U]
    #: One thread that nothing else uses.
    executor: Executor
    #: How often to look, seconds.
    every_s: float = 0.02

    async def waiting(self, now: datetime) -> Sequence[Channel]:
        """The channels on which something urgent is due; none if nobody can tell."""
        return await self._try_run(partial(self._waiting, now))

    async def claim(self, work: Callable[[], Sequence[Job]]) -> Sequence[Job]:
        """Claim; nothing if the database refuses, and it is asked again soon."""
        return await self._try_run(work)

    async def _try_run(self, work: Callable[[], Sequence[T]]) -> Sequence[T]:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.executor, work)
        except Exception as error:  # noqa: BLE001 - the claim of all lanes tells of it
            log.debug("urgent claim failed", extra={"error": type(error).__name__})
            return ()

    def _waiting(self, now: datetime) -> Sequence[Channel]:
        with self.read_uow() as uow:
            return [
                channel
                for channel in (Channel.SMS, Channel.VOICE)
                if uow.queue.has_due(channel, lanes=URGENT_LANES, now=now)
            ]
