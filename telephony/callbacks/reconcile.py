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
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from telephony.answerer import answerer_of
from telephony.callbacks.matching import Listed, Matches, match
from telephony.callbacks.questions import Group, Questions, list_of
from telephony.callbacks.verdicts import CarrierWord, Verdicts
from telephony.carriers.gateway import CarrierRecord
from telephony.delivery import (
    NEWS_END_AFTER,
    AttemptId,
    AttemptReport,
    AttemptState,
    Channel,
    OpenAttempt,
)
from telephony.ports import UnitOfWork
from telephony.sending.apart import write_apart
from telephony.sending.carrier import Carrier
from telephony.sending.carriers import CarrierPool
from telephony.sending.listeners import Listeners

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconcileOptions:
    """How long to wait for news, and how much to ask at once."""

    #: A callback may still settle an unknown outcome within this time.
    unknown_after: timedelta = timedelta(seconds=15)
    #: What the carrier has taken and not reported on for this long is asked about.
    silent_after: timedelta = timedelta(minutes=10)
    #: So long after an attempt, a carrier that cannot be asked is no longer waited for
    #: if another one can take the delivery: rather twice than never.
    patience: timedelta = timedelta(minutes=5)
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
    verdicts : Verdicts
        What a carrier's word comes to.
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
        verdicts: Verdicts,
        executor: Executor,
        now: Callable[[], datetime],
        options: ReconcileOptions | None = None,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._pool = pool
        self._listeners = listeners
        self._verdicts = verdicts
        self._executor = executor
        self._now = now
        self._options = options or ReconcileOptions()

    async def resolve_once(self) -> int:
        """Settle attempts whose answer was lost; return how many were settled."""
        attempts = await self._on_thread(self._unresolved)
        groups: dict[tuple[str, Channel], list[OpenAttempt]] = defaultdict(list)
        for attempt in attempts:
            groups[attempt.phone, attempt.channel].append(attempt)
        return await self._settle(list(groups.values()), self._resolve)

    async def poll_once(self) -> int:
        """Ask about attempts that stay silent; return how many had news."""
        attempts = await self._on_thread(self._silent)
        return await self._settle([[one] for one in attempts], self._poll)

    async def _settle(self, groups: Sequence[Group], ask: _Ask) -> int:
        """Ask about each group; what stays open goes to the end of the queue."""
        slots, questions = asyncio.Semaphore(self._options.at_once), Questions()

        async def ask_in_turn(group: Group) -> Sequence[AttemptReport]:
            async with slots:
                try:
                    return await ask(group, questions)
                except Exception as error:  # noqa: BLE001 - one must not stop the rest
                    _log_defect(error)
                    return []

        answers = await asyncio.gather(*map(ask_in_turn, groups))
        reports = [report for answer in answers for report in answer]
        asked = {attempt.attempt_id for group in groups for attempt in group}
        if asked:
            await self._on_thread(lambda: self._record(reports, asked))
            log.info("attempts asked about", extra={"settled": len(reports)})
        return len(reports)

    async def _resolve(
        self, group: Group, questions: Questions
    ) -> Sequence[AttemptReport]:
        """Look for attempts in the lists of every carrier that may have them."""
        listed: list[Listed] = []
        unanswered: set[str] = set()
        for carrier in {one for attempt in group for one in self._candidates(attempt)}:
            question = partial(list_of, carrier, group)
            records = await questions.ask(carrier.name, question)
            if records is None:
                unanswered.add(carrier.name)
                continue
            listed.extend(Listed(carrier=carrier.name, record=one) for one in records)
        new, texts = await self._on_thread(lambda: self._look_up(group, listed))
        matches = match(group, new, texts, now=self._now())
        reports = (self._resolved(one, matches, unanswered) for one in group)
        return [report for report in reports if report is not None]

    def _resolved(
        self, attempt: OpenAttempt, matches: Matches, unanswered: Set[str]
    ) -> AttemptReport | None:
        """What the lists say of one attempt; None while the question is open."""
        entry = matches.found.get(attempt.attempt_id)
        if entry is not None:
            return self._listed_report(attempt, entry)
        if attempt.attempt_id in matches.undecided:
            return None
        is_open = any(one.name in unanswered for one in self._candidates(attempt))
        if is_open and not self._is_beyond_waiting(attempt, unanswered):
            return None
        return AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.NOT_SENT,
            at=self._now(),
            code="never_taken",
            retry_at=self._now(),
        )

    def _listed_report(self, attempt: OpenAttempt, entry: Listed) -> AttemptReport:
        """The carrier has it, whatever its word for that."""
        return self._verdict(attempt, entry.carrier, entry.record) or AttemptReport(
            attempt_id=attempt.attempt_id,
            state=AttemptState.ACCEPTED,
            at=self._now(),
            carrier=entry.carrier,
            carrier_ref=entry.record.carrier_ref,
        )

    def _is_beyond_waiting(self, attempt: OpenAttempt, unanswered: Set[str]) -> bool:
        """Whether a carrier that cannot be asked is no longer waited for."""
        now = self._now()
        if now - attempt.intended_at < self._options.patience:
            return False
        return now >= attempt.deadline or any(
            self._pool.is_working(carrier, attempt.channel)
            for carrier in self._pool.serving(attempt.phone, attempt.channel)
            if carrier.name not in unanswered
        )

    async def _poll(
        self, group: Group, questions: Questions
    ) -> Sequence[AttemptReport]:
        (attempt,) = group
        carrier = self._pool.named(attempt.carrier or "")
        if carrier is None or attempt.carrier_ref is None:
            return []
        is_call = attempt.channel is Channel.VOICE
        fetch = carrier.gateway.fetch_call if is_call else carrier.gateway.fetch_message
        question = partial(fetch, attempt.carrier_ref)
        record = await questions.ask(carrier.name, question)
        report = record and self._verdict(attempt, carrier.name, record)
        return [report] if report else []

    def _candidates(self, attempt: OpenAttempt) -> Sequence[Carrier]:
        """Who may have it. One that is no longer configured cannot be asked."""
        if attempt.carrier is None:
            return self._pool.serving(attempt.phone, attempt.channel)
        known = self._pool.named(attempt.carrier)
        return [known] if known is not None else []

    def _verdict(
        self, attempt: OpenAttempt, carrier: str, record: CarrierRecord
    ) -> AttemptReport | None:
        said = CarrierWord(
            word=record.status,
            at=self._now(),
            carrier=carrier,
            carrier_ref=record.carrier_ref,
            code=record.error_code,
            duration_s=record.duration_s,
            answerer=answerer_of(record.answered_by),
        )
        report = self._verdicts.report(attempt, said)
        if report is None:
            log.warning("a state nobody knows", extra={"word": record.status[:32]})
        return report

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
                deadline_after=self._now() - NEWS_END_AFTER,
                limit=self._options.limit,
            )

    def _look_up(
        self, group: Group, listed: Sequence[Listed]
    ) -> tuple[Sequence[Listed], Mapping[AttemptId, str]]:
        """Entries that belong to no attempt yet, and what the attempts say."""
        if not listed:
            return [], {}
        with self._read_uow() as uow:
            known = {
                (carrier, ref)
                for carrier in {entry.carrier for entry in listed}
                for ref in uow.queue.known_refs(carrier, group[0].phone)
            }
            contexts = [uow.queue.call_context(one.attempt_id) for one in group]
        new = [
            one for one in listed if (one.carrier, one.record.carrier_ref) not in known
        ]
        texts = {one.attempt_id: one.content.sms_text for one in contexts if one}
        return new, texts

    def _record(self, reports: Sequence[AttemptReport], asked: Set[AttemptId]) -> None:
        """Write the news down; what is still open waits for its next turn."""
        lost: Sequence[AttemptReport] = ()
        try:
            self._write(reports)
        except Exception:
            if len(reports) <= 1:
                raise
            log.exception("news of attempts not written together")
            lost = write_apart(reports, lambda one: self._write([one]))
        still_open = asked - {one.attempt_id for one in reports if one not in lost}
        if still_open:
            with self._new_uow() as uow:
                uow.queue.mark_polled(sorted(still_open), now=self._now())
                uow.commit()

    def _write(self, reports: Sequence[AttemptReport]) -> None:
        if reports:
            with self._new_uow() as uow:
                self._listeners.tell(uow, uow.queue.apply(reports))
                uow.commit()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


_Ask = Callable[[Group, Questions], Awaitable[Sequence[AttemptReport]]]


def _log_defect(error: Exception) -> None:
    # Its kind only: the message may hold a telephone number.
    log.error("attempt not asked about", extra={"error": type(error).__name__})
