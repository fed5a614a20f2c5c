"""Where an alert's people and its deliveries meet: who is left out, and the list.

Of the few statements that join what belongs to warning with what belongs to telephony
(``due_steps``, ``silent_rows``); the owner's name is what they have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from store.alerts.recipient_changes import RecipientChanges
from store.dispatch.owners import Owners
from store.sql.chunks import in_chunks
from store.tables.alerts import alerts, recipients
from store.tables.deliveries import contents, deliveries, owners
from telephony.delivery import Channel, DeliveryState
from warning.alert import AlertState
from warning.alert import owner_ref as owner_ref_of
from warning.progress import DeliveryLine
from warning.recipients import Exclusion, RecipientState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


_PLANNED = int(RecipientState.PLANNED)
#: Tried, or about to be: everything but what was withdrawn before its first try.
_WAS_TRIED = (deliveries.c.n_attempts > 0) | (
    deliveries.c.state != int(DeliveryState.CANCELLED)
)


def leave_out(
    connection: Connection, subscriber_ids: Sequence[int], reason: Exclusion
) -> None:
    """Exclude people of live alerts of whom everything was withdrawn untried."""
    if not subscriber_ids:
        return
    live = connection.execute(
        select(alerts.c.id, alerts.c.alert_id).where(
            alerts.c.state == AlertState.LIVE.value
        )
    ).all()
    for alert, alert_id in live:
        owner_id = Owners(connection).find(owner_ref_of(alert_id))
        changes = RecipientChanges(connection, alert)
        for chunk in in_chunks(subscriber_ids):
            areas = connection.scalars(
                update(recipients)
                .where(
                    recipients.c.alert == alert,
                    recipients.c.subscriber_id.in_(chunk),
                    recipients.c.excluded.is_(None),
                    recipients.c.state == _PLANNED,
                    ~exists().where(
                        deliveries.c.recipient_id == recipients.c.subscriber_id,
                        deliveries.c.owner_id == owner_id,
                        _WAS_TRIED,
                    ),
                )
                .values(excluded=reason.value)
                .returning(recipients.c.area_code)
            ).all()
            for area_code in areas:
                changes.add((area_code, None, _PLANNED), -1)
                changes.add((area_code, reason.value, _PLANNED))
        changes.write()


def lines(
    connection: Connection, owner_ref: str, *, after: int, limit: int
) -> list[DeliveryLine]:
    """An alert's deliveries with an id above ``after``, ascending by id."""
    rows = connection.execute(
        select(
            deliveries.c.id,
            deliveries.c.recipient_id,
            deliveries.c.channel,
            contents.c.language,
            deliveries.c.state,
            deliveries.c.n_attempts,
            deliveries.c.code,
            deliveries.c.state_at,
        )
        .join(owners, owners.c.id == deliveries.c.owner_id)
        .join(contents, contents.c.id == deliveries.c.content_id)
        .where(owners.c.owner_ref == owner_ref, deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [
        DeliveryLine(
            delivery_id=row.id,
            subscriber_id=row.recipient_id,
            channel=Channel(row.channel),
            language=row.language,
            state=DeliveryState(row.state),
            attempts=row.n_attempts,
            code=row.code,
            updated_at=row.state_at,
        )
        for row in rows
    ]
