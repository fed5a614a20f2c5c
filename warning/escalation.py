"""From a text that nobody answered to a call.

A plan is an order of steps: on which channel, and how long after the step before. Who
has confirmed is left in peace; who could not be reached on one channel is tried on the
next at once. Nobody need answer an all-clear: of it only a failure is followed up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from telephony.delivery import Channel, NewDelivery
from warning.alert import AlertCase, AlertId, AlertState
from warning.ports import UnitOfWork
from warning.recipients import EscalationCandidate
from warning.schedule import NO_QUIET, QuietHours, may_disturb_at
from warning.validity import valid_until

log = logging.getLogger(__name__)

#: Deliveries written in one transaction.
CHUNK = 2_000
#: Longer than any step waits.
_FOR_EVER = timedelta(days=3650)


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationStep:
    """One way to reach a person, and when it is that way's turn."""

    channel: Channel
    #: How long the step before may stay unconfirmed.
    after: timedelta


@dataclass(frozen=True, slots=True)
class EscalationPlan:
    """Steps in order; the first is taken at once."""

    steps: tuple[EscalationStep, ...]

    def of(self, case: AlertCase) -> EscalationPlan:
        """The same for every alert."""
        del case
        return self


class PlanChoice(Protocol):
    """Chooses a plan for an alert; a plan chooses itself."""

    def of(self, case: AlertCase) -> EscalationPlan:
        """The plan of an alert."""
        ...


def text_then_call(after: timedelta) -> EscalationPlan:
    """A text first, a call to those who have not confirmed ``after`` that."""
    return EscalationPlan(
        (
            EscalationStep(channel=Channel.SMS, after=timedelta(0)),
            EscalationStep(channel=Channel.VOICE, after=after),
        )
    )


class Escalation:
    """Queue the next step for everybody whose time has come.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    plan : PlanChoice
        What comes after what.
    now : callable
        Aware UTC.
    quiet : QuietHours, optional
        When nobody is called because of something minor.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        plan: PlanChoice,
        now: Callable[[], datetime],
        quiet: QuietHours = NO_QUIET,
    ) -> None:
        self._new_uow = new_uow
        self._plan = plan
        self._now = now
        self._quiet = quiet

    def run_once(self) -> int:
        """Queue what is due in every live alert; return how many deliveries.

        An alert for which nothing can be queued does not hold up the others.
        """
        with self._new_uow() as uow:
            live = uow.alerts.all(states=[AlertState.LIVE])
        return sum(
            self._try_step(case, before, step)
            for case in live
            for before, step in pairwise(self._plan.of(case).steps)
        )

    def is_exhausted(self, uow: UnitOfWork, case: AlertCase) -> bool:
        """Whether nobody of an alert is left for whom a step is still to come."""
        now = self._now()
        return not any(
            uow.alerts.to_escalate(
                case.alert_id,
                from_channel=before.channel,
                to_channel=step.channel,
                sent_before=now + _FOR_EVER,
                now=now,
                limit=1,
            )
            for before, step in pairwise(self._plan.of(case).steps)
        )

    def _try_step(
        self, case: AlertCase, before: EscalationStep, step: EscalationStep
    ) -> int:
        try:
            return self._step(case.alert_id, before, step)
        except Exception:
            log.exception("nobody was escalated", extra={"alert": case.alert_id})
            return 0

    def _step(
        self, alert_id: AlertId, before: EscalationStep, step: EscalationStep
    ) -> int:
        """One step for one alert, as many as one transaction takes."""
        now = self._now()
        with self._new_uow() as uow:
            case = uow.alerts.get_for_update(alert_id)
            if case.state is not AlertState.LIVE or now >= valid_until(case):
                return 0
            if case.is_paused or self._disturbs(case, now):
                return 0
            due = uow.alerts.to_escalate(
                alert_id,
                from_channel=before.channel,
                to_channel=step.channel,
                sent_before=now - step.after,
                now=now,
                limit=CHUNK,
            )
            if not due:
                return 0
            n = uow.outbox.enqueue(_deliveries(case, due, step.channel, now))
            uow.commit()
            return n

    def _disturbs(self, case: AlertCase, now: datetime) -> bool:
        """Whether people sleep, and this can wait until morning."""
        severities = {info.severity for info in case.cap.infos}
        until = valid_until(case)
        if case.kind.is_closing:
            return False
        return may_disturb_at(severities, now, until=until, quiet=self._quiet) > now


def _deliveries(
    case: AlertCase,
    due: Sequence[EscalationCandidate],
    channel: Channel,
    now: datetime,
) -> list[NewDelivery]:
    """The same words to the same people, on another channel and no later."""
    return [
        NewDelivery(
            owner_ref=case.owner_ref,
            recipient_id=person.subscriber_id,
            phone=person.phone,
            channel=channel,
            content_id=person.content_id,
            lane=case.lane,
            position=person.position,
            not_before=now,
            deadline=person.deadline,
        )
        for person in due
    ]
