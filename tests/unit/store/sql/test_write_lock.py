"""The lock that threads get in the order in which they asked for it."""

from __future__ import annotations

import threading

import pytest

from store.errors import NestedUnitOfWorkError, StoreUnavailableError
from store.sql.write_lock import WriteLock
from telephony.precedence import Precedence


def wait_until_queued(lock: WriteLock, n: int) -> None:
    """Let the other threads get to where they wait."""
    while sum(map(len, lock._waiting)) < n:
        threading.Event().wait(0.001)


def test_whoever_has_waited_longest_is_next() -> None:
    """Nobody is passed over, however many ask."""
    lock, order = WriteLock(), list[int]()
    lock.acquire()

    def take(n: int) -> None:
        lock.acquire()
        order.append(n)
        lock.release()

    threads = []
    for n in range(5):
        threads.append(threading.Thread(target=take, args=(n,)))
        threads[-1].start()
        wait_until_queued(lock, n + 1)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_the_more_urgent_goes_first() -> None:
    """Before all who are less so, and in turn among themselves."""
    lock, order = WriteLock(), list[str]()
    lock.acquire()

    def take(name: str) -> None:
        lock.acquire(Precedence[name.partition(" ")[0].upper()])
        order.append(name)
        lock.release()

    threads = []
    names = ["ordinary 1", "ordinary 2", "sending 1", "urgent 1", "urgent 2"]
    for name in names:
        threads.append(threading.Thread(target=take, args=(name,)))
        threads[-1].start()
        wait_until_queued(lock, len(threads))
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [*names[3:], names[2], *names[:2]]


def test_the_same_thread_may_not_ask_twice() -> None:
    """It would wait for itself; it is told instead, and holds the lock still."""
    lock = WriteLock()
    lock.acquire()
    with pytest.raises(NestedUnitOfWorkError):
        lock.acquire()
    lock.release()
    lock.acquire()


def test_nobody_waits_for_ever() -> None:
    """Who gives up leaves the queue, and whoever is behind gets the turn."""
    lock = WriteLock(timeout_s=0.01)
    lock.acquire()
    told: list[BaseException] = []

    def give_up() -> None:
        try:
            lock.acquire()
        except StoreUnavailableError as error:
            told.append(error)

    thread = threading.Thread(target=give_up)
    thread.start()
    thread.join()
    assert len(told) == 1
    assert not any(lock._waiting)
    lock.release()
    lock.acquire()


def test_a_turn_that_comes_in_the_last_moment_is_taken() -> None:
    """Giving up and being called at once ends with the lock in our hands."""
    lock, turn = WriteLock(timeout_s=0.0), threading.Event()
    turn.set()
    lock._give_up(threading.get_ident(), turn, lock._waiting[0])
