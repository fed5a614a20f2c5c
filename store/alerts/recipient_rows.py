"""The people of an alert, once planned: one row each; states only move forward."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from store.alerts.recipient_changes import RecipientChanges
from store.sql.among import ids_for, is_among
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import insert_new
from store.tables.alerts import recipients
from warning.recipients import Recipient, RecipientCounts, RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Select, Update

#: What people are counted by.
_STANDING = (recipients.c.area_code, recipients.c.excluded, recipients.c.state)
#: Looked up for thousands of rows: asking the enumeration costs five times more.
_STATES = {int(state): state for state in RecipientState}


class _Statements(NamedTuple):
    """What is asked and written of some people at once."""

    known: Select[int]
    #: How those stand who have not come so far.
    behind: Select[*tuple[Any, ...]]
    advance: Update


def add(connection: Connection, alert: int, people: Sequence[Recipient]) -> None:
    """Write people; who is there already is left alone."""
    dialect = connection.dialect.name
    ids = ids_for(dialect, [person.subscriber_id for person in people])
    of = {"of_alert": alert, "people": ids}
    known = set(connection.scalars(_statements(dialect).known, of))
    new = [person for person in people if person.subscriber_id not in known]
    if not new:
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
            for person in new
        ],
    )
    changes = RecipientChanges(connection, alert)
    for person in new:
        excluded = person.excluded.value if person.excluded else None
        changes.add((person.area_code, excluded, int(RecipientState.PLANNED)))
    changes.write()


def forget(connection: Connection, alert: int, subscriber_ids: Sequence[int]) -> None:
    """Remove people who are to be written out anew."""
    changes = RecipientChanges(connection, alert)
    for chunk in in_chunks(subscriber_ids):
        for standing in connection.execute(
            delete(recipients)
            .where(recipients.c.alert == alert, recipients.c.subscriber_id.in_(chunk))
            .returning(*_STANDING)
        ):
            changes.add(tuple(standing), -1)
    changes.write()


def advance(
    connection: Connection, alert: int, states: Mapping[int, RecipientState]
) -> None:
    """Move people forward (subscriber id → state); never back."""
    by_state: defaultdict[int, list[int]] = defaultdict(list)
    for person, state in states.items():
        by_state[int(state)].append(person)
    changes = RecipientChanges(connection, alert)
    dialect = connection.dialect.name
    statements = _statements(dialect)
    for reached, people in sorted(by_state.items()):
        ids = ids_for(dialect, people)
        of = {"of_alert": alert, "people": ids, "reached": reached}
        behind = connection.execute(statements.behind, of).all()
        for area_code, excluded, rank, n in behind:
            changes.add((area_code, excluded, rank), -n)
            changes.add((area_code, excluded, reached), n)
        if behind:
            connection.execute(statements.advance, of)
    changes.write()


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
    """How an alert's people stand, by area too; ``""`` if none is known. Reads all."""
    rows = connection.execute(
        select(*_STANDING, func.count())
        .where(recipients.c.alert == alert)
        .group_by(*_STANDING)
    )
    return counts_of(rows)


def counts_of(rows: Iterable[Sequence[Any]]) -> RecipientCounts:
    """Put counts together: rows of area code, exclusion, state and how many."""
    by_rank: Counter[int] = Counter()
    excluded: Counter[str] = Counter()
    by_area: dict[str, dict[RecipientState, int]] = {}
    for area_code, reason, rank, n in rows:
        if reason is not None:
            excluded[reason] += n
            continue
        by_rank[rank] += n
        states = by_area.setdefault(area_code or "", {})
        state = _STATES[rank]
        states[state] = states.get(state, 0) + n
    return RecipientCounts(
        by_state={_STATES[rank]: n for rank, n in by_rank.items()},
        excluded=dict(excluded),
        by_area=by_area,
    )


@lru_cache
def _statements(dialect: str) -> _Statements:
    are_meant = (
        recipients.c.alert == bindparam("of_alert"),
        is_among(dialect, recipients.c.subscriber_id, "people"),
    )
    is_behind = recipients.c.state < bindparam("reached")
    # Their rows are taken for this transaction alone, where a database lets several
    # write: what is counted is what is changed next. Found by their ids: SQLite would
    # rather walk through the whole alert, because that index is in the order wanted.
    behind = (
        select(*_STANDING)
        .where(*are_meant, is_behind)
        .order_by(recipients.c.subscriber_id)
        .with_for_update()
        .cte("behind")
        .prefix_with("MATERIALIZED")
    )
    return _Statements(
        known=select(recipients.c.subscriber_id).where(*are_meant),
        behind=select(*behind.c, func.count()).group_by(*behind.c),
        advance=update(recipients)
        .where(*are_meant, is_behind)
        .values(state=bindparam("reached")),
    )
