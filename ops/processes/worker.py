"""The worker: one process that sends, hears what came back, and keeps the time.

Everything it knows is in rows, so it may be killed at any line: whoever starts next
goes on where it stood.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ops.processes.membership import BEAT_S
from ops.processes.warming import warm_up
from ops.processes.worker_parts import WorkerParts, build_parts
from ops.scheduler import Job, build_scheduler
from ops.wiring.case_parts import case_jobs
from ops.wiring.citizen_services import citizen_jobs
from ops.wiring.services import build_escalation
from ops.wiring.source_jobs import source_jobs
from ops.wiring.voice_services import voice_jobs
from telephony.sending.listeners import Listeners
from warning.strikes import StrikeCounter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.ports import UnitOfWork
    from ops.processes.geofence_process import GeofenceProcess
    from ops.wiring.services import Services

log = logging.getLogger(__name__)

#: How often the registry is brought up to date for whoever asks it next, seconds. Who
#: cannot wait does so itself; a process for each STOP would cost more than it saves.
FOLLOW_S = 15
#: What is loaded ahead is waited for as long, seconds. It takes less than one, but
#: minutes for millions of people whose registry is not there: then it goes on beside
#: the work.
WARM_S = 10.0


class Worker:
    """Runs until it is told to stop.

    Parameters
    ----------
    services : Services
    rng : random.Random
        Chance, for the jitter of retries.
    geofence : GeofenceProcess
        Where the services' registry is asked who is inside.
    """

    def __init__(
        self, services: Services, *, rng: random.Random, geofence: GeofenceProcess
    ) -> None:
        self._services = services
        self._rng = rng
        self._geofence = geofence

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until ``stop`` is set, or SIGTERM or SIGINT comes."""
        stop, services = stop or _stop_by_signal(), self._services
        with (
            ThreadPoolExecutor(1, thread_name_prefix="sender-db") as executor,
            ThreadPoolExecutor(1, thread_name_prefix="urgent-db") as urgent,
        ):
            parts = build_parts(
                services, rng=self._rng, executor=executor, urgent=urgent
            )
            warming = asyncio.create_task(
                warm_up(
                    self._geofence.load,
                    services.registry.latest,
                    services.cases.engine.rehearse,
                )
            )
            # Before the first sign of life, which says that it is ready for an alert.
            await asyncio.wait([warming], timeout=WARM_S)
            await parts.membership.join()
            scheduler = build_scheduler(self._jobs(parts), on_failure=_log_failure)
            scheduler.start()
            log.info("worker started")
            try:
                await parts.sender.run(stop)
            finally:
                scheduler.shutdown(wait=False)
                warming.cancel()
                await parts.membership.leave()
                await parts.pool.aclose()
        log.info("worker stopped")

    def _jobs(self, parts: WorkerParts) -> Sequence[Job]:
        services, settings = self._services, self._services.settings
        escalation = build_escalation(
            settings,
            services.database,
            services.clock,
            plan=services.escalation_rules.book,
        )
        poll_s = min(30.0, settings.silent_after_s / 2)
        return [
            Job(name="plan audiences", every_s=0.1, run=parts.planner.run_once),
            Job(
                name="collect callbacks",
                every_s=0.1,
                run=services.database.collect_callbacks,
            ),
            Job(name="fold callbacks", every_s=0.1, run=parts.folder.run_once),
            Job(name="fold tallies", every_s=1, run=services.database.fold_tallies),
            Job(name="carry over", every_s=0.25, run=services.database.carry_over),
            Job(name="escalate", every_s=1, run=escalation.run_once),
            Job(
                name="expire deliveries",
                every_s=1,
                run=lambda: self._expire(parts.listeners),
            ),
            Job(name="follow people", every_s=FOLLOW_S, run=services.registry.refresh),
            Job(name="geofence", every_s=5, run=self._geofence.revive),
            Job(name="start alerts", every_s=1, run=services.alerts.start_due),
            Job(name="tell after all", every_s=1, run=parts.readmission.run_once),
            Job(name="tell again", every_s=1, run=parts.repeater.run_once),
            Job(name="end alerts", every_s=5, run=services.alerts.end_expired),
            Job(name="resolve", every_s=5, run=parts.reconciler.resolve_once),
            Job(name="poll", every_s=poll_s, run=parts.reconciler.poll_once),
            Job(name="wake numbers", every_s=60, run=lambda: self._wake(parts.strikes)),
            Job(name="heartbeat", every_s=BEAT_S, run=parts.membership.beat),
            *source_jobs(services),
            *case_jobs(services.cases),
            *citizen_jobs(
                services.citizens, settings, services.database, services.clock
            ),
            *voice_jobs(services.voice),
        ]

    def _expire(self, listeners: Listeners[UnitOfWork]) -> int:
        with self._services.database.unit_of_work() as uow:
            news = uow.outbox.expire(now=self._services.now())
            if news:
                listeners.tell(uow, news)
                uow.commit()
        return len(news)

    def _wake(self, strikes: StrikeCounter) -> int:
        with self._services.database.unit_of_work() as uow:
            n = strikes.wake(uow)
            if n:
                uow.commit()
        return n


def _stop_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _log_failure(job: str, error: Exception) -> None:
    log.error("job failed", extra={"job": job}, exc_info=error)
