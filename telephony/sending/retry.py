"""When to try a delivery again, or to give up. Pure: clock and chance are arguments."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from telephony.carriers.failures import Pace, Signal


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses of one pace: the first, each longer than the last, up to a longest."""

    #: Seconds, > 0; never is a pause shorter.
    first_s: float
    #: Each pause is this many times the one before, >= 1.
    factor: float
    #: Seconds.
    longest_s: float
    #: Tries in all, the first one included; None until the deadline.
    max_attempts: int | None = None

    def pause_s(self, attempt_no: int) -> float:
        """Pause after this try, seconds, before chance is added."""
        # Bounded exponent: 2 ** 5000 is no float.
        return min(
            self.longest_s, self.first_s * self.factor ** min(attempt_no - 1, 64)
        )


#: What carriers and people put up with, where the settings do not say otherwise.
DEFAULT_BACKOFFS: Mapping[Pace, Backoff] = MappingProxyType(
    {
        # Nothing is wrong with the person: as long as there is time.
        Pace.SOON: Backoff(first_s=1, factor=2, longest_s=30),
        Pace.LATER: Backoff(first_s=60, factor=2, longest_s=600, max_attempts=4),
        Pace.REDIAL: Backoff(first_s=90, factor=1.5, longest_s=300, max_attempts=3),
    }
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Says when the next try is due, from why the last one failed.

    Parameters
    ----------
    backoffs : mapping of Pace to Backoff
        A pace without an entry is never tried again.
    jitter : float
        Share of the pause that chance may add, >= 0, so that thousands that failed
        together do not come back together.

    Notes
    -----
    With ``n`` the number of the try that failed and ``u`` uniform in [0, 1)::

        pause = min(longest, first * factor ** (n - 1)) * (1 + jitter * u)
        floor = max(first, what the carrier asked for)
        when  = now + max(floor, min(pause, half the time left))

    The ``min`` spends what time is left: a pause of ten minutes, two minutes before the
    water comes, becomes one minute. If ``when`` is not before the deadline, or
    ``n`` is the last try the pace allows, the policy gives up. It never shortens the
    pause a carrier asked for.

    Examples
    --------
    Third try refused with 429 (pace soon: 1, 2, 4 s), without chance:

    >>> from datetime import UTC
    >>> from telephony.carriers.failures import signal_of_answer, signal_of_report
    >>> now = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    >>> hour = now + timedelta(hours=1)
    >>> policy, rng = RetryPolicy(jitter=0), random.Random(1)
    >>> too_fast = signal_of_answer(429, None)
    >>> policy.next_try(3, too_fast, now=now, deadline=hour, rng=rng) - now
    datetime.timedelta(seconds=4)

    The carrier asked for 20 s:

    >>> policy.next_try(
    ...     1, too_fast, now=now, deadline=hour, rng=rng, retry_after_s=20
    ... ) - now
    datetime.timedelta(seconds=20)

    Busy, second try (pace redial: 90, 135 s); then the last one; then none:

    >>> busy = signal_of_report("busy")
    >>> policy.next_try(2, busy, now=now, deadline=hour, rng=rng) - now
    datetime.timedelta(seconds=135)
    >>> policy.next_try(3, busy, now=now, deadline=hour, rng=rng) is None
    True

    Four minutes are left, so the 135 s become 120; one minute is too little:

    >>> near = now + timedelta(minutes=4)
    >>> policy.next_try(2, busy, now=now, deadline=near, rng=rng) - now
    datetime.timedelta(seconds=120)
    >>> near = now + timedelta(minutes=1)
    >>> policy.next_try(2, busy, now=now, deadline=near, rng=rng) is None
    True
    """

    backoffs: Mapping[Pace, Backoff] = field(default_factory=lambda: DEFAULT_BACKOFFS)
    jitter: float = 0.5

    def next_try(
        self,
        attempt_no: int,
        cause: Signal,
        *,
        now: datetime,
        deadline: datetime,
        rng: random.Random,
        retry_after_s: float | None = None,
    ) -> datetime | None:
        """When to try again, or None to give up.

        Parameters
        ----------
        attempt_no : int
            Number of the try that failed, 1 for the first; tries that left and tries
            that never did are counted apart.
        cause : Signal
            Why it failed (``failures``).
        now, deadline : datetime
            Aware; nothing is tried at or after the deadline.
        rng : random.Random
            Source of the jitter.
        retry_after_s : float, optional
            What the carrier asked for, seconds.

        Returns
        -------
        datetime or None
            Strictly after ``now`` and strictly before ``deadline``.
        """
        backoff = self.backoffs.get(cause.pace)
        if backoff is None or attempt_no >= (backoff.max_attempts or math.inf):
            return None
        floor_s = max(backoff.first_s, retry_after_s or 0.0)
        pause_s = backoff.pause_s(attempt_no) * (1 + self.jitter * rng.random())
        left_s = (deadline - now).total_seconds()
        pause_s = max(floor_s, min(pause_s, left_s / 2))
        # Before adding: the sum would overflow for a carrier that asks for centuries.
        if pause_s >= left_s:
            return None
        when = now + timedelta(seconds=pause_s)
        # A microsecond's rounding may land on the deadline itself.
        return when if when < deadline else None
