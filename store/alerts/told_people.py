"""Whoever was told by an alert: every delivery that a carrier has, or may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from store.dispatch.owners import Owners
from store.tables.alerts import recipients
from store.tables.deliveries import deliveries
from telephony.delivery import DeliveryState
from warning.recipients import VARIANTS
from warning.told import Told

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

#: A carrier took it, or it is under way, or nobody knows.
_MAY_BE_THERE = deliveries.c.sent_at.is_not(None) | deliveries.c.state.in_(
    (int(DeliveryState.SENDING), int(DeliveryState.UNKNOWN))
)
_NUMBER_OF = {variant.value: number for number, variant in enumerate(VARIANTS)}


def find(connection: Connection, alert: int, owner_ref: str) -> Told:
    """Return them, each once, on the channel that brought it furthest."""
    rows = connection.execute(
        select(
            deliveries.c.recipient_id,
            deliveries.c.channel,
            deliveries.c.state,
            recipients.c.variant,
        )
        .join(
            recipients,
            (recipients.c.alert == alert)
            & (recipients.c.subscriber_id == deliveries.c.recipient_id),
        )
        .where(_is_owner(connection, owner_ref), _MAY_BE_THERE)
    ).all()
    told = np.array(
        [(person, _NUMBER_OF[said], how, state) for person, how, state, said in rows],
        dtype=np.int64,
    ).reshape(-1, 4)
    # The last of a person's rows is the best; of equals the text, it wakes the least.
    told = told[np.lexsort((-told[:, 2], told[:, 3], told[:, 0]))]
    is_last = np.append(told[1:, 0] != told[:-1, 0], np.ones(min(len(told), 1), bool))
    told = told[is_last.astype(bool)]
    return Told(told[:, 0], told[:, 1].astype(np.uint8), told[:, 2].astype(np.uint8))


def is_anybody(connection: Connection, owner_ref: str) -> bool:
    """Whether there is anybody."""
    found = connection.scalar(
        select(deliveries.c.id)
        .where(_is_owner(connection, owner_ref), _MAY_BE_THERE)
        .limit(1)
    )
    return found is not None


def _is_owner(connection: Connection, owner_ref: str) -> ColumnElement[bool]:
    return deliveries.c.owner_id == (Owners(connection).find(owner_ref) or 0)
