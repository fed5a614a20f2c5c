"""The log of SQLite is carried over from beside, and does not grow for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.database import Database
from store.sql.checkpoints import Checkpointer, LogState
from store.sql.write_lock import WriteLock
from telephony.precedence import Precedence
from tests.store.people import register


def write(database: Database, first: int) -> None:
    """A transaction of a few dozen pages."""
    with database.unit_of_work() as uow:
        register(uow, *range(first, first + 50))
        uow.commit()


def n_people(database: Database) -> int:
    with database.read_only() as uow:
        return uow.subscribers.count()


@pytest.fixture
def lock() -> WriteLock:
    return WriteLock(timeout_s=0.0)


def test_what_was_committed_is_carried_over(sqlite: Database, lock: WriteLock) -> None:
    """The file has it, and so does whoever reads."""
    write(sqlite, 0)
    state = Checkpointer(sqlite._engine, lock).run_once()
    assert state.n_carried == state.n_pages > 0
    assert n_people(sqlite) == 50


class KnowingLock(WriteLock):
    """Knows whether it is held."""

    is_held = False

    def acquire(self, precedence: Precedence = Precedence.ORDINARY) -> None:
        super().acquire(precedence)
        self.is_held = True

    def release(self) -> None:
        self.is_held = False
        super().release()


class Watched(Checkpointer):
    """Notes of every round whether somebody could have written meanwhile."""

    def __init__(self, database: Database, **choices: int) -> None:
        self._lock = KnowingLock()
        super().__init__(database._engine, self._lock, **choices)
        self.rounds: list[str] = []

    def _carry(self) -> LogState:
        self.rounds.append("alone" if self._lock.is_held else "beside")
        return super()._carry()


def test_a_long_log_is_emptied_in_a_moment_without_writers(sqlite: Database) -> None:
    """All but what has just come is carried over before; then writing goes on."""
    write(sqlite, 0)
    checkpointer = Watched(sqlite, begin_anew_at=1)
    state = checkpointer.run_once()
    assert checkpointer.rounds == ["beside", "beside", "alone"]
    assert state.n_carried == state.n_pages > 0
    write(sqlite, 50)
    assert n_people(sqlite) == 100


def test_the_log_does_not_grow_while_it_is_carried_over(sqlite: Database) -> None:
    """Ten transactions take no more room than one."""
    sizes = []
    for turn in range(10):
        write(sqlite, 50 * turn)
        sizes.append(Watched(sqlite).run_once().n_pages)
    assert max(sizes) < sum(sizes) / 4, sizes


def test_a_short_log_keeps_nobody_from_writing(
    sqlite: Database, lock: WriteLock
) -> None:
    """It is carried over although somebody holds the lock all the while."""
    write(sqlite, 0)
    lock.acquire()
    with ThreadPoolExecutor(1) as beside:
        state = beside.submit(Checkpointer(sqlite._engine, lock).run_once).result()
    assert state.n_carried == state.n_pages > 0


def test_a_reader_keeps_what_it_began_with(sqlite: Database, lock: WriteLock) -> None:
    """Pages that somebody still reads the older form of stay in the log till later."""
    checkpointer = Checkpointer(sqlite._engine, lock, begin_anew_at=1)
    write(sqlite, 0)
    with sqlite.read_only() as reader:
        assert reader.subscribers.count() == 50
        write(sqlite, 50)
        state = checkpointer.run_once()
        assert state.n_carried < state.n_pages
        assert reader.subscribers.count() == 50
    state = checkpointer.run_once()
    assert state.n_carried == state.n_pages
    assert n_people(sqlite) == 100


def test_the_database_does_it_for_either_kind(database: Database) -> None:
    """PostgreSQL has nothing to carry over; the worker need not know."""
    write(database, 0)
    assert database.carry_over() == 0
    assert n_people(database) == 50
