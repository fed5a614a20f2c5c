"""Everything that is done with alerts, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from warning.audience_maker import AudienceMaker
from warning.follow_ups import FollowUps
from warning.going_live import GoingLive
from warning.ports import UnitOfWork
from warning.registry import Registry
from warning.schedule import NO_QUIET, QuietHours
from warning.service import AlertService


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertDesk:
    """The use cases of alerts, over one store and one clock."""

    alerts: AlertService
    follow_ups: FollowUps
    audiences: AudienceMaker


def alert_desk(
    *,
    new_uow: Callable[[], UnitOfWork],
    read_uow: Callable[[], UnitOfWork],
    registry: Callable[[], Registry],
    sender: str,
    now: Callable[[], datetime],
    quiet: QuietHours = NO_QUIET,
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
    """
    audiences = AudienceMaker(registry=registry, now=now)
    follow_ups = FollowUps(new_uow=new_uow, sender=sender, now=now)
    alerts = AlertService(
        new_uow=new_uow,
        read_uow=read_uow,
        audiences=audiences,
        going_live=GoingLive(audiences=audiences, quiet=quiet, now=now),
        follow_ups=follow_ups,
        now=now,
    )
    return AlertDesk(alerts=alerts, follow_ups=follow_ups, audiences=audiences)
