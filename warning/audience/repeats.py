"""Telling people again, as often as the alert says: all, or whoever has not confirmed.

A round is written out like the audience, chunk by chunk and each in its own commit.
Rounds that were missed are left out; only the newest is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from telephony.delivery import NewDelivery
from warning.alert import AlertCase, AlertId, AlertState
from warning.ports import UnitOfWork
from warning.recipients import TellAgain
from warning.retelling import told_again
from warning.schedule import NO_QUIET, QuietHours, RepeatTo, may_disturb_at
from warning.validity import valid_until

log = logging.getLogger(__name__)

#: People looked at in one transaction.
CHUNK = 5_000


class Repeater:
    """Queue the next round of every alert that has one due.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    quiet : QuietHours, optional
        When minor alerts are not told again.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
        quiet: QuietHours = NO_QUIET,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now
        self._quiet = quiet

    def run_once(self) -> int:
        """Write the next chunk of every round; return how many people were looked at.

        An alert that cannot be told again does not hold up the others.
        """
        with self._read_uow() as uow:
            live = uow.alerts.all(states=[AlertState.LIVE])
        return sum(
            self._try_round(case.alert_id) for case in live if self._is_due(case)
        )

    def _is_due(self, case: AlertCase) -> bool:
        now, schedule = self._now(), case.schedule
        if schedule.repeat_every is None or case.live_at is None or case.is_paused:
            return False
        if now >= valid_until(case):
            return False
        if schedule.repeat_until is not None and now > schedule.repeat_until:
            return False
        if schedule.round_at(now, live_at=case.live_at) == 0:
            return False
        severities = {info.severity for info in case.cap.infos}
        until = valid_until(case)
        return may_disturb_at(severities, now, until=until, quiet=self._quiet) == now

    def _try_round(self, alert_id: AlertId) -> int:
        try:
            with self._new_uow() as uow:
                n = self._write_chunk(uow, alert_id)
                uow.commit()
        except Exception:
            log.exception("nobody was told again", extra={"alert": alert_id})
            return 0
        return n

    def _write_chunk(self, uow: UnitOfWork, alert_id: AlertId) -> int:
        case = uow.alerts.get_for_update(alert_id)
        if case.state is not AlertState.LIVE or not case.live_at or case.is_paused:
            return 0
        if alert_id in uow.alerts.unplanned():
            return 0  # told for the first time before anybody is told again
        now = self._now()
        number, n_done = uow.alerts.round_of(alert_id)
        due = case.schedule.round_at(now, live_at=case.live_at)
        if due > number:
            number, n_done = due, 0
        ids = uow.alerts.members(alert_id, start=n_done, n=CHUNK)
        if not ids:
            return 0
        people = uow.alerts.to_repeat(
            alert_id, ids, is_for_all=case.schedule.repeat_to is RepeatTo.ALL
        )
        uow.outbox.enqueue(_deliveries(case, people, number, now))
        uow.alerts.set_round(alert_id, number, n_done + len(ids))
        return len(ids)


def _deliveries(
    case: AlertCase, people: Sequence[TellAgain], number: int, now: datetime
) -> list[NewDelivery]:
    """The same words on the same channel."""
    return [
        told_again(case, person, person.channel, number=number, now=now)
        for person in people
        if person.deadline > now
    ]
