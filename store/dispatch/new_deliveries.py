"""Queueing deliveries, and what that adds to the tallies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from store.dispatch.delivery_changes import DeliveryChanges, counted
from store.sql.bulk import execute_many
from store.sql.conflicts import insert_counted, insert_new
from store.tables.deliveries import deliveries
from store.tables.tallies import delivery_steps
from telephony.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from store.dispatch.owners import Owners

_QUEUED = int(DeliveryState.QUEUED)


def write_new(
    connection: Connection, owners: Owners, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Write rows of deliveries; those that exist are left alone.

    Returns
    -------
    int
        How many were new.
    """
    counts = counted(owners, {row["owner_id"] for row in rows})
    # By step: of those whose owners are counted it has to be known how many of which
    # were new, and a database says so for a whole statement.
    steps: dict[tuple[int, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        owner_id = row["owner_id"]
        is_counted = owner_id in counts
        key = (owner_id, row["channel"], row["round"]) if is_counted else ()
        steps[key].append(row)
    statement = insert_new(connection, deliveries)
    changes = DeliveryChanges(connection, owners)
    n_new = 0
    for step, some in sorted(steps.items()):
        n = insert_counted(connection, statement, some)
        n_new += n
        if step:
            changes.add((step[0], step[1], _QUEUED, None), n)
    _note_steps(connection, [step for step in steps if step])
    changes.write()
    return n_new


def _note_steps(connection: Connection, steps: Sequence[tuple[int, ...]]) -> None:
    if steps:
        names = ("owner_id", "channel", "round")
        execute_many(
            connection,
            insert_new(connection, delivery_steps),
            [dict(zip(names, step, strict=True)) for step in sorted(steps)],
        )
