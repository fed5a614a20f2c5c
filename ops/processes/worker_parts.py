"""What the worker runs, put together from the services and the settings."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from ops.processes.membership import Membership
from ops.processes.single_instance import database_file
from ops.wiring.alert_parts import quiet_hours_of
from ops.wiring.carriers import build_pool
from ops.wiring.case_parts import keywords
from ops.wiring.incoming_calls import CallsInTurn
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
    from ops.config.settings import Settings
    from ops.ports import UnitOfWork
    from ops.wiring.services import Services
    from telephony.sending.carriers import CarrierPool


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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ground:
    """What several of the parts stand on."""

    services: Services
    rng: random.Random
    #: Runs the transactions of sending.
    executor: ThreadPoolExecutor
    #: Runs those that go ahead of them.
    urgent: ThreadPoolExecutor
    pool: CarrierPool
    retry: RetryPolicy
    strikes: StrikeCounter
    listeners: Listeners[UnitOfWork]
    verdicts: Verdicts


def build_parts(
    services: Services,
    *,
    rng: random.Random,
    executor: ThreadPoolExecutor,
    urgent: ThreadPoolExecutor,
) -> WorkerParts:
    """Put the parts together, on the loop that runs now.

    Parameters
    ----------
    services : Services
    rng : random.Random
        Chance, for the jitter of retries.
    executor, urgent : ThreadPoolExecutor
        Run the transactions of sending, and those that go ahead of them.
    """
    ground = _ground(services, rng, executor, urgent)
    sender = _sender(ground)
    return WorkerParts(
        pool=ground.pool,
        sender=sender,
        reconciler=_reconciler(ground),
        folder=_folder(ground),
        planner=_planner(services),
        readmission=_readmission(services),
        repeater=_repeater(services),
        listeners=ground.listeners,
        strikes=ground.strikes,
        membership=_membership(ground, sender),
    )


def _ground(
    services: Services,
    rng: random.Random,
    executor: ThreadPoolExecutor,
    urgent: ThreadPoolExecutor,
) -> _Ground:
    settings, now = services.settings, services.clock.now
    retry = retry_policy(settings)
    strikes = StrikeCounter(rest_policy(settings), now=now)
    verdicts = Verdicts(
        retry=retry, heard_after_s=settings.heard_after_s, now=now, rng=rng
    )
    return _Ground(
        services=services,
        rng=rng,
        executor=executor,
        urgent=urgent,
        pool=build_pool(settings, services.clock),
        retry=retry,
        strikes=strikes,
        listeners=_listeners(services, strikes),
        verdicts=verdicts,
    )


def _listeners(services: Services, strikes: StrikeCounter) -> Listeners[UnitOfWork]:
    return Listeners(
        {
            OWNER_PREFIX: WarningListener(now=services.clock.now, strikes=strikes),
            CASE_PREFIX: services.cases.listener,
            REACH_PREFIX: services.cases.reachability,
            RECORDING_PREFIX: services.voice.recording_calls,
            HELP_PREFIX: services.voice.call_backs,
        }
    )


def _folder(ground: _Ground) -> EventFolder[UnitOfWork]:
    services = ground.services
    database, clock = services.database, services.clock
    return EventFolder(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        listeners=ground.listeners,
        texts=InboundTexts(now=clock.now),
        meaning_of=Replies(keywords()),
        verdicts=ground.verdicts,
        now=clock.now,
        on_fault=_on_loop(ground.pool.fault),
        life=ground.strikes,
        first=[services.cases.texts, services.citizens.texts],
        calls=CallsInTurn(services.cases.calls, services.citizens.calls),
        language_of=services.citizens.texts.language_of,
        ends_for=(RECORDING_PREFIX, HELP_PREFIX),
    )


def _sender(ground: _Ground) -> DeliverySender[UnitOfWork]:
    services, settings = ground.services, ground.services.settings
    database, clock = services.database, services.clock
    return DeliverySender(
        new_uow=partial(database.unit_of_work, Precedence.SENDING),
        read_uow=database.read_only,
        pool=ground.pool,
        urls=CallbackUrls(settings.callback_url),
        listeners=ground.listeners,
        reporter=OutcomeReporter(retry=ground.retry, now=clock.now, rng=ground.rng),
        executor=ground.executor,
        now=clock.now,
        monotonic=clock.monotonic,
        urgent=UrgentPath(
            new_uow=partial(database.unit_of_work, Precedence.URGENT),
            read_uow=database.read_only,
            executor=ground.urgent,
        ),
    )


def _reconciler(ground: _Ground) -> Reconciler[UnitOfWork]:
    services, settings = ground.services, ground.services.settings
    database, clock = services.database, services.clock
    return Reconciler(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        pool=ground.pool,
        listeners=ground.listeners,
        verdicts=ground.verdicts,
        executor=ground.executor,
        now=clock.now,
        options=ReconcileOptions(
            unknown_after=timedelta(seconds=settings.unknown_after_s),
            silent_after=timedelta(seconds=settings.silent_after_s),
        ),
    )


def _planner(services: Services) -> Planner:
    database, settings = services.database, services.settings
    return Planner(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        area_of=lambda ids: services.registry.latest().area_of(ids),
        country_language=settings.default_language,
        now=services.clock.now,
        manners=services.texts.manners,
        finding=lambda: finding_in(services.registry.latest()),
    )


def _readmission(services: Services) -> Readmission:
    database = services.database
    return Readmission(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        audiences=services.alert_audiences,
        now=services.clock.now,
    )


def _repeater(services: Services) -> Repeater:
    database = services.database
    return Repeater(
        new_uow=database.unit_of_work,
        read_uow=database.read_only,
        now=services.clock.now,
        quiet=quiet_hours_of(services.settings),
    )


def _membership(ground: _Ground, sender: DeliverySender[UnitOfWork]) -> Membership:
    services, clock = ground.services, ground.services.clock
    return Membership(
        database=services.database,
        pool=ground.pool,
        trouble=lambda: sender.trouble,
        now=clock.now,
        compare_clocks=clock.compare,
        is_only=database_file(services.settings) is not None,
    )


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
