"""A live alert stands still, goes on, is sent for longer.

Holding takes one person and is undone by one: no word of the alert changes, and nobody
is told who was not approved to be (``docs/adr/0092-a-paused-alert-is-in-force.md``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from warning.alert import AlertCase, AlertId
from warning.errors import InvalidAlertError
from warning.ports import UnitOfWork
from warning.trail import note_step
from warning.validity import valid_until

#: Longer than this a danger is another one: write a new alert.
LONGEST = timedelta(days=30)


class Holding:
    """The use cases of pausing, resuming and extending.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    now : callable
        Aware UTC.
    """

    def __init__(
        self, *, new_uow: Callable[[], UnitOfWork], now: Callable[[], datetime]
    ) -> None:
        self._new_uow = new_uow
        self._now = now

    def pause(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Let nothing more of a live alert leave; it is in force all the same.

        What a carrier has goes on. What waits keeps its place and its deadline. Asked
        for twice, nothing more happens.

        Raises
        ------
        TransitionError
            If it is not live.
        """
        at = self._now()
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            case = before.pause(by, at)
            if case is not before:
                uow.alerts.save(case)
                n = uow.outbox.hold(case.owner_ref)
                note_step(
                    uow, case, "alert.pause", before=before.state, by=by, at=at, held=n
                )
                uow.commit()
        return case

    def resume(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Let a paused alert go on where it stood; one that goes on is left alone.

        Raises
        ------
        TransitionError
            If it is not live.
        """
        at = self._now()
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            case = before.resume()
            if before.is_paused:
                uow.alerts.save(case)
                n = uow.outbox.release(case.owner_ref, case.lane)
                note_step(
                    uow,
                    case,
                    "alert.resume",
                    before=before.state,
                    by=by,
                    at=at,
                    released=n,
                    paused_by=before.paused_by,
                )
                uow.commit()
        return case

    def extend(self, alert_id: AlertId, until: datetime, *, by: str) -> AlertCase:
        """Send a live alert until later than it says.

        The words stay as they were approved. Whoever is to be told of another time is
        told by an update.

        Parameters
        ----------
        until : datetime
            Aware; after its end as it is now, at most ``LONGEST`` from now.

        Raises
        ------
        TransitionError
            If it is not live.
        InvalidAlertError
            If the time is not later, or too late.
        """
        at = self._now()
        with self._new_uow() as uow:
            before = uow.alerts.get_for_update(alert_id)
            case = before.extend(until)
            was = valid_until(before)
            _require_later(until, was=was, at=at)
            uow.alerts.save(case)
            uow.outbox.prolong(case.owner_ref, until)
            note_step(
                uow,
                case,
                "alert.extend",
                before=before.state,
                by=by,
                at=at,
                was=was.isoformat(),
                until=until.isoformat(),
            )
            uow.commit()
        return case


def _require_later(until: datetime, *, was: datetime, at: datetime) -> None:
    """Let an end only be put off, and not for ever.

    Raises
    ------
    InvalidAlertError
        Saying which time would do.
    """
    if until <= was:
        raise InvalidAlertError(
            f"The alert is sent until {was.isoformat()} already; give a later time, or "
            "stop it."
        )
    if until > at + LONGEST:
        raise InvalidAlertError(
            f"{until.isoformat()} is more than {LONGEST.days} days away; write a new "
            "alert when the time comes."
        )
