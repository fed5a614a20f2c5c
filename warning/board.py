"""How alerts stand: lists, figures, previews. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from warning.alert import AlertCase, AlertId, AlertState
from warning.cap_publisher import CapPublisher
from warning.escalation import Escalation
from warning.intake import geometry_of
from warning.messages import Manner, messages_of
from warning.ports import UnitOfWork
from warning.progress import DeliveryLine, Progress, progress_of
from warning.registry import AudienceCounts, Registry


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What approving an alert would do, for the person who decides."""

    counts: AudienceCounts
    #: Language → text message.
    texts: Mapping[str, str]


class AlertBoard:
    """Everything there is to see of alerts.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    registry : callable
        Everybody as arrays, as the database is now.
    escalation : Escalation
        Knows who may still be reached another way.
    publisher : CapPublisher, optional
        Writes alerts for other systems; by default unsigned.
    zone : tzinfo, optional
        Whose clock people are told times by; each sender's own if not given.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        registry: Callable[[], Registry],
        escalation: Escalation,
        publisher: CapPublisher | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._read_uow = read_uow
        self._registry = registry
        self._escalation = escalation
        self._publisher = publisher or CapPublisher(sender="")
        self._manner = Manner(zone=zone)

    def get(self, alert_id: AlertId) -> AlertCase:
        """Return an alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            return uow.alerts.get(alert_id)

    def list(self, *, states: Sequence[AlertState] = ()) -> Sequence[AlertCase]:
        """Alerts of these states or of all, newest first."""
        with self._read_uow() as uow:
            return uow.alerts.all(states=states)

    def cap_xml(self, alert_id: AlertId) -> bytes:
        """Return the alert as a CAP 1.2 document, signed if it is ours."""
        return self._publisher.document(self.get(alert_id).cap)

    def preview(self, alert_id: AlertId) -> Preview:
        """Work out what approving would do."""
        case = self.get(alert_id)
        registry = self._registry()
        geometry = geometry_of(case.cap, lookup=registry.areas.by_geocode)
        return Preview(
            counts=registry.count(geometry, is_drill=case.is_drill),
            texts={
                message.content.language: message.content.sms_text
                for message in messages_of(case, self._manner)
            },
        )

    def progress(self, alert_id: AlertId) -> Progress:
        """Return how far an alert has come, all figures of one moment."""
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            is_live = case.state is AlertState.LIVE
            still_waiting = is_live and not self._escalation.is_exhausted(uow, case)
            return progress_of(
                case,
                audience=uow.alerts.audience(alert_id),
                people=uow.alerts.recipient_counts(alert_id),
                deliveries=uow.outbox.counts(case.owner_ref),
                attempted=uow.outbox.attempted(case.owner_ref),
                people_attempted=uow.outbox.people_attempted(case.owner_ref),
                sending_span=uow.outbox.sending_span(case.owner_ref),
                n_waiting=int(still_waiting),
            )

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        """Deliveries with an id above ``after``, ascending by id."""
        with self._read_uow() as uow:
            uow.alerts.get(alert_id)
            return uow.alerts.deliveries(alert_id, after=after, limit=limit)
