"""Numbers without gaps: taking the next one locks the counter until the end.

A sequence of PostgreSQL would be faster and leave gaps, and would show a higher number
before a lower one is committed: a reader that asks "what is new since 7" would miss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from store.tables.operation import counters

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Grows with every transaction that changes people or places.
PEOPLE_REVISION = "people_revision"
#: Grows with every transaction that changes areas.
AREAS_REVISION = "areas_revision"
#: Sequence number of the newest audit entry.
AUDIT_SEQ = "audit_seq"

#: Number of the worker that started last.
WORKERS = "workers"

#: Grows with every transaction that changes volunteers or their places.
RESPONDERS_REVISION = "responders_revision"

#: Number of the newest callback that was moved here from the inbox.
COLLECTED = "callbacks_collected"

#: Number of the newest audit entry of which other systems were told.
TOLD = "webhooks_told"

#: Number of the newest file of people that was begun with.
IMPORTS = "imports"

#: Number of the newest rules of escalation.
ESCALATION_RULES = "escalation_rules"

#: Number of the newest change of the texts that alerts are written in.
MESSAGE_TEXTS = "message_texts"

NAMES = (
    AREAS_REVISION,
    AUDIT_SEQ,
    COLLECTED,
    ESCALATION_RULES,
    IMPORTS,
    MESSAGE_TEXTS,
    PEOPLE_REVISION,
    RESPONDERS_REVISION,
    TOLD,
    WORKERS,
)


def set_to(connection: Connection, name: str, value: int) -> None:
    """Write a counter that numbers something elsewhere."""
    connection.execute(
        update(counters).where(counters.c.name == name).values(value=value)
    )


def take_next(connection: Connection, name: str) -> int:
    """Return the next number; others wait until this transaction ends."""
    value: int | None = connection.scalar(
        update(counters)
        .where(counters.c.name == name)
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    )
    assert value is not None, "the first migration writes every counter"
    return value


def current(connection: Connection, name: str) -> int:
    """Return the number taken last; 0 if none was."""
    value: int | None = connection.scalar(
        select(counters.c.value).where(counters.c.name == name)
    )
    return value or 0
