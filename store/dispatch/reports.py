"""Recording what became known about attempts, thousands at a time.

One statement reads the rows, ``progress`` decides, up to three write what changed.
Nothing is decided in SQL, so that both databases and the fake share one rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from store.dispatch.delivery_changes import DeliveryChanges
from store.dispatch.progress import AttemptProgress, DeliveryProgress, take
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.locking import locked
from store.tables.deliveries import attempts, deliveries
from telephony.delivery import AttemptReport, Channel, DeliveryEvent, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from store.dispatch.owners import Owners

_READ = (
    select(
        attempts.c.id,
        attempts.c.attempt_no,
        attempts.c.state,
        attempts.c.quiet_since,
        attempts.c.accepted_at,
        attempts.c.carrier,
        attempts.c.carrier_ref,
        attempts.c.code,
        attempts.c.http_status,
        attempts.c.duration_s,
        attempts.c.answerer,
        deliveries.c.id,
        deliveries.c.owner_id,
        deliveries.c.recipient_id,
        deliveries.c.channel,
        deliveries.c.state,
        deliveries.c.n_attempts,
        deliveries.c.n_sent,
        deliveries.c.code,
        deliveries.c.not_before,
        deliveries.c.sent_at,
        deliveries.c.state_at,
    )
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .where(attempts.c.id.in_(bindparam("ids", expanding=True)))
    # Everybody locks in the same order, so nobody waits for each other in a ring.
    .order_by(attempts.c.id)
)
# The rows say which columns are written: one that is in an index costs even if it
# stays what it was.
_WRITE_ATTEMPT = update(attempts).where(attempts.c.id == bindparam("attempt"))
_WRITE_DELIVERY = update(deliveries).where(deliveries.c.id == bindparam("delivery"))


#: Made once: looking a member up by its number takes as long as reading a row.
_CHANNELS = {int(channel): channel for channel in Channel}
_STATES = {int(state): state for state in DeliveryState}


def apply(
    connection: Connection, owners: Owners, reports: Sequence[AttemptReport]
) -> list[DeliveryEvent]:
    """Record reports; see ``telephony.ports.DeliveryQueue.apply``."""
    known = _read(connection, {int(report.attempt_id) for report in reports})
    # Insertion order: a delivery that changes again moves to the end.
    changes: dict[int, tuple[AttemptProgress, AttemptReport]] = {}
    for report in reports:
        attempt = known.get(report.attempt_id)
        if attempt is not None and take(attempt, report):
            changes.pop(attempt.delivery.delivery_id, None)
            changes[attempt.delivery.delivery_id] = (attempt, report)
    _write_attempts(connection, known.values())
    _write_deliveries(connection, owners, known.values())
    refs = owners.refs({attempt.delivery.owner_id for attempt, _ in changes.values()})
    return [
        event_of(attempt.delivery, report, refs) for attempt, report in changes.values()
    ]


def event_of(
    delivery: DeliveryProgress, report: AttemptReport, refs: Mapping[int, str]
) -> DeliveryEvent:
    """The news of one delivery for its owner."""
    return DeliveryEvent(
        owner_ref=refs[delivery.owner_id],
        recipient_id=delivery.recipient_id,
        channel=_CHANNELS[delivery.channel],
        state=_STATES[delivery.state],
        at=report.at,
        code=delivery.code,
    )


def _read(connection: Connection, ids: Iterable[int]) -> dict[int, AttemptProgress]:
    known: dict[int, AttemptProgress] = {}
    shared: dict[int, DeliveryProgress] = {}
    statement = locked(connection, _READ, attempts, deliveries)
    for chunk in in_chunks(sorted(ids)):
        for row in connection.execute(statement, {"ids": chunk}).all():
            # Two attempts of one delivery must see each other's changes.
            delivery = shared.get(row[11])
            if delivery is None:
                delivery = shared[row[11]] = DeliveryProgress(*row[11:])
            known[row[0]] = AttemptProgress(row[0], delivery, *row[1:11])
    return known


def _write_attempts(connection: Connection, known: Iterable[AttemptProgress]) -> None:
    moved: list[dict[str, object]] = []
    taken: list[dict[str, object]] = []
    for attempt in known:
        if not attempt.is_changed:
            continue
        row: dict[str, object] = {
            "attempt": attempt.attempt_id,
            "state": attempt.state,
            "quiet_since": attempt.quiet_since,
            "code": attempt.code,
            "http_status": attempt.http_status,
            "duration_s": attempt.duration_s,
            "answerer": attempt.answerer,
        }
        if attempt.is_newly_taken:
            row["accepted_at"] = attempt.accepted_at
            row["carrier"] = attempt.carrier
            row["carrier_ref"] = attempt.carrier_ref
        (taken if attempt.is_newly_taken else moved).append(row)
    if moved:
        execute_many(connection, _WRITE_ATTEMPT, moved)
    if taken:
        execute_many(connection, _WRITE_ATTEMPT, taken)


def _write_deliveries(
    connection: Connection, owners: Owners, known: Iterable[AttemptProgress]
) -> None:
    changed = {
        attempt.delivery.delivery_id: attempt.delivery
        for attempt in known
        if attempt.delivery.is_changed
    }
    if changed:
        _tally(connection, owners, changed.values())
        execute_many(
            connection,
            _WRITE_DELIVERY,
            [
                {
                    "delivery": delivery.delivery_id,
                    "state": delivery.state,
                    "state_at": delivery.state_at,
                    "n_sent": delivery.n_sent,
                    "code": delivery.code,
                    "not_before": delivery.not_before,
                    "sent_at": delivery.sent_at,
                }
                for delivery in changed.values()
            ],
        )


def _tally(
    connection: Connection, owners: Owners, changed: Iterable[DeliveryProgress]
) -> None:
    changes = DeliveryChanges(connection, owners)
    changes.move(
        (one.owner_id, one.channel, one.before, (one.state, one.code))
        for one in changed
    )
    changes.write()
