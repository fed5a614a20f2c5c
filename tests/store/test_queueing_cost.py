"""What a chunk of a warning costs does not grow with the chunks before it."""

from __future__ import annotations

import sqlite3
from typing import cast

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from tests.store.rows import a_content, a_delivery

_CHUNK = 50
#: Instructions of SQLite's machine between two countings.
_STEP = 10


def steps_of(uow: SqlUnitOfWork, first: int) -> int:
    """How much SQLite does to queue a chunk of people."""
    raw = cast("sqlite3.Connection", uow._connection.connection.driver_connection)
    content_id = uow.outbox.add_content(a_content())
    people = range(first, first + _CHUNK)
    deliveries = [a_delivery(n, content_id, position=n) for n in people]
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    raw.set_progress_handler(count, _STEP)
    try:
        uow.outbox.enqueue(deliveries)
    finally:
        raw.set_progress_handler(None, 0)
    return counted


def test_a_late_chunk_costs_what_an_early_one_did(sqlite: Database) -> None:
    """It is asked whether a chunk follows an earlier step; nobody reads them all."""
    with sqlite.unit_of_work() as uow:
        early = steps_of(uow, 1)
        for n in range(1, 40):
            steps_of(uow, 1 + n * _CHUNK)
        late = steps_of(uow, 1 + 40 * _CHUNK)
    assert late < 1.5 * early
