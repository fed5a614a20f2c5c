"""A store in memory that keeps state, for tests of what sends, folds and reconciles.

It passes the same contract suite as the databases (``tests/store/contract``), so it
cannot lie; what a report makes of an attempt is the store's own rule, of which there is
one. Only the ports of ``telephony`` are here.
"""

from __future__ import annotations

import threading

from tests.fakes.event_log import FakeEventLog
from tests.fakes.outbox import FakeOutbox
from tests.fakes.queue import FakeQueue
from tests.fakes.rows import Rows
from tests.fakes.strange_words import FakeStrangeWords
from tests.fakes.transactions import OneAtATime


class FakeStore:
    """What is committed; hand ``unit_of_work`` to whatever asks for ``new_uow``."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.lock = threading.Lock()

    def unit_of_work(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self)


class FakeUnitOfWork(OneAtATime):
    """A transaction: works on a copy, which ``commit`` makes true."""

    def __init__(self, store: FakeStore) -> None:
        super().__init__(store.lock)
        self._store = store

    def begin(self) -> None:
        self._rows = self._store.rows.copy()
        self.outbox = FakeOutbox(self._rows)
        self.queue = FakeQueue(self._rows)
        self.events = FakeEventLog(self._rows)
        self.strange_words = FakeStrangeWords(self._rows)

    def commit(self) -> None:
        self._store.rows = self._rows.copy()
