"""The clocks of the machine, in the one place that reads them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: A clock that is right to so much is left alone: it must not jump with every look.
TOLERATED = timedelta(seconds=0.5)
#: An answer that took longer says too little of when it was given, seconds.
_SLOW_S = 1.0


def _utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place


def _no_other_clock() -> timedelta:
    return timedelta(0)


@dataclass(frozen=True, slots=True)
class Clock:
    """Two clocks: one for what is written down, one for what is waited for.

    Parameters
    ----------
    now : callable
        Aware UTC; may jump when the machine's clock is set.
    monotonic : callable
        Seconds that only grow.
    compare : callable
        Looks at the clock that is shared with others; how far ahead of it the machine's
        own is, negative if it is behind.
    """

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    compare: Callable[[], timedelta] = _no_other_clock


class SharedTime:
    """The time by which several machines divide their work: that of their database.

    Whose claim has ended, and who gave a sign of life lately, is read off a clock. If
    each machine read its own, one that is a minute ahead would look into attempts that
    another is making at this moment, and make them again.

    Parameters
    ----------
    own : Clock
        The machine's.
    elsewhere : callable
        Aware UTC of the shared clock; None if there is none but our own.
    """

    def __init__(self, own: Clock, elsewhere: Callable[[], datetime | None]) -> None:
        self._own = own
        self._elsewhere = elsewhere
        #: As it was seen last, and as it is taken off our own.
        self._ahead = self._taken_off = timedelta(0)

    def now(self) -> datetime:
        """What the shared clock shows, by the last look at it; aware UTC."""
        return self._own.now() - self._taken_off

    def compare(self) -> timedelta:
        """Look at the shared clock; how far ahead of it our own is."""
        asked_at, start = self._own.now(), self._own.monotonic()
        shown = self._elsewhere()
        took_s = self._own.monotonic() - start
        if shown is not None and took_s <= _SLOW_S:
            # Shown half-way between question and answer, give or take the other half.
            self._ahead = asked_at + timedelta(seconds=took_s / 2) - shown
            if abs(self._ahead - self._taken_off) > TOLERATED:
                self._taken_off = self._ahead
        return self._ahead

    def clock(self) -> Clock:
        """Both clocks of a machine that goes by this time."""
        return Clock(self.now, self._own.monotonic, self.compare)
