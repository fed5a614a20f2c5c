"""Alerts: their documents, their life, and the door to their people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from store.alerts import (
    alert_deliveries,
    audiences,
    due_steps,
    recipient_rows,
    repeat_rows,
    told_people,
)
from store.alerts.alert_rows import case_of, life_of, row_of
from store.sql.conflicts import insert_new
from store.sql.locking import locked
from store.tables.alerts import alerts
from store.tables.alerts import audiences as audience_rows
from warning.alert import AlertCase, AlertId, AlertState, owner_ref
from warning.errors import AlertNotFoundError, DuplicateAlertError
from warning.recipients import Audience, EscalationCandidate, Exclusion, Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select

    from warning.progress import DeliveryLine
    from warning.recipients import (
        AudienceSummary,
        RecipientCounts,
        RecipientState,
        TellAgain,
        Turn,
    )
    from warning.told import Told


class SqlAlerts:
    """``warning.ports.AlertRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: AlertCase) -> None:
        """Store a new alert.

        Raises
        ------
        DuplicateAlertError
            If one of this CAP identity is stored.
        """
        row = row_of(case)
        added = self._connection.execute(
            insert_new(self._connection, alerts).values(row)
        )
        if added.rowcount == 0:
            cap = case.cap
            known = self.find_by_identity(
                sender=cap.sender, identifier=cap.identifier, sent=cap.sent
            )
            raise DuplicateAlertError(
                f"The alert {cap.identifier} of {cap.sender} is already known as "
                f"{known}.",
                alert_id=known or case.alert_id,
            )

    def get(self, alert_id: AlertId) -> AlertCase:
        """Return an alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        return self._get(alert_id, select(alerts))

    def get_for_update(self, alert_id: AlertId) -> AlertCase:
        """The same, and nobody else may change it until this transaction ends."""
        return self._get(alert_id, locked(self._connection, select(alerts)))

    def save(self, case: AlertCase) -> None:
        """Write an alert's state and signatures of hand; its CAP never changes here.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        saved = self._connection.execute(
            update(alerts)
            .where(alerts.c.alert_id == case.alert_id)
            .values(life_of(case))
        )
        if saved.rowcount == 0:
            raise AlertNotFoundError(_unknown(case.alert_id))

    def find_by_identity(
        self, *, sender: str, identifier: str, sent: datetime
    ) -> AlertId | None:
        """Return the alert of this CAP identity."""
        found = self._connection.scalar(
            select(alerts.c.alert_id).where(
                alerts.c.sender == sender,
                alerts.c.identifier == identifier,
                alerts.c.sent == sent,
            )
        )
        return None if found is None else AlertId(found)

    def all(
        self, *, states: Sequence[AlertState] = (), limit: int | None = None
    ) -> Sequence[AlertCase]:
        """Alerts, newest first, of these states or of all."""
        newest = (alerts.c.created_at.desc(), alerts.c.id.desc())
        wanted = select(alerts).order_by(*newest).limit(limit)
        if states:
            wanted = wanted.where(alerts.c.state.in_([s.value for s in states]))
        return [case_of(row) for row in self._connection.execute(wanted)]

    def set_audience(self, alert_id: AlertId, audience: Audience) -> None:
        """Fix who is concerned; once.

        Raises
        ------
        TransitionError
            If it is fixed already.
        """
        audiences.fix(self._connection, self._number(alert_id), audience)

    def audience(self, alert_id: AlertId) -> Audience | None:
        """Return who is concerned; None before approval."""
        return audiences.find(self._connection, self._number(alert_id))

    def audience_summary(
        self, alert_id: AlertId, *, known: AudienceSummary | None = None
    ) -> AudienceSummary | None:
        """The figures of who is concerned; None before approval."""
        number = self._number(alert_id)
        return audiences.summary(self._connection, number, known=known)

    def members(self, alert_id: AlertId, *, start: int, n: int) -> Sequence[int]:
        """Ids of a part of the audience, in sending order."""
        number = self._number(alert_id)
        return audiences.members(self._connection, number, start=start, n=n)

    def n_planned(self, alert_id: AlertId) -> int:
        """How many of the audience are written out; 0 before approval."""
        return audiences.n_planned(self._connection, self._number(alert_id))

    def unplanned(self) -> Sequence[AlertId]:
        """Live alerts that go on and are not yet written out, oldest first."""
        rows = self._connection.scalars(
            select(alerts.c.alert_id)
            .join(audience_rows, audience_rows.c.alert == alerts.c.id)
            .where(
                alerts.c.state == AlertState.LIVE.value,
                alerts.c.paused_at.is_(None),
                audience_rows.c.n_planned < audience_rows.c.n_affected,
            )
            .order_by(alerts.c.approved_at, alerts.c.id)
        )
        return [AlertId(alert_id) for alert_id in rows]

    def add_recipients(
        self, alert_id: AlertId, recipients: Sequence[Recipient], *, n_planned: int
    ) -> None:
        """Write a chunk of people and how far planning has come."""
        alert = self._number(alert_id)
        recipient_rows.add(self._connection, alert, recipients)
        audiences.set_planned(self._connection, alert, n_planned)

    def advance_recipients(
        self, alert_id: AlertId, states: Mapping[int, RecipientState]
    ) -> None:
        """Move people forward (subscriber id → state); never back."""
        recipient_rows.advance(self._connection, self._number(alert_id), states)

    def confirmed(
        self, alert_id: AlertId, subscriber_ids: Sequence[int]
    ) -> frozenset[int]:
        """Which of these people have confirmed, or asked for help."""
        alert = self._number(alert_id)
        return recipient_rows.confirmed(self._connection, alert, subscriber_ids)

    def leave_out(self, subscriber_ids: Sequence[int], reason: Exclusion) -> None:
        """Exclude people of live alerts of whom everything was withdrawn untried."""
        alert_deliveries.leave_out(self._connection, subscriber_ids, reason)

    def recipient_counts(self, alert_id: AlertId) -> RecipientCounts:
        """How an alert's people stand, in total and by area."""
        return recipient_rows.counts(self._connection, self._number(alert_id))

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        """An alert's deliveries with an id above ``after``, ascending by id."""
        return alert_deliveries.lines(
            self._connection, owner_ref(alert_id), after=after, limit=limit
        )

    def told(self, alert_id: AlertId) -> Told:
        """Whoever was told by this alert, what, and on which channel."""
        number = self._number(alert_id)
        return told_people.find(self._connection, number, owner_ref(alert_id))

    def is_anybody_told(self, alert_id: AlertId) -> bool:
        """Whether ``told`` names anybody."""
        return told_people.is_anybody(self._connection, owner_ref(alert_id))

    def followers(self, alert_id: AlertId) -> Sequence[AlertCase]:
        """Alerts that follow this one directly, oldest first."""
        rows = self._connection.execute(
            select(alerts).where(alerts.c.follows == alert_id).order_by(alerts.c.id)
        )
        return [case_of(row) for row in rows]

    def find_by_reference(self, *, sender: str, identifier: str) -> Sequence[AlertCase]:
        """Alerts of this sender and identifier, newest first."""
        rows = self._connection.execute(
            select(alerts)
            .where(alerts.c.sender == sender, alerts.c.identifier == identifier)
            .order_by(alerts.c.sent.desc(), alerts.c.id.desc())
        )
        return [case_of(row) for row in rows]

    def told_by(self, alert_id: AlertId) -> tuple[str, ...]:
        """Live alerts that have told those who are left out as already told."""
        return audiences.told_by(self._connection, self._number(alert_id))

    def told_elsewhere(
        self, alert_id: AlertId
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places in the audience, and ids, of those left out as already told."""
        return audiences.told_elsewhere(self._connection, self._number(alert_id))

    def readmit(
        self, alert_id: AlertId, places: NDArray[np.int64], *, told_by: Sequence[str]
    ) -> None:
        """Let some be written out after all who were left out as already told."""
        number = self._number(alert_id)
        ids = audiences.readmit(self._connection, number, places, told_by)
        recipient_rows.forget(self._connection, number, ids)

    def round_of(self, alert_id: AlertId) -> tuple[int, int]:
        """How often people were told again, and how many of the last round so far."""
        return audiences.round_of(self._connection, self._number(alert_id))

    def set_round(self, alert_id: AlertId, number: int, n: int) -> None:
        """Note how far telling people again has come."""
        audiences.set_round(self._connection, self._number(alert_id), number, n)

    def to_repeat(
        self, alert_id: AlertId, subscriber_ids: Sequence[int], *, is_for_all: bool
    ) -> Sequence[TellAgain]:
        """Active people among these who may be told again; see ``warning.ports``."""
        return repeat_rows.find(
            self._connection,
            self._number(alert_id),
            owner_ref(alert_id),
            subscriber_ids,
            is_for_all=is_for_all,
        )

    def to_escalate(
        self,
        alert_id: AlertId,
        turn: Turn,
        *,
        sent_before: datetime,
        now: datetime,
        limit: int,
        among: Sequence[int] | None = None,
    ) -> Sequence[EscalationCandidate]:
        """Active people whose turn has come; see ``warning.ports``."""
        return due_steps.due(
            self._connection,
            self._number(alert_id),
            owner_ref(alert_id),
            turn,
            sent_before=sent_before,
            now=now,
            limit=limit,
            among=among,
        )

    def _get(self, alert_id: AlertId, wanted: Select[*tuple[Any, ...]]) -> AlertCase:
        """Read one alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        row = self._connection.execute(
            wanted.where(alerts.c.alert_id == alert_id)
        ).one_or_none()
        if row is None:
            raise AlertNotFoundError(_unknown(alert_id))
        return case_of(row)

    def _number(self, alert_id: AlertId) -> int:
        """The number under which other tables know an alert.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        number: int | None = self._connection.scalar(
            select(alerts.c.id).where(alerts.c.alert_id == alert_id)
        )
        if number is None:
            raise AlertNotFoundError(_unknown(alert_id))
        return number


def _unknown(alert_id: str) -> str:
    return f"There is no alert {alert_id}; look it up in the list of alerts."
