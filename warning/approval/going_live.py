"""The moment from which people are reached: at approval, or when the time has come.

In one transaction the alert goes live, its audience is fixed, and the alert that it
follows stops: no one is told by both, and no one falls between them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.audience.audience_maker import AudienceMaker, Inside
from warning.ports import UnitOfWork
from warning.schedule import QuietHours, may_disturb_at
from warning.trail import note_step
from warning.validity import valid_until


class GoingLive:
    """Takes alerts live.

    Parameters
    ----------
    audiences : AudienceMaker
    quiet : QuietHours
        When minor alerts wait.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        audiences: AudienceMaker,
        quiet: QuietHours,
        now: Callable[[], datetime],
    ) -> None:
        self._audiences = audiences
        self._quiet = quiet
        self._now = now

    def starts_at(self, case: AlertCase) -> datetime:
        """When an alert goes live if it is approved now: aware, not in the past."""
        now = self._now()
        wanted = max(now, case.schedule.send_at or now)
        if case.kind.is_closing:
            return wanted
        return may_disturb_at(
            {info.severity for info in case.cap.infos},
            wanted,
            until=valid_until(case),
            quiet=self._quiet,
        )

    def step(
        self,
        uow: UnitOfWork,
        alert_id: AlertId,
        take: Callable[[AlertCase], AlertCase],
        inside: Inside,
        *,
        action: str,
        by: str,
    ) -> AlertCase:
        """Take a step by which an alert may go live; not committed.

        Parameters
        ----------
        take : callable
            The step; it is taken on the alert as it is in this transaction.
        inside : Inside
            Whoever is inside its area.
        action : str
            For the audit.

        Raises
        ------
        TransitionError
            If somebody else was faster, or has withdrawn what this follows.
        EmptyAudienceError
            If nobody would be told.
        """
        # From the oldest on, as everybody locks them.
        follows = uow.alerts.get(alert_id).follows
        older = None if follows is None else uow.alerts.get_for_update(follows)
        waiting = uow.alerts.get_for_update(alert_id)
        case, facts = take(waiting), {}
        if case.state is AlertState.LIVE:
            if older is not None:
                self._make_room(uow, case, older, by=by)
            audience = self._audiences.make(uow, case, inside)
            uow.alerts.set_audience(alert_id, audience)
            facts = {"affected": audience.n_affected, **audience.by_variant}
        uow.alerts.save(case)
        at = self._now()
        note_step(uow, case, action, before=waiting.state, by=by, at=at, **facts)
        return case

    def _make_room(
        self, uow: UnitOfWork, case: AlertCase, older: AlertCase, *, by: str
    ) -> None:
        at = self._now()
        closed = chain.make_room(uow, case, older, by=by, at=at)
        if closed.state is not older.state:
            facts = {"by_alert": case.alert_id}
            action = "alert.supersede"
            note_step(uow, closed, action, before=older.state, by=by, at=at, **facts)
