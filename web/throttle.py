"""Guessing passwords is made slow: after a few failures each further one waits longer.

Kept in memory by the one web process. A restart forgets, which costs an attacker
nothing and an operator locked out at night everything that matters.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Failures that cost nothing: one person's typing mistakes.
FREE_FAILURES = 5
#: The same for one address, where a whole control room may sit.
FREE_FAILURES_OF_ADDRESS = 30
MAX_WAIT = timedelta(minutes=5)
#: After this long without a failure everything is forgotten.
MEMORY = timedelta(hours=1)
MAX_KEYS = 10_000


@dataclass(slots=True)
class _Record:
    failures: int
    last: datetime


class SignInThrottle:
    """Counts failures by name and address together, and by address.

    Not by name alone: anybody could then lock an operator out.

    Parameters
    ----------
    now : callable
        Aware UTC.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[str, ...], _Record] = OrderedDict()

    def wait_s(self, name: str, address: str) -> int:
        """Seconds until the next try is heard; 0 for now."""
        with self._lock:
            return max(
                self._wait_s((name.casefold(), address), FREE_FAILURES),
                self._wait_s((address,), FREE_FAILURES_OF_ADDRESS),
            )

    def failed(self, name: str, address: str) -> None:
        """Remember a failure."""
        with self._lock:
            for key in ((name.casefold(), address), (address,)):
                record = self._records.pop(key, None)
                n = record.failures if record and not self._is_old(record) else 0
                self._records[key] = _Record(n + 1, self._now())
            while len(self._records) > MAX_KEYS:
                self._records.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this person."""
        with self._lock:
            self._records.pop((name.casefold(), address), None)

    def _is_old(self, record: _Record) -> bool:
        return self._now() - record.last > MEMORY

    def _wait_s(self, key: tuple[str, ...], free: int) -> int:
        record = self._records.get(key)
        if record is None or record.failures < free or self._is_old(record):
            return 0
        doublings = min(record.failures - free, 20)
        wait = min(timedelta(seconds=2**doublings), MAX_WAIT)
        left = (record.last + wait - self._now()).total_seconds()
        return max(0, int(-(-left // 1)))
