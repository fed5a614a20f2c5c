"""The telco's own limits: so many a second, and so many calls at once.

Real seconds, whatever the time scale: the customer's pacing is measured against these.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

#: Bursts up to this long are accepted, as carriers count per second.
_BURST_S = 1.0


class Pace:
    """A limit per second, either refusing what is over it or giving it a later slot.

    Parameters
    ----------
    per_s : float or None
        None: no limit.
    now : callable
        Monotonic seconds.
    """

    def __init__(self, per_s: float | None, *, now: Callable[[], float]) -> None:
        self._gap_s = 0.0 if per_s is None else 1.0 / per_s
        self._now = now
        # When the next request would be due if they came evenly.
        self._due = 0.0

    def admit(self) -> int | None:
        """Take one request in, or say how many whole seconds to wait.

        Returns
        -------
        int or None
            None if it is within the limit; otherwise seconds for `Retry-After`.
        """
        if not self._gap_s:
            return None
        now = self._now()
        self._due = max(self._due, now)
        ahead = self._due - now
        if ahead > _BURST_S - self._gap_s + 1e-9 and ahead > 0.0:
            return max(1, ceil(ahead - _BURST_S + self._gap_s))
        self._due += self._gap_s
        return None

    def slot_s(self) -> float:
        """Take one request in; seconds from now when its turn comes."""
        if not self._gap_s:
            return 0.0
        now = self._now()
        self._due = max(self._due, now)
        wait = self._due - now
        self._due += self._gap_s
        return wait
