"""Attempts whose end nobody knows: asked about before anything is made again.

Two kinds. *Unresolved*: written down, and then the answer was lost, by a crash or a
broken connection; the carrier may or may not have it. A callback that carries the
attempt's id settles it without us; otherwise the carrier's own list does, and only when
both are silent is the attempt made again. *Silent*: the carrier has it and never
reported; it is asked for the state.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from telephony.carriers import Carrier, CarrierPool
from telephony.delivery import AttemptReport, AttemptState, Channel, OpenAttempt
from telephony.errors import CarrierUnavailableError
from telephony.gateway import CarrierRecord
from telephony.listeners import Listeners
from telephony.ports import UnitOfWork
from telephony.statuses import carrier_status

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")

#: Carriers' clocks and ours may differ by this much.
CLOCK_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconcileOptions:
    """How long to wait for news, and how much to ask at once."""

    #: A callback may still settle an unknown outcome within this time.
    unknown_after: timedelta = timedelta(seconds=15)
    #: What the carrier has taken and not reported on for this long is asked about.
    silent_after: timedelta = timedelta(minutes=10)
    #: Attempts in one round.
    limit: int = 200
    #: Questions to carriers at once.
    at_once: int = 16


class Reconciler(Generic[U]):
    """Find out what became of attempts, from the carriers.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    pool : CarrierPool
    listeners : Listeners
        Told in the transaction that records.
    failure_report : callable
        Attempt, carrier's word, code → the report of a failure that the carrier names.
    executor : Executor
        Transactions run on it.
    now : callable
        Aware UTC.
    options : ReconcileOptions
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        read_uow: Callable[[], U],
        pool: CarrierPool,
        listeners: Listeners[U],
        failure_report: Callable[[OpenAttempt, str, str | None], AttemptReport],
        executor: Executor,
        now: Callable[[], datetime],
        options: ReconcileOptions | None = None,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._pool = pool
        self._listeners = listeners
        self._failure_report = failure_report
        self._executor = executor
        self._now = now
        self._options = options or ReconcileOptions()
        #: (carrier, its id) that this round has given to an attempt.
        self._taken: set[tuple[str, str]] = set()

    async def resolve_once(self) -> int:
        """Settle attempts whose answer was lost; return how many were settled."""
        self._taken.clear()
        attempts = await self._on_thread(self._unresolved)
        return await self._settle(attempts, self._resolve)

    async def poll_once(self) -> int:
        """Ask about attempts that stay silent; return how many had news."""
        attempts = await self._on_thread(self._silent)
        n = await self._settle(attempts, self._poll)
        if attempts:
            await self._on_thread(lambda: self._mark_polled(attempts))
        return n

    async def _settle(
        self,
        attempts: Sequence[OpenAttempt],
        ask: Callable[[OpenAttempt], Coroutine[object, object, AttemptReport | None]],
    ) -> int:
        slots = asyncio.Semaphore(self._options.at_once)

        async def ask_in_turn(attempt: OpenAttempt) -> AttemptReport | None:
            async with slots:
                try:
                    return await ask(attempt)
                except CarrierUnavailableError:
                    return None  # the question stays open

        answers = await asyncio.gather(*(ask_in_turn(one) for one in attempts))
        reports = [answer for answer in answers if answer is not None]
        if reports:
            await self._on_thread(lambda: self._record(reports))
            log.info("attempts settled", extra={"n": len(reports)})
        return len(reports)

    async def _resolve(self, attempt: OpenAttempt) -> AttemptReport | None:
        """Look for an attempt in the lists of every carrier that may have it."""
        for carrier in self._candidates(attempt):
            records = await self._listed(carrier, attempt)
            known = await self._known(carrier.name, records)
            for record in records:
                # No await between asking and taking: two attempts to one number
                # must not both find the same message.
                key = (carrier.name, record.carrier_ref)
                if record.carrier_ref not in known and key not in self._taken:
                    self._taken.add(key)
                    return self._report(attempt, carrier.name, record)
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.NOT_SENT,
            at=self._now(),
            code="never_taken",
            retry_at=self._now(),
        )

    async def _poll(self, attempt: OpenAttempt) -> AttemptReport | None:
        carrier = self._pool.named(attempt.carrier or "")
        if carrier is None or attempt.carrier_ref is None:
            return None
        is_call = attempt.channel is Channel.VOICE
        fetch = carrier.gateway.fetch_call if is_call else carrier.gateway.fetch_message
        record = await fetch(attempt.carrier_ref)
        return self._report(attempt, carrier.name, record) if record else None

    def _candidates(self, attempt: OpenAttempt) -> Sequence[Carrier]:
        known = self._pool.named(attempt.carrier) if attempt.carrier else None
        if known is not None:
            return [known]
        return self._pool.serving(attempt.phone, attempt.channel)

    @staticmethod
    async def _listed(
        carrier: Carrier, attempt: OpenAttempt
    ) -> Sequence[CarrierRecord]:
        since = attempt.intended_at - CLOCK_SKEW
        if attempt.channel is Channel.VOICE:
            return await carrier.gateway.calls_to(attempt.phone, since=since)
        return await carrier.gateway.messages_to(attempt.phone, since=since)

    def _report(
        self, attempt: OpenAttempt, carrier: str, record: CarrierRecord
    ) -> AttemptReport:
        """What the carrier's own record says of an attempt."""
        status = carrier_status(attempt.channel, record.status)
        if status.state is AttemptState.FAILED:
            report = self._failure_report(attempt, record.status, record.error_code)
            return replace(report, carrier=carrier, carrier_ref=record.carrier_ref)
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=status.state or AttemptState.ACCEPTED,
            at=self._now(),
            carrier=carrier,
            carrier_ref=record.carrier_ref,
            duration_s=record.duration_s,
        )

    def _unresolved(self) -> Sequence[OpenAttempt]:
        now = self._now()
        with self._read_uow() as uow:
            return uow.queue.unresolved(
                now=now,
                unknown_before=now - self._options.unknown_after,
                limit=self._options.limit,
            )

    def _silent(self) -> Sequence[OpenAttempt]:
        with self._read_uow() as uow:
            return uow.queue.silent(
                accepted_before=self._now() - self._options.silent_after,
                limit=self._options.limit,
            )

    async def _known(
        self, carrier: str, records: Sequence[CarrierRecord]
    ) -> frozenset[str]:
        """Which of the carrier's records already belong to an attempt."""
        refs = [record.carrier_ref for record in records]

        def look() -> frozenset[str]:
            with self._read_uow() as uow:
                return uow.queue.known_refs(carrier, refs)

        return await self._on_thread(look) if refs else frozenset()

    def _mark_polled(self, attempts: Sequence[OpenAttempt]) -> None:
        with self._new_uow() as uow:
            uow.queue.mark_polled([a.attempt_id for a in attempts], now=self._now())
            uow.commit()

    def _record(self, reports: Sequence[AttemptReport]) -> None:
        with self._new_uow() as uow:
            self._listeners.tell(uow, uow.queue.apply(reports))
            uow.commit()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
