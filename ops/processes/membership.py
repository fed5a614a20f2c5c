"""A worker among workers: its signs of life, its part of every pace, what it is told.

Who gave a sign of life lately lives. Each worker reads the others' with its own, takes
its part of the carriers accordingly, and waits before its first message until the
others must have made room for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ops.health import CLOCK, SENDING, SILENCE, WORKER_PREFIX, clock_trouble
from telephony.sending.sharing import Share

if TYPE_CHECKING:
    from ops.ports import Database
    from telephony.sending.carriers import CarrierPool

log = logging.getLogger(__name__)

#: How often a worker gives a sign of life, seconds.
BEAT_S = 2.0
#: How long a worker that is not alone waits before it sends, seconds: by then each of
#: the others has seen it, also one whose sign of life came late once.
JOIN_S = 2.5 * BEAT_S


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look at the database showed."""

    alive: frozenset[int]
    resumed: tuple[str, ...]


class Membership:
    """One worker's place among all that work on a database.

    Parameters
    ----------
    database : Database
    pool : CarrierPool
        Takes its part; belongs to the event loop on which this is used.
    trouble : callable
        One sentence on why nothing leaves although a worker runs; empty if all is well.
    now : callable
        Aware UTC.
    compare_clocks : callable
        How far the machine's clock is ahead of the one that ``now`` goes by; looking at
        it sets ``now``.
    is_only : bool
        Whether nobody else can work on this database, so that a sign of life that is
        still warm is that of somebody who died.
    wait : callable
        Returns when that many seconds have passed.
    """

    def __init__(
        self,
        *,
        database: Database,
        pool: CarrierPool,
        trouble: Callable[[], str],
        now: Callable[[], datetime],
        compare_clocks: Callable[[], timedelta] = timedelta,
        is_only: bool = False,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._pool = pool
        self._trouble = trouble
        self._now = now
        self._compare_clocks = compare_clocks
        self._is_only = is_only
        self._wait = wait
        self._me = 0
        self._looked_at = now()

    async def join(self) -> None:
        """Give the first sign of life; return when it is our turn to send."""
        # Before anything is read off the clock: who lives, and whose claim has ended.
        await asyncio.to_thread(self._compare_clocks)
        self._me = await asyncio.to_thread(self._new_number)
        await self.beat()
        if self._pool.share.alive != {self._me}:
            log.info("sharing the carriers", extra={"part": self._pool.share.part})
            await self._wait(JOIN_S)

    async def beat(self) -> int:
        """Give a sign of life, and act upon those of others and on operators' words."""
        ahead = await asyncio.to_thread(self._compare_clocks)
        facts = dict.fromkeys(self._pool.names, "") | self._pool.alarms()
        if trouble := clock_trouble(ahead):
            facts[CLOCK] = trouble
        if trouble := self._trouble():
            facts[SENDING] = trouble
        asked_at = self._now()
        seen = await asyncio.to_thread(self._exchange, facts, asked_at)
        self._looked_at = asked_at
        self._pool.take_part(Share(me=self._me, alive=seen.alive))
        for name in seen.resumed:
            carrier = self._pool.named(name)
            if carrier is not None:
                carrier.resume()
                log.info("carrier resumed", extra={"carrier": name})
        return 0

    async def leave(self) -> None:
        """Let the others have our part at once."""
        try:
            await asyncio.to_thread(self._say_gone)
        except Exception:
            log.exception("not signed off; the others take our part a little later")

    def _new_number(self) -> int:
        with self._database.unit_of_work() as uow:
            number = uow.heartbeats.new_number()
            before = self._now() + (SILENCE if self._is_only else -SILENCE)
            uow.heartbeats.forget(prefix=WORKER_PREFIX, before=before)
            uow.commit()
        return number

    def _exchange(self, facts: Mapping[str, str], now: datetime) -> _Seen:
        with self._database.unit_of_work() as uow:
            uow.heartbeats.beat(self._name, now=now, facts=facts)
            alive = uow.heartbeats.since(now - SILENCE, prefix=WORKER_PREFIX)
            # A little back: another machine's clock may be behind ours.
            resumed = uow.carrier_resumes.since(
                self._looked_at - timedelta(seconds=BEAT_S)
            )
            uow.commit()
        numbers = {int(name.removeprefix(WORKER_PREFIX)) for name in alive}
        return _Seen(frozenset(numbers | {self._me}), tuple(resumed))

    def _say_gone(self) -> None:
        with self._database.unit_of_work() as uow:
            uow.heartbeats.gone(self._name)
            uow.commit()

    @property
    def _name(self) -> str:
        return f"{WORKER_PREFIX}{self._me}"
