"""How alerts stand: lists, figures, previews. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.approval.preview import Preview, Previews
from warning.escalation.escalation import Escalation
from warning.figures.tallies import Tally, UnitOfWork
from warning.progress import DeliveryLine, Progress, progress_of
from warning.publishing.cap_publisher import CapPublisher
from warning.recipients import AudienceSummary

T = TypeVar("T")

#: More alerts than anybody looks at on one day.
_KEPT = 100


class AlertBoard:
    """Everything there is to see of alerts.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    previews : Previews
        Works out what approving would do.
    escalation : Escalation
        Knows who may still be reached another way.
    publisher : CapPublisher, optional
        Writes alerts for other systems; by default unsigned.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        previews: Previews,
        escalation: Escalation,
        publisher: CapPublisher | None = None,
    ) -> None:
        self._read_uow = read_uow
        self._previews = previews
        self._escalation = escalation
        self._publisher = publisher or CapPublisher(sender="")
        #: As they were read last: what has not changed is not read again.
        self._summaries: dict[AlertId, AudienceSummary] = {}
        self._tallies: dict[AlertId, Tally] = {}

    def get(self, alert_id: AlertId) -> AlertCase:
        """Return an alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            return uow.alerts.get(alert_id)

    def list(
        self, *, states: Sequence[AlertState] = (), limit: int | None = None
    ) -> Sequence[AlertCase]:
        """Alerts of these states or of all, newest first."""
        with self._read_uow() as uow:
            return uow.alerts.all(states=states, limit=limit)

    def waiting_to_follow(self, alert_id: AlertId) -> AlertId | None:
        """The alert that waits for approval to be told after this one, if any."""
        with self._read_uow() as uow:
            waiting = chain.waiting(uow.alerts.followers(alert_id))
        return waiting[-1].alert_id if waiting else None

    def cap_xml(self, alert_id: AlertId) -> bytes:
        """Return the alert as a CAP 1.2 document, signed if it is ours."""
        return self._publisher.document(self.get(alert_id).cap)

    def preview(self, alert_id: AlertId) -> Preview:
        """Return what approving an alert would do now."""
        return self._previews.preview(alert_id)

    def progress(self, alert_id: AlertId) -> Progress:
        """Return how far an alert has come, all figures of one moment."""
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            tally = self._tally_of(uow, alert_id)
            progress = progress_of(
                case,
                audience=self._summary_of(uow, alert_id),
                people=tally.people,
                deliveries=tally.deliveries,
                attempted=tally.attempted,
                people_attempted=tally.people_attempted,
                sending_span=uow.outbox.sending_span(case.owner_ref),
            )
            # The one question that may have to look at everybody comes last.
            if progress.settled and case.state is AlertState.LIVE:
                is_over = self._escalation.is_exhausted(uow, case, standing=tally)
                progress = replace(progress, settled=is_over)
            return progress

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        """Deliveries with an id above ``after``, ascending by id."""
        with self._read_uow() as uow:
            uow.alerts.get(alert_id)
            return uow.alerts.deliveries(alert_id, after=after, limit=limit)

    def _summary_of(self, uow: UnitOfWork, alert_id: AlertId) -> AudienceSummary | None:
        """The figures of an audience; to count its people costs what there are."""
        known = self._summaries.get(alert_id)
        found = uow.alerts.audience_summary(alert_id, known=known)
        if found is not None:
            _remember(self._summaries, alert_id, found)
        return found

    def _tally_of(self, uow: UnitOfWork, alert_id: AlertId) -> Tally:
        """The figures of deliveries and people; there may be thousands of areas."""
        known = self._tallies.get(alert_id)
        found = uow.tallies.kept(alert_id, known=known)
        _remember(self._tallies, alert_id, found)
        return found


def _remember(known: dict[AlertId, T], alert_id: AlertId, found: T) -> None:
    if alert_id not in known and len(known) >= _KEPT:
        known.clear()
    known[alert_id] = found
