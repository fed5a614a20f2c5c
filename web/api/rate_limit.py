"""No caller of the API may crowd out the others: so many requests a second each.

A bucket for each operator, in the memory of the one web process: ten seconds' worth may
be asked for at once, then it drips.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

#: Seconds' worth of requests that may come at once.
BURST_S = 10.0
_MAX_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class RateLimit:
    """Counts what each caller asks.

    Parameters
    ----------
    per_s : float
        Requests per second of one caller, in the long run.
    now : callable
        Aware UTC.
    """

    def __init__(self, per_s: float, now: Callable[[], datetime]) -> None:
        self._per_s = per_s
        self._most = max(1.0, per_s * BURST_S)
        self._now = now
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Take one request of a caller; seconds until the next is heard, 0 for now."""
        now = self._now()
        with self._lock:
            bucket = self._buckets.pop(caller, None) or _Bucket(self._most, now)
            # A clock that was set back gives nothing and takes nothing.
            passed_s = max(0.0, (now - bucket.at).total_seconds())
            left = min(self._most, bucket.left + passed_s * self._per_s)
            is_free = left >= 1
            self._buckets[caller] = _Bucket(left - 1 if is_free else left, now)
            while len(self._buckets) > _MAX_CALLERS:
                self._buckets.popitem(last=False)
            return 0.0 if is_free else (1 - left) / self._per_s
