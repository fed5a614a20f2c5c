"""Who has not been heard from, and the focal points of villages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select, true, update

from store.alerts.due_steps import ASKS, HEADS, IS_OPEN, LOST, can, has_step
from store.dispatch.owners import Owners
from store.sql.chunks import in_chunks, rounded
from store.tables.alerts import alerts, recipients
from store.tables.deliveries import IS_NOT_FOLLOWED, deliveries
from store.tables.people import IS_FOCAL_POINT, places, subscribers
from telephony.delivery import Channel
from warning.alert import lists_ref, owner_ref
from warning.citizens.silent_people import (
    FocalPoint,
    ListsBefore,
    SilentPerson,
)
from warning.people.subscribers import Status
from warning.people.whereabout import NOWHERE, Whereabout
from warning.recipients import RecipientState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from warning.alert import AlertId

_TEXT, _CALL = int(Channel.SMS), int(Channel.VOICE)


def _silent(called: ColumnElement[bool]) -> Select[Any]:
    """People with nothing left to try, whose last message is old."""
    is_old = or_(
        deliveries.c.sent_at < bindparam("silent_before"),
        and_(
            deliveries.c.state.in_(LOST),
            deliveries.c.state_at < bindparam("silent_before"),
        ),
    )
    return (
        select(
            subscribers.c.id,
            subscribers.c.name,
            subscribers.c.phone,
            recipients.c.vulnerable,
        )
        .select_from(HEADS)
        .where(
            IS_OPEN,
            # All of the index, in its order within each channel.
            deliveries.c.channel.in_([_TEXT, _CALL]),
            recipients.c.variant.in_(ASKS),
            is_old,
            ~can(_TEXT) | has_step(_TEXT, 0),
            called,
        )
        .order_by(recipients.c.position)
        .limit(bindparam("limit"))
    )


_AMONG = deliveries.c.recipient_id.in_(bindparam("among", expanding=True))
#: By whether the plan calls anybody.
_SILENT = {
    True: _silent(~can(_CALL) | has_step(_CALL, bindparam("last_call"))),
    False: _silent(true()),
}


class SqlSilentPeople:
    """``warning.citizens.silent_people.SilentPeople``."""

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners

    def due(
        self,
        alert_id: AlertId,
        *,
        last_call: int | None,
        silent_before: datetime,
        limit: int,
        among: Sequence[int] | None = None,
    ) -> Sequence[SilentPerson]:
        """Active people who took their last step before a time and are silent."""
        wanted = _SILENT[last_call is not None]
        values = {
            "alert": self._number(alert_id),
            "owner_id": self._owners.find(owner_ref(alert_id)) or 0,
            "unless": int(RecipientState.CONFIRMED),
            "silent_before": silent_before,
            "limit": limit,
        }
        if last_call is not None:
            values["last_call"] = last_call
        if among is not None:
            wanted, values = wanted.where(_AMONG), values | {"among": rounded(among)}
        rows = self._connection.execute(wanted, values).all()
        at = self._places([row.id for row in rows])
        return [
            SilentPerson(
                subscriber_id=row.id,
                name=row.name or "",
                phone=row.phone,
                vulnerable=row.vulnerable,
                where=at.get(row.id, NOWHERE),
            )
            for row in rows
        ]

    def focal_points(self) -> Sequence[FocalPoint]:
        """Active focal points who can be texted."""
        rows = self._connection.execute(
            select(subscribers)
            .where(
                IS_FOCAL_POINT,
                subscribers.c.status == Status.ACTIVE.value,
                subscribers.c.channels.op("&")(_TEXT) != 0,
            )
            .order_by(subscribers.c.id)
        ).all()
        at = self._places([row.id for row in rows])
        return [
            FocalPoint(
                subscriber_id=row.id,
                phone=row.phone,
                language=row.language,
                in_drill_group=row.in_drill_group,
                where=at.get(row.id, NOWHERE),
            )
            for row in rows
        ]

    def lists_before(
        self, alert_id: AlertId, focal_points: Sequence[int]
    ) -> Mapping[int, ListsBefore]:
        """Focal point → what they were sent of an alert; absent if nothing."""
        rows = self._connection.execute(
            select(
                deliveries.c.recipient_id,
                func.max(deliveries.c.round).label("n"),
                func.max(deliveries.c.not_before).label("last_at"),
            )
            .where(
                deliveries.c.recipient_id.in_(focal_points),
                deliveries.c.owner_id == (self._owners.find(lists_ref(alert_id)) or 0),
            )
            .group_by(deliveries.c.recipient_id)
        )
        return {row.recipient_id: ListsBefore(row.n, row.last_at) for row in rows}

    def note_listed(self, alert_id: AlertId, people: Sequence[int]) -> None:
        """People are on a list: no further step follows, and no further list."""
        owner_id = self._owners.find(owner_ref(alert_id))
        for chunk in in_chunks(people):
            self._connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.recipient_id.in_(chunk),
                    deliveries.c.owner_id == owner_id,
                    IS_NOT_FOLLOWED,
                )
                .values(is_followed=True)
            )

    def _number(self, alert_id: AlertId) -> int:
        wanted = select(alerts.c.id).where(alerts.c.alert_id == alert_id)
        return self._connection.scalar(wanted) or 0

    def _places(self, people: Sequence[int]) -> dict[int, Whereabout]:
        """The place of each: the one they told last."""
        return {
            row.subscriber_id: Whereabout(
                lon=row.lon,
                lat=row.lat,
                area_code=row.area_code,
                accuracy_m=row.accuracy_m,
            )
            for chunk in in_chunks(people)
            for row in self._connection.execute(
                select(places)
                .where(places.c.subscriber_id.in_(chunk))
                .order_by(places.c.created_at, places.c.id)
            )
        }
