"""Everything that is done with alerts, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from warning.approval.follow_ups import FollowUps
from warning.approval.going_live import GoingLive
from warning.approval.holding import Holding
from warning.approval.preview import Previews, SendingPace
from warning.approval.service import AlertService
from warning.audience.audience_maker import AudienceMaker
from warning.cap_documents.cap_gate import CapGate
from warning.intake.hearing import FallBack, Hearing
from warning.ports import UnitOfWork
from warning.registry.registry import Registry
from warning.schedule import NO_QUIET, QuietHours
from warning.texts.language_choice import LAST_RESORT
from warning.texts.manner import PLAINLY, Manners


def _no_carrier() -> SendingPace:
    return SendingPace(sms_per_s=0, calls_per_s=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertDesk:
    """The use cases of alerts, over one store and one clock."""

    alerts: AlertService
    follow_ups: FollowUps
    holding: Holding
    audiences: AudienceMaker
    previews: Previews


def alert_desk(
    *,
    new_uow: Callable[[], UnitOfWork],
    read_uow: Callable[[], UnitOfWork],
    registry: Callable[[], Registry],
    sender: str,
    now: Callable[[], datetime],
    quiet: QuietHours = NO_QUIET,
    pace: Callable[[], SendingPace] = _no_carrier,
    country_language: str = LAST_RESORT,
    manners: Manners = PLAINLY,
    gate: CapGate | None = None,
    hearing: Hearing | None = None,
) -> AlertDesk:
    """Put it together.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    registry : callable
        Everybody as arrays, as the database is now.
    sender : str
        Who our own alerts come from: a CAP sender, e.g. a host name.
    now : callable
        Aware UTC.
    quiet : QuietHours, optional
        When minor alerts wait.
    pace : callable, optional
        How fast the carriers take what we send.
    country_language : str, optional
        What people are told in whose own language an alert lacks.
    manners : Manners, optional
        How the installation puts things.
    gate : CapGate, optional
        Judges the documents of updates.
    hearing : Hearing, optional
        Judges whether calls are heard; by default they fall back without a word.
    """
    audiences = AudienceMaker(registry=registry, now=now)
    follow_ups = FollowUps(
        new_uow=new_uow, sender=sender, now=now, gate=gate, manners=manners
    )
    going_live = GoingLive(audiences=audiences, quiet=quiet, now=now)
    alerts = AlertService(
        new_uow=new_uow,
        read_uow=read_uow,
        audiences=audiences,
        going_live=going_live,
        follow_ups=follow_ups,
        now=now,
        hearing=hearing or FallBack(),
    )
    previews = Previews(
        read_uow=read_uow,
        audiences=audiences,
        going_live=going_live,
        pace=pace,
        country_language=country_language,
        manners=manners,
    )
    return AlertDesk(
        alerts=alerts,
        follow_ups=follow_ups,
        holding=Holding(new_uow=new_uow, now=now),
        audiences=audiences,
        previews=previews,
    )
