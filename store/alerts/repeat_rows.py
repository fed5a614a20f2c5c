"""People of an alert who may be told again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.dispatch.owners import Owners
from store.sql.chunks import in_chunks
from store.tables.alerts import recipients
from store.tables.deliveries import deliveries
from store.tables.people import subscribers
from telephony.delivery import Channel, ContentId, DeliveryState
from warning.people.subscribers import Status
from warning.recipients import ASKS_FOR_ANSWER, RecipientState, TellAgain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

_open = deliveries.alias("open")
_OPEN_STATES = (
    int(DeliveryState.QUEUED),
    int(DeliveryState.SENDING),
    int(DeliveryState.UNKNOWN),
)


def find(
    connection: Connection,
    alert: int,
    owner_ref: str,
    subscriber_ids: Sequence[int],
    *,
    is_for_all: bool,
) -> list[TellAgain]:
    """Return them in order of position; see ``warning.ports``."""
    owner_id = Owners(connection).find(owner_ref)
    if owner_id is None:
        return []
    wanted = _wanted(alert, owner_id, is_for_all=is_for_all)
    found: dict[int, TellAgain] = {}
    for chunk in in_chunks(subscriber_ids):
        rows = connection.execute(
            select(
                recipients.c.subscriber_id,
                recipients.c.position,
                subscribers.c.phone,
                deliveries.c.channel,
                deliveries.c.content_id,
                deliveries.c.deadline,
            )
            .select_from(recipients)
            .join(subscribers, subscribers.c.id == recipients.c.subscriber_id)
            .join(deliveries, deliveries.c.recipient_id == recipients.c.subscriber_id)
            .where(*wanted, recipients.c.subscriber_id.in_(chunk))
            .order_by(recipients.c.position, deliveries.c.id)
        )
        for row in rows:
            # The first delivery a person had: it was on the channel that suits them.
            found.setdefault(
                row.subscriber_id,
                TellAgain(
                    subscriber_id=row.subscriber_id,
                    phone=row.phone,
                    channel=Channel(row.channel),
                    position=row.position,
                    content_id=ContentId(row.content_id),
                    deadline=row.deadline,
                ),
            )
    return list(found.values())


def _wanted(
    alert: int, owner_id: int, *, is_for_all: bool
) -> list[ColumnElement[bool]]:
    wanted = [
        recipients.c.alert == alert,
        recipients.c.excluded.is_(None),
        recipients.c.variant.in_([one.value for one in ASKS_FOR_ANSWER]),
        subscribers.c.status == Status.ACTIVE.value,
        deliveries.c.owner_id == owner_id,
        deliveries.c.round == 0,
        # Whoever still waits for the last time is not told twice at once.
        ~select(_open.c.id)
        .where(
            _open.c.recipient_id == recipients.c.subscriber_id,
            _open.c.owner_id == owner_id,
            _open.c.state.in_(_OPEN_STATES),
        )
        .exists(),
    ]
    if not is_for_all:
        wanted.append(recipients.c.state < int(RecipientState.CONFIRMED))
    return wanted
