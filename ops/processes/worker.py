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
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from ops.processes.membership import BEAT_S, Membership
from ops.processes.single_instance import database_file
from ops.processes.warming import warm_up
from ops.scheduler import Job, build_scheduler
from ops.wiring.alert_parts import quiet_hours_of
from ops.wiring.carriers import build_pool
from ops.wiring.case_parts import case_jobs, keywords
from ops.wiring.citizen_services import citizen_jobs
from ops.wiring.incoming_calls import CallsInTurn
from ops.wiring.services import build_escalation
from ops.wiring.source_jobs import source_jobs
from ops.wiring.voice_services import voice_jobs
from responders.case import OWNER_PREFIX as CASE_PREFIX
from responders.duty.reachability import OWNER_PREFIX as REACH_PREFIX
from telephony.callback_urls import CallbackUrls
from telephony.callbacks.folding import EventFolder, OnFault
from telephony.callbacks.reconcile import ReconcileOptions, Reconciler
from telephony.callbacks.replies import Replies
from telephony.callbacks.verdicts import Verdicts
from telephony.carriers.failures import Pace
from telephony.precedence import Precedence
from telephony.sending.listeners import Listeners
from telephony.sending.outcomes import OutcomeReporter
from telephony.sending.retry import DEFAULT_BACKOFFS, RetryPolicy
from telephony.sending.sender import DeliverySender
from telephony.sending.urgency import UrgentPath
from telephony.sound.recording_calls import OWNER_PREFIX as RECORDING_PREFIX
from warning.alert import OWNER_PREFIX
from warning.audience.planner import Planner, finding_in
from warning.audience.readmission import Readmission
from warning.audience.repeats import Repeater
from warning.citizens.call_backs import OWNER_PREFIX as HELP_PREFIX
from warning.citizens.inbound import InboundTexts
from warning.escalation.listener import WarningListener
from warning.strikes import RestPolicy, StrikeCounter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.config.settings import Settings
    from ops.ports import UnitOfWork
    from ops.processes.geofence_process import GeofenceProcess
    from ops.wiring.services import Services
    from telephony.sending.carriers import CarrierPool

log = logging.getLogger(__name__)

