"""How fast a carrier may be asked: per second, at once, and who goes first.

The pace is the carrier's, not ours: a telco that takes one call a second rings nobody
sooner for being asked a thousand times. Time and waiting are given, so that a test
needs neither. Times are seconds of a monotonic clock.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import Awaitable, Callable

from telephony.delivery import Lane

#: Tokens are sums of many small floats.
_ROUNDING = 1e-9
#: What any second may exceed the pace by when requests leave; on their way to the
#: carrier some are overtaken, and there it has to be a twentieth at most.
_TOLERANCE = 0.04
#: After a "slow down": the pace is multiplied by this at once …
_SLOW_DOWN_FACTOR = 0.5
#: … but never falls below this share of the configured pace, …
_SLOWEST_SHARE = 0.05
#: … and grows back by this share of the configured pace every second.
_RECOVERY_PER_S = 0.05
#: The pace may change while somebody waits, so it is looked at so often, seconds.
_LOOK_S = 1.0


class TokenBucket:
    """Spaces requests so that every second holds the pace.

    Parameters
    ----------
    per_s : float
        Requests per second, > 0; may be below 1.

    Raises
    ------
    ValueError
        If the pace is not above zero.

    Notes
    -----
    The bucket fills by ``per_s`` a second and holds ``1 + floor(0.04 per_s)`` tokens:
    any second, wherever it begins, sees at most ``per_s + floor(0.04 per_s)`` requests,
    and a late wake-up is made good as long as it is shorter than a 25th of a second.
    Below 25 a second nothing is made good and requests are evenly spaced.
    """

    def __init__(self, per_s: float) -> None:
        if not per_s > 0:
            raise ValueError(f"A pace of {per_s} a second sends nothing; use above 0.")
        self._whole_per_s = per_s
        self._configured_per_s = per_s
        self._per_s = per_s
        self._changed_at = 0.0
        self._capacity = 1 + int(_TOLERANCE * per_s)
        self._tokens = 1.0
        self._filled_at: float | None = None
        self._closed_until = 0.0

    def per_s(self, now: float) -> float:
        """Requests per second at present, slowed down or not."""
        recovered = self._per_s + (
            _RECOVERY_PER_S * self._configured_per_s * (now - self._changed_at)
        )
        return min(self._configured_per_s, recovered)

    @property
    def whole_per_s(self) -> float:
        """The pace of all workers together."""
        return self._whole_per_s

    @property
    def is_shut(self) -> bool:
        """Whether others have all of the pace."""
        return not self._configured_per_s

    def set_part(self, per_s: float, now: float) -> None:
        """Take so much of the pace, perhaps nothing; others have the rest."""
        if per_s == self._configured_per_s:
            return
        self._fill(now)
        slowed = 1.0 if self.is_shut else self.per_s(now) / self._configured_per_s
        self._configured_per_s = per_s
        self._per_s = slowed * per_s
        self._changed_at = now
        # Nothing is kept for when there is some again: others are using it meanwhile.
        self._capacity = 1 + int(_TOLERANCE * per_s) if per_s else 0
        self._tokens = min(self._tokens, self._capacity)

    def delay_s(self, now: float) -> float:
        """Seconds until a token will be there; 0 when one is."""
        self._fill(now)
        if now < self._closed_until:
            return self._closed_until - now
        missing = 1.0 - self._tokens
        if missing <= _ROUNDING:
            return 0.0
        per_s = self.per_s(now)
        return missing / per_s if per_s else math.inf

    def take(self) -> None:
        """Use up one token; only after :meth:`delay_s` was 0."""
        self._tokens -= 1.0

    def slow_down(self, now: float, *, pause_s: float = 0.0) -> None:
        """Halve the pace, after a pause if the carrier asked for one; it grows back.

        Many refusals at once are one sign, so it takes effect once a second.
        """
        self._fill(now)
        self._closed_until = max(self._closed_until, now + pause_s)
        if self._per_s < self._configured_per_s and now - self._changed_at < 1:
            return
        slower = self.per_s(now) * _SLOW_DOWN_FACTOR
        self._per_s = max(slower, self._configured_per_s * _SLOWEST_SHARE)
        self._changed_at = now

    def _fill(self, now: float) -> None:
        if self._filled_at is not None:
            gained = max(0.0, now - self._filled_at) * self.per_s(now)
            self._tokens = min(self._capacity, self._tokens + gained)
        self._filled_at = now


class Pacer:
    """Gives one carrier's turns out, the most urgent lane first.

    Parameters
    ----------
    bucket : TokenBucket
        The pace.
    now : callable
        Monotonic seconds.
    wait : callable
        Returns when that many seconds have passed, e.g. ``asyncio.sleep``.

    Notes
    -----
    A turn is given at the moment it is due, not when it is asked for: whoever comes
    from a higher lane meanwhile goes first. Belongs to one event loop.
    """

    def __init__(
        self,
        bucket: TokenBucket,
        *,
        now: Callable[[], float],
        wait: Callable[[float], Awaitable[None]],
    ) -> None:
        self._bucket = bucket
        self._now = now
        self._wait = wait
        self._queue = _LaneQueue()
        self._giving: asyncio.Task[None] | None = None

    async def turn(self, lane: Lane) -> None:
        """Return when a request of this lane may leave.

        A cancelled wait costs no turn.
        """
        if not self._queue and not self._bucket.delay_s(self._now()):
            self._bucket.take()
            return
        place = self._queue.join(lane)
        if self._giving is None or self._giving.done():
            self._giving = asyncio.get_running_loop().create_task(self._give_turns())
        await place

    def slow_down(self, retry_after_s: float | None = None) -> None:
        """Halve the pace because the carrier said it is too fast; it grows back."""
        self._bucket.slow_down(self._now(), pause_s=retry_after_s or 0.0)

    @property
    def whole_per_s(self) -> float:
        """Requests per second of all workers together."""
        return self._bucket.whole_per_s

    @property
    def is_shut(self) -> bool:
        """Whether other workers have all of the pace."""
        return self._bucket.is_shut

    def set_part(self, per_s: float) -> None:
        """Take so much of the pace, perhaps nothing; other workers have the rest."""
        self._bucket.set_part(per_s, self._now())

    def per_s(self) -> float:
        """Requests per second at present."""
        return self._bucket.per_s(self._now())

    async def aclose(self) -> None:
        """Give no more turns; those who wait are cancelled."""
        self._queue.cancel_all()
        if self._giving is not None:
            self._giving.cancel()
            await asyncio.gather(self._giving, return_exceptions=True)

    async def _give_turns(self) -> None:
        while self._queue:
            delay_s = self._bucket.delay_s(self._now())
            if delay_s > 0:
                await self._wait(min(delay_s, _LOOK_S))
            elif self._queue.serve_first():
                self._bucket.take()


class CallSlots:
    """Bounds how many calls a carrier holds at once, the most urgent lane first.

    A slot is taken before a call is placed and given back when the call has ended,
    which may be learnt elsewhere and much later; so the number in use can also be set
    from the rows, which are the truth.

    Parameters
    ----------
    limit : int
        Calls at once, >= 1.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"A limit of {limit} calls at once places none; use 1 up.")
        self._limit = limit
        self._n_in_use = 0
        self._queue = _LaneQueue()

    @property
    def n_free(self) -> int:
        """Calls that could be placed now."""
        return max(0, self._limit - self._n_in_use)

    @property
    def limit(self) -> int:
        """Calls at once."""
        return self._limit

    def set_limit(self, limit: int) -> None:
        """Take another limit, also 0; calls under way go on."""
        self._limit = limit
        self.set_in_use(self._n_in_use)

    async def take(self, lane: Lane) -> None:
        """Return when a call of this lane may be placed.

        Raises
        ------
        asyncio.CancelledError
            If the wait is cancelled; it takes no slot then.
        """
        if self.n_free and not self._queue:
            self._n_in_use += 1
            return
        place = self._queue.join(lane)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                # Given in the very moment of cancelling: pass it on.
                self.give_back()
            raise

    def give_back(self, n_ended: int = 1) -> None:
        """Free the slots of calls that have ended or were never placed."""
        self.set_in_use(self._n_in_use - n_ended)

    def set_in_use(self, n_in_use: int) -> None:
        """Correct the count from the rows."""
        self._n_in_use = max(0, n_in_use)
        while self.n_free and self._queue:
            if self._queue.serve_first():
                self._n_in_use += 1


class _LaneQueue:
    """Those who wait: by lane, then by arrival."""

    def __init__(self) -> None:
        self._heap: list[tuple[Lane, int, asyncio.Future[None]]] = []
        self._n_joined = 0

    def __bool__(self) -> bool:
        return bool(self._heap)

    def join(self, lane: Lane) -> asyncio.Future[None]:
        """Queue up; the future is done when the turn has come."""
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._n_joined += 1
        heapq.heappush(self._heap, (lane, self._n_joined, place))
        return place

    def serve_first(self) -> bool:
        """Take the first one out; False if it had stopped waiting."""
        _, _, place = heapq.heappop(self._heap)
        if place.done():
            return False
        place.set_result(None)
        return True

    def cancel_all(self) -> None:
        """Send everybody away."""
        for _, _, place in self._heap:
            place.cancel()
        self._heap.clear()
