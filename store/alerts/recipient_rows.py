"""The people of an alert, once planned: one row each; states only move forward."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import insert_new
from store.tables.alerts import recipients
from warning.recipients import Recipient, RecipientCounts, RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

_ADVANCE = update(recipients).where(
    recipients.c.alert == bindparam("of_alert"),
    recipients.c.subscriber_id == bindparam("person"),
    recipients.c.state < bindparam("reached"),
)


def add(connection: Connection, alert: int, people: Sequence[Recipient]) -> None:
    """Write people; who is there already is left alone."""
    if not people:
        return
    execute_many(
        connection,
        insert_new(connection, recipients),
        [
            {
                "alert": alert,
                "subscriber_id": person.subscriber_id,
                "language": person.language,
                "area_code": person.area_code,
                "channels": int(person.channels),
                "vulnerable": person.vulnerable,
                "position": person.position,
                "excluded": person.excluded.value if person.excluded else None,
                "state": int(RecipientState.PLANNED),
                "variant": person.variant.value,
            }
            for person in people
        ],
    )


def forget(connection: Connection, alert: int, subscriber_ids: Sequence[int]) -> None:
    """Remove people who are to be written out anew."""
    for chunk in in_chunks(subscriber_ids):
        connection.execute(
            delete(recipients).where(
                recipients.c.alert == alert, recipients.c.subscriber_id.in_(chunk)
            )
        )


def advance(
    connection: Connection, alert: int, states: Mapping[int, RecipientState]
) -> None:
    """Move people forward (subscriber id → state); never back."""
    if not states:
        return
    execute_many(
        connection,
        _ADVANCE,
        [
            {
                "of_alert": alert,
                "person": person,
                "reached": int(state),
                "state": int(state),
            }
            for person, state in sorted(states.items())
        ],
    )


def confirmed(
    connection: Connection, alert: int, subscriber_ids: Iterable[int]
) -> frozenset[int]:
    """Which of these people have confirmed, or asked for help."""
    return frozenset(
        person
        for chunk in in_chunks(subscriber_ids)
        for person in connection.scalars(
            select(recipients.c.subscriber_id).where(
                recipients.c.alert == alert,
                recipients.c.subscriber_id.in_(chunk),
                recipients.c.state >= int(RecipientState.CONFIRMED),
            )
        )
    )


def counts(connection: Connection, alert: int) -> RecipientCounts:
    """How an alert's people stand, in total and by area; ``""`` if none is known."""
    rows = connection.execute(
        select(
            recipients.c.area_code,
            recipients.c.excluded,
            recipients.c.state,
            func.count(),
        )
        .where(recipients.c.alert == alert)
        # In the order of the index: no sorting, no row read.
        .group_by(recipients.c.area_code, recipients.c.excluded, recipients.c.state)
    )
    by_state: Counter[RecipientState] = Counter()
    excluded: Counter[str] = Counter()
    by_area: dict[str, Counter[RecipientState]] = defaultdict(Counter)
    for area_code, reason, rank, n in rows:
        if reason is not None:
            excluded[reason] += n
            continue
        state = RecipientState(rank)
        by_state[state] += n
        by_area[area_code or ""][state] += n
    return RecipientCounts(
        by_state=dict(by_state),
        excluded=dict(excluded),
        by_area={area: dict(states) for area, states in by_area.items()},
    )
