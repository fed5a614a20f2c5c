"""Callbacks on disk before the answer, many in one commit.

Each request hands its event in and waits; one thread writes whatever has gathered
meanwhile, up to ``max_batch``, and then releases them all. Under load a commit serves
hundreds of callbacks, alone it costs one callback one commit. Measured against a commit
per request: docs/benchmarks.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from telephony.delivery import CarrierEvent
from telephony.errors import CallbackNotKeptError
from telephony.sending.apart import write_apart

log = logging.getLogger(__name__)

#: How long a refused callback is told of when no other follows, seconds.
REMEMBERED_S = 60.0


def _closed_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate


@dataclass(eq=False, slots=True)
class _Entry:
    """An event whose request waits."""

    event: CarrierEvent
    #: Opened when the event is on disk or refused. A bare lock: thousands of these come
    #: and go in a second, and anything more costs as much as writing the event down.
    gate: threading.Lock = field(default_factory=_closed_gate)
    is_settled: bool = False
    failure: CallbackNotKeptError | None = None

    def settle(self, failure: CallbackNotKeptError | None = None) -> None:
        """Let the request go on; the first word counts."""
        if not self.is_settled:
            self.is_settled, self.failure = True, failure
            self.gate.release()


class GroupCommit:
    """One writer for the callbacks of this process.

    Parameters
    ----------
    keep : callable
        Writes callbacks down; they are durable when it returns.
    max_batch : int
        Callbacks in one commit at most.
    timeout_s : float
        How long a request may wait before it is told that its event is not kept.
    monotonic : callable, optional
        Seconds that only grow.
    """

    def __init__(
        self,
        keep: Callable[[Sequence[CarrierEvent]], None],
        *,
        max_batch: int = 500,
        timeout_s: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keep_all = keep
        self._max_batch = max_batch
        self._timeout_s = timeout_s
        self._waiting: deque[_Entry] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._monotonic = monotonic
        #: When an event was refused last; None if the last one was kept.
        self._refused_at: float | None = None

    @property
    def trouble(self) -> str:
        """One sentence if callbacks are being refused; empty if they are kept.

        It is forgotten after a while without callbacks: nobody would clear it.
        """
        at = self._refused_at
        if at is None or self._monotonic() - at > REMEMBERED_S:
            return ""
        return (
            "Callbacks cannot be kept, so carriers are asked to send them again; see "
            "that the database's disk has room and nobody holds it."
        )

    def keep(self, event: CarrierEvent) -> None:
        """Return when the event is durable.

        Raises
        ------
        CallbackNotKeptError
            If it could not be written, or not in time. The carrier must be told that
            it was not taken; should it be written after all, it is there twice, which
            is harmless.
        """
        entry = _Entry(event)
        with self._changed:
            if self._is_closed:
                raise CallbackNotKeptError("The service is stopping.")
            self._start_if_needed()
            self._waiting.append(entry)
            self._changed.notify()
        if not entry.gate.acquire(timeout=self._timeout_s):
            self._give_up(entry)
            self._refused_at = self._monotonic()
            raise CallbackNotKeptError(
                f"The database did not take the callback within {self._timeout_s:g} s."
            )
        if entry.failure is not None:
            raise entry.failure

    def close(self) -> None:
        """Write what waits, then stop; a database that hangs is not waited for."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(self._timeout_s)

    def _start_if_needed(self) -> None:
        # At the first event and not in __init__: a server forks after building the app.
        # And again should it ever have died: its death must not be the last word.
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._write_for_ever, name="group-commit", daemon=True
            )
            self._thread.start()

    def _give_up(self, entry: _Entry) -> None:
        """Forget an event whose request has gone, while the database hangs."""
        with self._changed:
            if entry in self._waiting:
                self._waiting.remove(entry)

    def _write_for_ever(self) -> None:
        while batch := self._next_batch():
            self._write(batch)

    def _next_batch(self) -> list[_Entry]:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            size = min(len(self._waiting), self._max_batch)
            return [self._waiting.popleft() for _ in range(size)]

    def _write(self, batch: Sequence[_Entry]) -> None:
        try:
            try:
                self._write_together(batch)
            except Exception:
                log.warning("callbacks not kept together", extra={"n": len(batch)})
                if len(batch) == 1:
                    raise
                write_apart(batch, lambda entry: self._write_together([entry]))
        except Exception as error:
            self._refused_at = self._monotonic()
            log.exception("callbacks not kept", extra={"n": len(batch)})
            _refuse(batch, error)
        else:
            _refuse(batch, None)

    def _write_together(self, batch: Sequence[_Entry]) -> None:
        self._keep_all([entry.event for entry in batch])
        self._refused_at = None
        for entry in batch:
            entry.settle()


def _refuse(batch: Sequence[_Entry], cause: Exception | None) -> None:
    """Tell those whose event is not on disk."""
    for entry in batch:
        if not entry.is_settled:
            failure = CallbackNotKeptError("The database did not take the callback.")
            failure.__cause__ = cause
            entry.settle(failure)
