"""Writing down what carriers answered: what has gathered, a portion at a time.

What is not written yet is kept here; what the database refuses is tried again. What
still is not written when the worker ends is reconciled by the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

from telephony.portions import Portion
from telephony.ports import UnitOfWork
from telephony.sending.apart import write_apart
from telephony.sending.listeners import Listeners
from telephony.sending.outcomes import Outcome, OutcomeReporter, strange_answers

log = logging.getLogger(__name__)

U = TypeVar("U", bound=UnitOfWork)

#: Answers written down in one transaction.
_LEAST, _FIRST, _MOST = 50, 100, 1_000


class OutcomeRecorder(Generic[U]):
    """Records outcomes of attempts while it runs.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    listeners : Listeners
        Told in the transaction that records.
    reporter : OutcomeReporter
        Says what each answer means.
    executor : Executor
        Transactions run on it.
    on_recorded : callable
        Told of each outcome, on the event loop, when the rows know it.
    wait : callable
        Returns when that many seconds have passed.
    monotonic : callable
        Seconds that only grow.
    trouble_s : float
        Pause after the database refused, seconds.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        listeners: Listeners[U],
        reporter: OutcomeReporter,
        executor: Executor,
        on_recorded: Callable[[Outcome], None],
        wait: Callable[[float], Awaitable[None]],
        monotonic: Callable[[], float],
        trouble_s: float,
    ) -> None:
        self._new_uow = new_uow
        self._listeners = listeners
        self._reporter = reporter
        self._executor = executor
        self._on_recorded = on_recorded
        self._wait = wait
        self._monotonic = monotonic
        self._trouble_s = trouble_s
        self._portion = Portion(first=_FIRST, least=_LEAST, most=_MOST)
        self._waiting: list[Outcome] = []
        self._has_news = asyncio.Event()
        self._is_ending = False
        #: One sentence while the database refuses; empty if it does not.
        self.trouble = ""

    def add(self, outcome: Outcome) -> None:
        """Take an outcome to be recorded soon."""
        self._waiting.append(outcome)
        self._has_news.set()

    def end(self) -> None:
        """Let ``run`` return when it has recorded what waits, or could not."""
        self._is_ending = True
        self._has_news.set()

    async def run(self) -> None:
        """Record until told to end."""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            is_recorded = await self._try_record()
            if self._is_ending and not (is_recorded and self._waiting):
                return
            pause_s = 0.0 if is_recorded else self._trouble_s
            await self._wait(pause_s)
            if self._waiting:
                self._has_news.set()

    async def _try_record(self) -> bool:
        """Write down the oldest that have gathered; False if the database refuses."""
        batch = self._waiting[: self._portion.size]
        if not batch:
            return True
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._executor, self._write, batch)
        except Exception as error:
            log.exception("answers not recorded yet", extra={"n": len(batch)})
            self.trouble = standing_still(error)
            return False
        self.trouble = ""
        del self._waiting[: len(batch)]
        for outcome in batch:
            self._on_recorded(outcome)
        return True

    def _write(self, outcomes: Sequence[Outcome]) -> None:
        try:
            self._write_together(outcomes)
        except Exception:
            if len(outcomes) == 1:
                raise
            # What cannot be written although others can is left to reconciling.
            write_apart(outcomes, lambda one: self._write_together([one]))

    def _write_together(self, outcomes: Sequence[Outcome]) -> None:
        reports = [self._reporter.report(outcome) for outcome in outcomes]
        with self._new_uow() as uow:
            start = self._monotonic()
            news = list(uow.queue.apply(reports))
            news += [event for o in outcomes if (event := self._reporter.opt_out(o))]
            self._listeners.tell(uow, news)
            uow.strange_words.note(
                Counter(strange_answers(outcomes)), now=reports[0].at
            )
            uow.commit()
        self._portion.took(len(outcomes), self._monotonic() - start)


def standing_still(error: Exception) -> str:
    """What an operator is told when the database refuses what sending needs."""
    # A store's own sentence names no number; a defect's words might.
    cause = str(error) if isinstance(error, OSError) else type(error).__name__
    return f"Sending stands still and goes on by itself. {cause}"
