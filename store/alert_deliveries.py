"""Where an alert's people and its deliveries meet: escalation, and the list of them.

The only statements that join what belongs to warning with what belongs to telephony;
the owner's name is what they have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, select, update

from store.chunks import in_chunks
from store.owners import Owners
from store.tables.alerts import alerts, recipients
from store.tables.deliveries import (
    IS_NOT_FOLLOWED,
    WAS_ACCEPTED,
    attempts,
    contents,
    deliveries,
    owners,
)
from store.tables.people import subscribers
from telephony.delivery import Channel, ContentId, DeliveryState
from warning.alert import AlertState
from warning.alert import owner_ref as owner_ref_of
from warning.people.subscribers import Status
from warning.progress import DeliveryLine
from warning.recipients import (
    ASKS_FOR_ANSWER,
    EscalationCandidate,
    Exclusion,
    RecipientState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


_LOST = (int(DeliveryState.EXPIRED), int(DeliveryState.FAILED))
#: Tried, or about to be: everything but what was withdrawn before its first try.
_WAS_TRIED = (deliveries.c.n_attempts > 0) | (
    deliveries.c.state != int(DeliveryState.CANCELLED)
)
_next = deliveries.alias("next")

#: People whose next step is due, read in the order of ix_deliveries_not_followed and
#: left at the limit.
DUE = (
    select(
        recipients.c.subscriber_id,
        subscribers.c.phone,
        recipients.c.language,
        recipients.c.position,
        deliveries.c.content_id,
        deliveries.c.deadline,
    )
    .select_from(deliveries)
    .join(
        recipients,
        (recipients.c.alert == bindparam("alert"))
        & (recipients.c.subscriber_id == deliveries.c.recipient_id),
    )
    .join(subscribers, subscribers.c.id == recipients.c.subscriber_id)
    .where(
        IS_NOT_FOLLOWED,
        deliveries.c.owner_id == bindparam("owner_id"),
        deliveries.c.channel == bindparam("from_channel"),
        # Known before the person is looked up; the sum keeps SQLite from taking the
        # index that begins with the state.
        deliveries.c.state + 0 < int(DeliveryState.CONFIRMED),
        deliveries.c.deadline > bindparam("now"),
        deliveries.c.state.in_(_LOST)
        | (
            (deliveries.c.sent_at < bindparam("sent_before"))
            & recipients.c.variant.in_([one.value for one in ASKS_FOR_ANSWER])
        ),
        recipients.c.state < int(RecipientState.CONFIRMED),
        recipients.c.excluded.is_(None),
        recipients.c.channels.op("&")(bindparam("to_channel")) != 0,
        subscribers.c.status == Status.ACTIVE.value,
        ~select(_next.c.id)
        .where(
            _next.c.recipient_id == deliveries.c.recipient_id,
            _next.c.owner_id == deliveries.c.owner_id,
            _next.c.channel == bindparam("to_channel"),
        )
        .exists(),
    )
    # The planner gives a person and their deliveries one position.
    .order_by(deliveries.c.position)
    .limit(bindparam("limit"))
)

#: Whether anybody can be due at all: two seeks in indexes. A million people are told
#: long before the first of them is, and every second it is asked who is.
_MAY_BE_DUE = select(
    exists().where(
        WAS_ACCEPTED,
        attempts.c.owner_id == bindparam("owner_id"),
        attempts.c.accepted_at < bindparam("sent_before"),
    )
    | exists().where(
        deliveries.c.owner_id == bindparam("owner_id"),
        deliveries.c.state.in_(_LOST),
        deliveries.c.channel == bindparam("from_channel"),
    )
)


def due(
    connection: Connection,
    alert: int,
    owner_ref: str,
    *,
    from_channel: Channel,
    to_channel: Channel,
    sent_before: datetime,
    now: datetime,
    limit: int,
) -> list[EscalationCandidate]:
    """People to be reached another way; see ``warning.ports``."""
    owner_id = Owners(connection).find(owner_ref)
    if owner_id is None:
        return []
    where = {
        "owner_id": owner_id,
        "from_channel": int(from_channel),
        "sent_before": sent_before,
    }
    if not connection.scalar(_MAY_BE_DUE, where):
        return []
    rows = connection.execute(
        DUE,
        where
        | {"alert": alert, "to_channel": int(to_channel), "now": now, "limit": limit},
    )
    return [
        EscalationCandidate(
            subscriber_id=row.subscriber_id,
            phone=row.phone,
            language=row.language,
            position=row.position,
            content_id=ContentId(row.content_id),
            deadline=row.deadline,
        )
        for row in rows
    ]


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
        for chunk in in_chunks(subscriber_ids):
            connection.execute(
                update(recipients)
                .where(
                    recipients.c.alert == alert,
                    recipients.c.subscriber_id.in_(chunk),
                    recipients.c.excluded.is_(None),
                    recipients.c.state == int(RecipientState.PLANNED),
                    ~exists().where(
                        deliveries.c.recipient_id == recipients.c.subscriber_id,
                        deliveries.c.owner_id == owner_id,
                        _WAS_TRIED,
                    ),
                )
                .values(excluded=reason.value)
            )


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
