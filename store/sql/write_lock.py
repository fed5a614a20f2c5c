"""A lock that threads get in the order in which they asked for it.

SQLite lets one writer in and makes the others poll with growing pauses, so that a
thread may wait seconds while others pass it. Threads of one process therefore queue
here, and processes queue at a turnstile.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from store.errors import NestedUnitOfWorkError, StoreUnavailableError
from telephony.precedence import Precedence

if TYPE_CHECKING:
    from store.sql.turnstile import Turnstile

#: Threads that wait, and what wakes each.
_Queue: TypeAlias = deque[tuple[int, threading.Event]]


class WriteLock:
    """First come, first served, by precedence; not reentrant.

    Parameters
    ----------
    turnstile : Turnstile, optional
        Where the one thread whose turn it is waits for other processes.
    timeout_s : float
        How long to wait for a turn among threads before giving up.
    """

    def __init__(
        self, turnstile: Turnstile | None = None, *, timeout_s: float = 60.0
    ) -> None:
        self._turnstile = turnstile
        self._timeout_s = timeout_s
        self._guard = threading.Lock()
        self._holder: int | None = None
        #: By precedence, the first to go first.
        self._waiting: tuple[_Queue, ...] = tuple(deque() for _ in Precedence)

    def acquire(self, precedence: Precedence = Precedence.ORDINARY) -> None:
        """Wait for our turn.

        Parameters
        ----------
        precedence : Precedence
            Go before all threads of a lower one.

        Raises
        ------
        NestedUnitOfWorkError
            If this thread holds the lock already: it would wait for itself.
        StoreUnavailableError
            If the turn does not come in time.
        """
        self._wait_for_threads(threading.get_ident(), self._waiting[precedence])
        if self._turnstile is None:
            return
        try:
            self._turnstile.acquire()
        except BaseException:
            self._hand_on()
            raise

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        if self._turnstile is not None:
            self._turnstile.release()
        self._hand_on()

    def close(self) -> None:
        """Let go of what is held open between uses; the next use opens it again."""
        if self._turnstile is not None:
            self._turnstile.close()

    def _wait_for_threads(self, me: int, queue: _Queue) -> None:
        with self._guard:
            if self._holder == me:
                raise NestedUnitOfWorkError(
                    "This thread has a writing unit of work open; commit or leave it "
                    "before opening another."
                )
            if self._holder is None:
                self._holder = me
                return
            turn = threading.Event()
            queue.append((me, turn))
        if not turn.wait(self._timeout_s):
            self._give_up(me, turn, queue)

    def _hand_on(self) -> None:
        with self._guard:
            self._holder = None
            if queue := next(filter(None, self._waiting), None):
                self._holder, turn = queue.popleft()
                turn.set()

    def _give_up(
        self,
        me: int,
        turn: threading.Event,
        queue: _Queue,
    ) -> None:
        with self._guard:
            if turn.is_set():
                return  # It came in the last moment.
            queue.remove((me, turn))
        raise StoreUnavailableError(
            f"The database was being written to for {self._timeout_s:.0f} s without a "
            "pause; the request was not carried out. Try again."
        )
