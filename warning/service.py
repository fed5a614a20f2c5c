"""What operators do with alerts: submit, approve, reject, cancel; and how they end.

Each verb is one transaction with its audit entry in it. The audience is worked out
before the transaction opens, from the registry of people; only its result is written.
How alerts come in is told by ``intake``, how they stand by ``board``.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

from warning.alert import AlertCase, AlertId, AlertState
from warning.errors import EmptyAudienceError
from warning.intake import geometry_of, require_sayable
from warning.ports import UnitOfWork
from warning.recipients import Audience
from warning.registry import AudienceCounts, Registry, sending_order
from warning.validity import valid_until

log = logging.getLogger(__name__)


class AlertService:
    """The use cases of public warning.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    registry : callable
        Everybody as arrays, as the database is now.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        registry: Callable[[], Registry],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._registry = registry
        self._now = now

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Hand a draft to a second person.

        Raises
        ------
        EmptyAudienceError
            If nobody lives in its area.
        """
        self._audience(self._get(alert_id))
        return self._change(
            alert_id, "alert.submit", by, lambda c: c.submit(by, self._now())
        )

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Send a submitted alert back to its author."""
        return self._change(alert_id, "alert.reject", by, lambda c: c.reject())

    def approve(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Make an alert live: from here on people are reached.

        The audience is fixed in the commit that makes the alert live.

        Raises
        ------
        FourEyesError
            If ``by`` wrote or submitted it.
        EmptyAudienceError
            If nobody lives in its area.
        InvalidAlertError
            If its end is past.
        """
        case = self._get(alert_id)
        case.approve(by, self._now())  # refuse before the work is done
        require_sayable(case, now=self._now())
        audience = self._audience(case)
        with self._new_uow() as uow:
            live = uow.alerts.get_for_update(alert_id).approve(by, self._now())
            uow.alerts.save(live)
            uow.alerts.set_audience(alert_id, audience)
            self._note(uow, live, "alert.approve", by, affected=audience.n_affected)
            uow.commit()
        return live

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Withdraw an alert; what has not left never will."""
        with self._new_uow() as uow:
            case = uow.alerts.get_for_update(alert_id).cancel(by, self._now())
            uow.alerts.save(case)
            n = uow.outbox.cancel(case.owner_ref, now=self._now())
            self._note(uow, case, "alert.cancel", by, withdrawn=n)
            uow.commit()
        return case

    def end_expired(self) -> int:
        """End the live alerts whose time is over; return how many."""
        with self._read_uow() as uow:
            live = uow.alerts.all(states=[AlertState.LIVE])
        over = [case for case in live if valid_until(case) <= self._now()]
        return sum(self._try_end(case.alert_id) for case in over)

    def _change(
        self,
        alert_id: AlertId,
        action: str,
        by: str,
        step: Callable[[AlertCase], AlertCase],
    ) -> AlertCase:
        with self._new_uow() as uow:
            case = step(uow.alerts.get_for_update(alert_id))
            uow.alerts.save(case)
            self._note(uow, case, action, by)
            uow.commit()
        return case

    def _try_end(self, alert_id: AlertId) -> int:
        """End one alert; one that cannot be ended does not hold up the others."""
        try:
            with self._new_uow() as uow:
                case = uow.alerts.get_for_update(alert_id)
                if case.state is not AlertState.LIVE:
                    return 0
                # What is queued is past its deadline: it never leaves, and expires
                # with a word to those whom it concerns.
                ended = case.end(self._now())
                uow.alerts.save(ended)
                self._note(uow, ended, "alert.end", "system")
                uow.commit()
        except Exception:
            log.exception("alert not ended", extra={"alert": alert_id})
            return 0
        return 1

    def _audience(self, case: AlertCase) -> Audience:
        registry = self._registry()
        selection = registry.select(geometry_of(case.cap))
        counts = registry.counts(selection, is_drill=case.is_drill)
        self._require_reachable(counts)
        return Audience(
            subscriber_ids=sending_order(
                selection, is_drill=case.is_drill, seed=order_seed(case.alert_id)
            ),
            subscribers_total=registry.n_people,
            by_language=counts.by_language,
            by_area=counts.by_area,
            excluded=counts.excluded,
            geofence_ms=selection.geofence_ms,
            fixed_at=self._now(),
        )

    @staticmethod
    def _require_reachable(counts: AudienceCounts) -> None:
        if counts.n == 0:
            raise EmptyAudienceError(
                "Nobody is registered inside the area of this alert. Check the "
                "polygon, or import the subscribers of the area first."
            )
        if counts.n == sum(counts.excluded.values()):
            reasons = ", ".join(f"{n} {why}" for why, n in counts.excluded.items())
            raise EmptyAudienceError(
                f"All {counts.n} people inside the area are left out ({reasons})."
            )

    def _get(self, alert_id: AlertId) -> AlertCase:
        with self._read_uow() as uow:
            return uow.alerts.get(alert_id)

    def _note(
        self, uow: UnitOfWork, case: AlertCase, action: str, by: str, **facts: object
    ) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=case.owner_ref,
            details={"state": case.state.value, **facts},
        )


def order_seed(alert_id: AlertId) -> int:
    """The seed of an alert's sending order: the same wherever it is worked out."""
    return int.from_bytes(hashlib.sha256(alert_id.encode()).digest()[:8], "big")
