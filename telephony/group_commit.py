"""Callbacks on disk before the answer, many in one commit.

Each request hands its event in and waits; one thread writes whatever has gathered
meanwhile, up to ``max_batch``, and then releases them all. Under load a commit serves
hundreds of callbacks, alone it costs one callback one commit. Measured against a commit
per request: docs/benchmarks.md.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future

from telephony.delivery import CarrierEvent
from telephony.errors import CallbackNotKeptError
from telephony.ports import NewUnitOfWork


class GroupCommit:
    """One writer for the callbacks of this process.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    max_batch : int
        Callbacks in one commit at most.
    timeout_s : float
        How long a request may wait before it is told that its event is not kept.
    """

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        *,
        max_batch: int = 500,
        timeout_s: float = 10.0,
    ) -> None:
        self._new_uow = new_uow
        self._max_batch = max_batch
        self._timeout_s = timeout_s
        self._waiting: deque[tuple[CarrierEvent, Future[None]]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def keep(self, event: CarrierEvent) -> None:
        """Return when the event is durable.

        Raises
        ------
        CallbackNotKeptError
            If it could not be written, or not in time. The carrier must be told that
            it was not taken.
        """
        kept: Future[None] = Future()
        with self._changed:
            if self._is_closed:
                raise CallbackNotKeptError("The service is stopping.")
            self._start_once()
            self._waiting.append((event, kept))
            self._changed.notify()
        try:
            kept.result(self._timeout_s)
        except TimeoutError:
            kept.cancel()
            raise CallbackNotKeptError(
                f"The database did not take the callback within {self._timeout_s:g} s."
            ) from None

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _start_once(self) -> None:
        # At the first event and not in __init__: a server forks after building the app.
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._write_for_ever, name="group-commit", daemon=True
            )
            self._thread.start()

    def _write_for_ever(self) -> None:
        while batch := self._next_batch():
            self._write(batch)

    def _next_batch(self) -> list[tuple[CarrierEvent, Future[None]]]:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            size = min(len(self._waiting), self._max_batch)
            return [self._waiting.popleft() for _ in range(size)]

    def _write(self, batch: list[tuple[CarrierEvent, Future[None]]]) -> None:
        # A request that gave up has said "not taken"; the carrier will come again.
        live = [
            (event, kept)
            for event, kept in batch
            if kept.set_running_or_notify_cancel()
        ]
        try:
            with self._new_uow() as uow:
                uow.events.append([event for event, _ in live])
                uow.commit()
        except Exception as error:  # noqa: BLE001 - every waiter must be told
            failure = CallbackNotKeptError("The database did not take the callback.")
            failure.__cause__ = error
            for _, kept in live:
                kept.set_exception(failure)
            return
        for _, kept in live:
            kept.set_result(None)