#: How often the registry is brought up to date for whoever asks it next, seconds. Who
#: cannot wait does so itself; a process for each STOP would cost more than it saves.
FOLLOW_S = 15
#: What is loaded ahead is waited for as long, seconds. It takes less than one, but
#: minutes for millions of people whose registry is not there: then it goes on beside
#: the work.
WARM_S = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerParts:
    """What the worker runs."""

    pool: CarrierPool
    sender: DeliverySender[UnitOfWork]
    reconciler: Reconciler[UnitOfWork]
    folder: EventFolder[UnitOfWork]
    planner: Planner
    repeater: Repeater
    readmission: Readmission
    listeners: Listeners[UnitOfWork]
    strikes: StrikeCounter
    membership: Membership


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
            parts = self._build(executor, urgent)
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

    def _build(
        self, executor: ThreadPoolExecutor, urgent: ThreadPoolExecutor
    ) -> WorkerParts:
        services, settings = self._services, self._services.settings
        database, clock = services.database, services.clock
        pool = build_pool(settings, clock)
        retry = retry_policy(settings)
        strikes = StrikeCounter(rest_policy(settings), now=clock.now)
        listeners: Listeners[UnitOfWork] = Listeners(
            {
                OWNER_PREFIX: WarningListener(now=clock.now, strikes=strikes),
                CASE_PREFIX: services.cases.listener,
                REACH_PREFIX: services.cases.reachability,
                RECORDING_PREFIX: services.voice.recording_calls,
                HELP_PREFIX: services.voice.call_backs,
            }
        )
        verdicts = Verdicts(
            retry=retry,
            heard_after_s=settings.heard_after_s,
            now=clock.now,
            rng=self._rng,
        )
        folder = EventFolder(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            listeners=listeners,
            texts=InboundTexts(now=clock.now),
            meaning_of=Replies(keywords()),
            verdicts=verdicts,
            now=clock.now,
            on_fault=_on_loop(pool.fault),
            life=strikes,
            first=[services.cases.texts, services.citizens.texts],
            calls=CallsInTurn(services.cases.calls, services.citizens.calls),
            language_of=services.citizens.texts.language_of,
            ends_for=(RECORDING_PREFIX, HELP_PREFIX),
        )
        sender = DeliverySender(
            new_uow=partial(database.unit_of_work, Precedence.SENDING),
            read_uow=database.read_only,
            pool=pool,
            urls=CallbackUrls(settings.callback_url),
            listeners=listeners,
            reporter=OutcomeReporter(retry=retry, now=clock.now, rng=self._rng),
            executor=executor,
            now=clock.now,
            monotonic=clock.monotonic,
            urgent=UrgentPath(
                new_uow=partial(database.unit_of_work, Precedence.URGENT),
                read_uow=database.read_only,
                executor=urgent,
            ),
        )
        reconciler = Reconciler(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            pool=pool,
            listeners=listeners,
            verdicts=verdicts,
            executor=executor,
            now=clock.now,
            options=ReconcileOptions(
                unknown_after=timedelta(seconds=settings.unknown_after_s),
                silent_after=timedelta(seconds=settings.silent_after_s),
            ),
        )
        planner = Planner(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            area_of=lambda ids: services.registry.latest().area_of(ids),
            country_language=settings.default_language,
            now=clock.now,
            manners=services.texts.manners,
            finding=lambda: finding_in(services.registry.latest()),
        )
        return WorkerParts(
            pool=pool,
            sender=sender,
            reconciler=reconciler,
            folder=folder,
            planner=planner,
            readmission=Readmission(
                new_uow=database.unit_of_work,
                read_uow=database.read_only,
                audiences=services.alert_audiences,
                now=clock.now,
            ),
            repeater=Repeater(
                new_uow=database.unit_of_work,
                read_uow=database.read_only,
                now=clock.now,
                quiet=quiet_hours_of(settings),
            ),
            listeners=listeners,
            strikes=strikes,
            membership=Membership(
                database=database,
                pool=pool,
                trouble=lambda: sender.trouble,
                now=clock.now,
                compare_clocks=clock.compare,
                is_only=database_file(settings) is not None,
            ),
        )

    def _jobs(self, parts: WorkerParts) -> Sequence[Job]:
        services, settings = self._services, self._services.settings
        escalation = build_escalation(settings, services.database, services.clock)
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


def rest_policy(settings: Settings) -> RestPolicy:
    """When a number rests, by the settings."""
    return RestPolicy(
        n_strikes=settings.strikes, rest=timedelta(days=settings.rest_days)
    )


def retry_policy(settings: Settings) -> RetryPolicy:
    """When to try again, by the settings."""
    return RetryPolicy(
        {
            Pace.SOON: DEFAULT_BACKOFFS[Pace.SOON],
            Pace.LATER: replace(
                DEFAULT_BACKOFFS[Pace.LATER],
                first_s=settings.retry_later_s,
                max_attempts=settings.sms_attempts,
            ),
            Pace.REDIAL: replace(
                DEFAULT_BACKOFFS[Pace.REDIAL],
                first_s=settings.retry_gap_s,
                max_attempts=settings.call_attempts,
            ),
        }
    )


def _on_loop(tell: OnFault) -> OnFault:
    """Let what is found on a thread be told on the event loop that runs now."""
    loop = asyncio.get_running_loop()

    def on_loop(*fault: Any) -> None:
        loop.call_soon_threadsafe(tell, *fault)

    return on_loop


def _stop_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _log_failure(job: str, error: Exception) -> None:
    log.error("job failed", extra={"job": job}, exc_info=error)
