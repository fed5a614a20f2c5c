"""Transactions and the order in which threads get theirs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.database import Database
from store.errors import NestedUnitOfWorkError
from telephony.delivery import ContentId
from telephony.errors import ContentError
from tests.store.people import register
from tests.store.rows import NOW, claim, queue_up


def test_work_goes_on_after_a_commit(database: Database) -> None:
    """What follows a commit is a new transaction, undone on its own."""
    with database.unit_of_work() as uow:
        register(uow, 1)
        uow.commit()
        register(uow, 2)
    with database.read_only() as uow:
        assert uow.subscribers.count() == 1


def test_a_unit_of_work_inside_another_is_a_mistake_not_a_standstill(
    sqlite: Database,
) -> None:
    """One thread that opens two would wait for itself for ever."""
    with sqlite.unit_of_work() as outer:
        with pytest.raises(NestedUnitOfWorkError), sqlite.unit_of_work():
            pass
        register(outer, 1)
        outer.commit()
    with sqlite.unit_of_work() as uow:
        assert uow.subscribers.count() == 1


def test_the_lock_is_free_after_an_error(sqlite: Database) -> None:
    """A use case that fails holds up nobody."""
    for _ in range(2):
        with pytest.raises(ContentError), sqlite.unit_of_work() as uow:
            uow.outbox.content(ContentId(4711))
    with sqlite.unit_of_work() as uow:
        register(uow, 1)


def test_many_threads_lose_no_update(database: Database) -> None:
    """Writers take turns; every one of their changes is there."""

    def write(n: int) -> None:
        with database.unit_of_work() as uow:
            register(uow, n)
            uow.audit.append(at=NOW, actor="x", action="a", subject=f"s{n}", details={})
            uow.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with database.read_only() as uow:
        assert uow.subscribers.count() == 40
        assert [entry.seq for entry in uow.audit.entries()] == list(range(1, 41))
        assert uow.subscribers.revision() == 40


def test_many_workers_claim_everything_once(database: Database) -> None:
    """Two workers never get the same delivery, and none is passed over."""
    with database.unit_of_work() as uow:
        queue_up(uow, *range(300))
        uow.commit()
    barrier = threading.Barrier(4)

    def work(_: int) -> list[int]:
        mine: list[int] = []
        barrier.wait()
        while True:
            with database.unit_of_work() as uow:
                chunk = claim(uow, limit=7)
                uow.commit()
            if not chunk:
                return mine
            mine += [one.recipient_id for one in chunk]

    with ThreadPoolExecutor(4) as pool:
        people = [person for mine in pool.map(work, range(4)) for person in mine]
    assert sorted(people) == list(range(300))


@pytest.mark.postgres
def test_workers_on_postgres_do_not_wait_for_each_other(postgres: Database) -> None:
    """While one worker's claim is open, another takes the next deliveries."""
    with postgres.unit_of_work() as uow:
        queue_up(uow, 1, 2, 3)
        uow.commit()
    with postgres.unit_of_work() as first, postgres.unit_of_work() as second:
        assert [one.recipient_id for one in claim(first, limit=2)] == [1, 2]
        assert [one.recipient_id for one in claim(second)] == [3]
        first.commit()
        second.commit()
