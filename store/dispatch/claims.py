"""Taking the next deliveries: a statement pair a lane, however long the queue is."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, literal, select, update

from store.dispatch.delivery_changes import DeliveryChanges
from store.sql.chunks import rounded
from store.tables.deliveries import IS_QUEUED, attempts, deliveries
from telephony.delivery import (
    AttemptId,
    AttemptState,
    Channel,
    ClaimedDelivery,
    ContentId,
    DeliveryId,
    DeliveryState,
    Lane,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from store.dispatch.owners import Owners

#: The next of one channel and lane, read in the order of ix_deliveries_queue.
NEXT_DUE = (
    select(deliveries.c.id)
    .where(
        IS_QUEUED,
        deliveries.c.channel == bindparam("of_channel"),
        deliveries.c.lane == bindparam("of_lane"),
        deliveries.c.not_before <= bindparam("now"),
        deliveries.c.deadline > bindparam("now"),
    )
    .order_by(deliveries.c.not_before, deliveries.c.position)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
# A common table expression, because PostgreSQL may run a subquery with a limit twice.
_due = NEXT_DUE.cte("due")
_TAKE = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_due.c.id)))
    .values(
        state=int(DeliveryState.SENDING),
        state_at=bindparam("now"),
        n_attempts=deliveries.c.n_attempts + 1,
        n_sent=deliveries.c.n_sent + 1,
    )
    .returning(
        deliveries.c.id,
        deliveries.c.n_attempts,
        deliveries.c.n_sent,
        deliveries.c.owner_id,
        deliveries.c.recipient_id,
        deliveries.c.phone,
        deliveries.c.content_id,
        deliveries.c.lane,
        deliveries.c.not_before,
        deliveries.c.position,
        deliveries.c.deadline,
        deliveries.c.code,
    )
)
_INTEND = (
    insert(attempts)
    .from_select(
        [
            "delivery_id",
            "attempt_no",
            "owner_id",
            "channel",
            "deadline",
            "state",
            "intended_at",
            "lease_until",
            "quiet_since",
            "worker",
        ],
        select(
            deliveries.c.id,
            deliveries.c.n_attempts,
            deliveries.c.owner_id,
            deliveries.c.channel,
            deliveries.c.deadline,
            literal(int(AttemptState.INTENDED)),
            bindparam("intended_at", type_=attempts.c.intended_at.type),
            bindparam("lease_until", type_=attempts.c.lease_until.type),
            bindparam("quiet_since", type_=attempts.c.quiet_since.type),
            bindparam("worker", type_=attempts.c.worker.type),
        ).where(deliveries.c.id.in_(bindparam("ids", expanding=True))),
    )
    .returning(attempts.c.delivery_id, attempts.c.id)
)


#: Asked many times a second while a country is told: one seek a lane.
_IS_DUE = (
    select(literal(1))
    .where(
        IS_QUEUED,
        deliveries.c.channel == bindparam("of_channel"),
        deliveries.c.lane == bindparam("of_lane"),
        deliveries.c.not_before <= bindparam("now"),
        deliveries.c.deadline > bindparam("now"),
    )
    .limit(1)
)


#: Of a row that was taken: owner, recipient, code, tries.
_COUNTED_BY = itemgetter(3, 4, 11, 1)

#: Made once: looking a member up by its number takes as long as reading a row.
_LANES = {int(lane): lane for lane in Lane}


def claim(
    connection: Connection,
    owners: Owners,
    channel: Channel,
    *,
    limit: int,
    now: datetime,
    lease_until: datetime,
    lanes: Sequence[Lane],
    worker: int,
) -> list[ClaimedDelivery]:
    """Take deliveries; see ``telephony.ports.DeliveryQueue.claim``."""
    taken: list[Row[*tuple[Any, ...]]] = []
    for lane in sorted(set(lanes)):
        if len(taken) >= limit:
            break
        due = {
            "of_channel": int(channel),
            "of_lane": int(lane),
            "now": now,
            "limit": limit - len(taken),
        }
        rows = connection.execute(_TAKE, due).all()
        taken += sorted(rows, key=lambda row: (row.not_before, row.position, row.id))
    if not taken:
        return []
    intended = connection.execute(
        _INTEND,
        {
            "ids": rounded([row.id for row in taken]),
            "intended_at": now,
            "lease_until": lease_until,
            "quiet_since": now,
            "worker": worker,
        },
    )
    changes = DeliveryChanges(connection, owners)
    changes.claimed(int(channel), list(map(_COUNTED_BY, taken)))
    changes.write()
    attempt_ids: dict[int, int] = {row.delivery_id: row.id for row in intended}
    refs = owners.refs({row.owner_id for row in taken})
    return [
        _claimed(row, attempt_ids[row.id], refs, channel, lease_until) for row in taken
    ]


def has_due(
    connection: Connection, channel: Channel, *, lanes: Sequence[Lane], now: datetime
) -> bool:
    """Whether there is anything to take; see ``telephony.ports.DeliveryQueue``."""
    due = {"of_channel": int(channel), "now": now}
    return any(
        connection.scalar(_IS_DUE, due | {"of_lane": int(lane)}) for lane in lanes
    )


def _claimed(
    row: Row[*tuple[Any, ...]],
    attempt_id: int,
    refs: Mapping[int, str],
    channel: Channel,
    lease_until: datetime,
) -> ClaimedDelivery:
    return ClaimedDelivery(
        delivery_id=DeliveryId(row.id),
        attempt_id=AttemptId(attempt_id),
        attempt_no=row.n_attempts,
        n_sent=row.n_sent,
        owner_ref=refs[row.owner_id],
        recipient_id=row.recipient_id,
        phone=row.phone,
        channel=channel,
        content_id=ContentId(row.content_id),
        lane=_LANES[row.lane],
        deadline=row.deadline,
        lease_until=lease_until,
    )
