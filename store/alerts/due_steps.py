"""Who of an alert's people is to be reached another way, or once more.

Escalation goes by the newest step of each person, their head: the one delivery that
nothing followed yet. Telling people again on purpose (rounds above 0) is no step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, or_, select

from store.dispatch.owners import Owners
from store.sql.chunks import rounded
from store.tables.alerts import recipients
from store.tables.deliveries import (
    IS_NOT_FOLLOWED,
    WAS_ACCEPTED,
    attempts,
    deliveries,
)
from store.tables.people import subscribers
from telephony.delivery import Channel, ContentId, DeliveryState
from warning.people.subscribers import Status
from warning.recipients import ASKS_FOR_ANSWER, EscalationCandidate, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

LOST = (int(DeliveryState.EXPIRED), int(DeliveryState.FAILED))
#: Of the others only a failure is followed up.
ASKS = tuple(one.value for one in ASKS_FOR_ANSWER)
_WAS_LOST = deliveries.c.state.in_(LOST)
_ASKS = recipients.c.variant.in_(ASKS)

#: Heads, and the people they are for.
HEADS = deliveries.join(
    recipients,
    (recipients.c.alert == bindparam("alert"))
    & (recipients.c.subscriber_id == deliveries.c.recipient_id),
).join(subscribers, subscribers.c.id == recipients.c.subscriber_id)

#: Heads of people who may still be told something, and have not come far enough.
IS_OPEN: ColumnElement[bool] = and_(
    IS_NOT_FOLLOWED,
    deliveries.c.owner_id == bindparam("owner_id"),
    recipients.c.state < bindparam("unless"),
    recipients.c.excluded.is_(None),
    subscribers.c.status == Status.ACTIVE.value,
)


def has_step(channel: object, number: object) -> ColumnElement[bool]:
    """Whether the person of a head has a delivery on a channel, of a round."""
    step = deliveries.alias()
    return exists(
        select(step.c.id).where(
            step.c.recipient_id == deliveries.c.recipient_id,
            step.c.owner_id == deliveries.c.owner_id,
            step.c.channel == channel,
            step.c.round == number,
        )
    )


def can(channel: object) -> ColumnElement[bool]:
    """Whether a person can be reached on a channel."""
    return recipients.c.channels.op("&")(channel) != 0


def _first_of(lost: ColumnElement[bool]) -> ColumnElement[bool]:
    """The other channel for the first time: at once if this one has failed."""
    return lost | ((deliveries.c.sent_at < bindparam("sent_before")) & _ASKS)


def _once_more() -> ColumnElement[bool]:
    """A further call: after the one before, and after the text of whoever has one."""
    text, call = int(Channel.SMS), int(Channel.VOICE)
    return and_(
        has_step(call, bindparam("to_round") + 1),
        ~can(text) | has_step(text, 0),
        or_(
            _WAS_LOST & (deliveries.c.state_at < bindparam("sent_before")),
            (deliveries.c.sent_at < bindparam("sent_before")) & _ASKS,
        ),
    )


def _due_people(when: ColumnElement[bool]) -> Select[Any]:
    """People whose turn has come, in the order of ix_deliveries_not_followed."""
    return (
        select(
            recipients.c.subscriber_id,
            subscribers.c.phone,
            recipients.c.language,
            recipients.c.position,
            deliveries.c.content_id,
            deliveries.c.deadline,
        )
        .select_from(HEADS)
        .where(
            IS_OPEN,
            deliveries.c.channel == bindparam("from_channel"),
            # Known before the person is looked up; the sum keeps SQLite from taking
            # the index that begins with the state.
            deliveries.c.state + 0 < int(DeliveryState.CONFIRMED),
            deliveries.c.deadline > bindparam("now"),
            can(bindparam("to_channel")),
            when,
            ~has_step(bindparam("to_channel"), bindparam("to_round")),
        )
        # The planner gives a person and their deliveries one position.
        .order_by(deliveries.c.position)
        .limit(bindparam("limit"))
    )


#: By whether it is the first time on that channel.
_DUE = {True: _due_people(_first_of(_WAS_LOST)), False: _due_people(_once_more())}
_AMONG = deliveries.c.recipient_id.in_(bindparam("among", expanding=True))
_DUE_AMONG = {is_first: wanted.where(_AMONG) for is_first, wanted in _DUE.items()}

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
        deliveries.c.state.in_(LOST),
        deliveries.c.channel == bindparam("from_channel"),
    )
)


def due(
    connection: Connection,
    alert: int,
    owner_ref: str,
    turn: Turn,
    *,
    sent_before: datetime,
    now: datetime,
    limit: int,
    among: Sequence[int] | None = None,
) -> list[EscalationCandidate]:
    """People whose turn has come; see ``warning.ports``."""
    owner_id = Owners(connection).find(owner_ref)
    if owner_id is None:
        return []
    values = {
        "alert": alert,
        "owner_id": owner_id,
        "from_channel": int(turn.from_channel),
        "to_channel": int(turn.to_channel),
        "to_round": turn.round,
        "unless": int(turn.unless),
        "sent_before": sent_before,
        "now": now,
        "limit": limit,
    }
    is_first = turn.round == 0
    if among is not None:
        rows = connection.execute(
            _DUE_AMONG[is_first], values | {"among": rounded(among)}
        )
    elif connection.scalar(_MAY_BE_DUE, values):
        rows = connection.execute(_DUE[is_first], values)
    else:
        return []
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
