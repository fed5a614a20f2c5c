"""What operators do with alerts: plan, submit, approve, reject, cancel; how they end.

Each verb is one transaction with its audit entry in it. Whoever is inside is worked out
before the transaction opens, from the registry of people; only the result is written.
How alerts come in is told by ``intake``, how they stand by ``board``, and what follows
them by ``follow_ups``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from warning.alert import AlertCase, AlertId, AlertState, lists_ref
from warning.approval.follow_ups import FollowUps
from warning.approval.going_live import GoingLive
from warning.audience.audience_maker import AudienceMaker, require_reachable
from warning.errors import AlertError
from warning.intake.hearing import Hearing
from warning.intake.intake import require_sayable
from warning.intake.submitting import submitted
from warning.ports import UnitOfWork
from warning.schedule import Schedule
from warning.trail import note_step
from warning.validity import valid_until

log = logging.getLogger(__name__)

#: Who does what the clock does.
SYSTEM = "system"


class AlertService:
    """The use cases of public warning.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    audiences : AudienceMaker
    going_live : GoingLive
    follow_ups : FollowUps
        Prepares what people are told after a cancel.
    now : callable
        Aware UTC.
    hearing : Hearing
        Judges whether calls are heard in every language.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        audiences: AudienceMaker,
        going_live: GoingLive,
        follow_ups: FollowUps,
        now: Callable[[], datetime],
        hearing: Hearing,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._audiences = audiences
        self._going_live = going_live
        self._follow_ups = follow_ups
        self._now = now
        self._hearing = hearing

    def plan(self, alert_id: AlertId, schedule: Schedule, *, by: str) -> AlertCase:
        """Say when a draft is to be sent, and how often again.

        Raises
        ------
        InvalidAlertError
            If by these times something would never be sent.
        TransitionError
            If it is no draft: whoever approves it must know its times.
        """

        def step(case: AlertCase) -> AlertCase:
            until = valid_until(case)
            schedule.require_possible(now=self._now(), until=until)
            return case.plan(schedule)

        return self._change(alert_id, "alert.plan", by, step)

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Hand a draft to a second person.

        Raises
        ------
        EmptyAudienceError
            If nobody lives in its area.
        """
        case = self._get(alert_id)
        inside = self._audiences.inside(case)
        with self._read_uow() as uow:
            counts = self._audiences.concerned(uow, case, inside).counts
        require_reachable(case, counts)
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            at = self._now()
            case = submitted(uow, before, by=by, at=at)
            uow.alerts.save(case)
            note_step(
                uow,
                case,
                "alert.submit",
                before=before.state,
                by=by,
                at=at,
                texts_revision=case.texts_revision,
                rules_revision=case.rules_revision,
            )
            uow.commit()
        return case

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Send a submitted alert back to its author."""
        return self._change(alert_id, "alert.reject", by, lambda c: c.reject())

    def unheard(self, alert_id: AlertId) -> Sequence[str]:
        """Languages of an alert of which whoever approves must accept the fall-back."""
        return self._hearing.unheard(self._get(alert_id))

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        """Make an alert live: from here on, or from its time on, people are reached.

        The audience is fixed in the commit that makes the alert live. With
        ``accept_fallback`` calls may fall back on another language.

        Raises
        ------
        FourEyesError
            If ``by`` wrote or submitted it.
        EmptyAudienceError
            If nobody would be told.
        InvalidAlertError
            If its end is past.
        UnrecordedError
            If some would hear another language, and nobody accepted that.
        """
        case = self._get(alert_id)
        case.approve(by, self._now())  # refuse before the work is done
        require_sayable(case, now=self._now())
        if not accept_fallback:
            self._hearing.require(case)
        inside = self._audiences.inside(case)

        def step(waiting: AlertCase) -> AlertCase:
            starts_at = self._going_live.starts_at(waiting)
            return waiting.approve(by, self._now(), starts_at=starts_at)

        with self._new_uow() as uow:
            live = self._going_live.step(
                uow, alert_id, step, inside, action="alert.approve", by=by
            )
            uow.commit()
        return live

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Withdraw an alert; what has not left never will.

        One person may. What people are then told waits for a second one: a withdrawal,
        prepared and submitted, if anybody was told at all.
        """
        at = self._now()
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            case = before.cancel(by, at)
            uow.alerts.save(case)
            n = uow.outbox.cancel(case.owner_ref, now=at)
            uow.outbox.cancel(lists_ref(case.alert_id), now=at)
            note_step(
                uow,
                case,
                "alert.cancel",
                before=before.state,
                by=by,
                at=at,
                withdrawn=n,
            )
            if before.state is AlertState.LIVE:
                self._follow_ups.prepare_withdrawal(uow, case, by=by)
            uow.commit()
        return case

    def start_due(self) -> int:
        """Take live whatever is due, also if its time passed while nobody looked."""
        with self._read_uow() as uow:
            scheduled = uow.alerts.all(states=[AlertState.SCHEDULED])
        due = [c for c in scheduled if c.starts_at and c.starts_at <= self._now()]
        return sum(self._try_start(case) for case in due)

    def end_expired(self) -> int:
        """End the alerts whose time is over; return how many."""
        states = [AlertState.LIVE, AlertState.SCHEDULED]
        with self._read_uow() as uow:
            open_ones = uow.alerts.all(states=states)
        over = [case for case in open_ones if valid_until(case) <= self._now()]
        return sum(self._try_end(case.alert_id) for case in over)

    def _try_start(self, case: AlertCase) -> int:
        """Start one alert; one that cannot be started does not hold up the others."""
        if valid_until(case) <= self._now():
            return self._try_end(case.alert_id)
        try:
            self._start(case)
        except AlertError as error:
            return self._give_up(case.alert_id, str(error))
        except Exception:
            log.exception("alert not started", extra={"alert": case.alert_id})
            return 0
        return 1

    def _start(self, case: AlertCase) -> None:
        inside = self._audiences.inside(case)

        def step(scheduled: AlertCase) -> AlertCase:
            starts_at = self._going_live.starts_at(scheduled)
            return scheduled.start(self._now(), starts_at=starts_at)

        with self._new_uow() as uow:
            self._going_live.step(
                uow, case.alert_id, step, inside, action="alert.start", by=SYSTEM
            )
            uow.commit()

    def _give_up(self, alert_id: AlertId, reason: str) -> int:
        """Close an alert that can never start, with the reason in the audit."""
        log.error("alert cannot start", extra={"alert": alert_id, "reason": reason})
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            if before.state is not AlertState.SCHEDULED:
                return 0
            at = self._now()
            case = before.cancel(SYSTEM, at)
            uow.alerts.save(case)
            note_step(
                uow,
                case,
                "alert.cancel",
                before=before.state,
                by=SYSTEM,
                at=at,
                reason=reason,
            )
            uow.commit()
        return 1

    def _change(
        self,
        alert_id: AlertId,
        action: str,
        by: str,
        step: Callable[[AlertCase], AlertCase],
    ) -> AlertCase:
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            case = step(before)
            uow.alerts.save(case)
            at = self._now()
            note_step(uow, case, action, before=before.state, by=by, at=at)
            uow.commit()
        return case

    def _try_end(self, alert_id: AlertId) -> int:
        """End one alert; one that cannot be ended does not hold up the others."""
        try:
            with self._new_uow() as uow:
                before = uow.alerts.get_for_update(alert_id)
                if before.state not in {AlertState.LIVE, AlertState.SCHEDULED}:
                    return 0
                # What is queued is past its deadline: it never leaves, and expires
                # with a word to those whom it concerns.
                at = self._now()
                ended = before.end(at)
                uow.alerts.save(ended)
                action = "alert.end"
                note_step(uow, ended, action, before=before.state, by=SYSTEM, at=at)
                uow.commit()
        except Exception:
            log.exception("alert not ended", extra={"alert": alert_id})
            return 0
        return 1

    def _get(self, alert_id: AlertId) -> AlertCase:
        with self._read_uow() as uow:
            return uow.alerts.get(alert_id)
