"""Rests a carrier that fails, and stops one that is set up wrongly.

Resting is for breakdowns and heals by itself: after the rest one request is let
through, and its outcome decides. Stopping is for faults that a person has to mend (our
sender is wrong, the account is suspended): it lasts until an operator says so, or until
one request a minute, which costs nobody anything while it is refused, is taken. Pure:
time is given.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

from telephony.carriers.gateway import Accepted, FailureClass, Refused, SendResult


class BreakerState(Enum):
    """Whether requests may go to the carrier."""

    CLOSED = "closed"
    #: Resting after too many failures.
    OPEN = "open"
    #: One request is under way to see whether the carrier is back.
    PROBING = "probing"
    #: Set up wrongly; waits for an operator, or for a probe that is taken.
    STOPPED = "stopped"


#: Answers of a carrier that works: it is the person or the sender that is refused.
_WORKING = frozenset(
    {
        FailureClass.TEMPORARY,
        FailureClass.PERSON,
        FailureClass.OPTED_OUT,
        # Stops a channel, not the carrier.
        FailureClass.SENDER,
    }
)


class CircuitBreaker:
    """Watches the outcomes of one carrier's requests.

    Parameters
    ----------
    window : int
        How many of the latest outcomes count.
    min_outcomes : int
        Fewer than this never open it.
    failure_share : float
        It opens when at least this share of the window failed, in (0, 1]. High, because
        a carrier that fails one request in five still carries four.
    rest_s : float
        First rest, seconds; each rest that follows a failed probe is twice as long.
    longest_rest_s : float
        No rest is longer; also how long it is stopped before the next probe.

    Notes
    -----
    Times are seconds of any monotonic clock, the same one throughout. Failures of
    requests that were under way when it opened do not prolong the rest. What ends after
    the rest counts as the probe, also if nobody called :meth:`try_pass`.
    """

    def __init__(
        self,
        *,
        window: int = 20,
        min_outcomes: int = 5,
        failure_share: float = 0.9,
        rest_s: float = 5,
        longest_rest_s: float = 60,
    ) -> None:
        self._outcomes: deque[bool] = deque(maxlen=window)
        self._min_outcomes = min_outcomes
        self._failure_share = failure_share
        self._first_rest_s = rest_s
        self._longest_rest_s = longest_rest_s
        self._rest_s = rest_s
        self._state = BreakerState.CLOSED
        self._since = 0.0
        #: Whether a request was let through although it is stopped.
        self._is_tried = False
        self._reason = ""

    @property
    def state(self) -> BreakerState:
        """Where it stands."""
        return self._state

    @property
    def reason(self) -> str:
        """One sentence for an operator on why it is not closed; empty when it is."""
        return self._reason

    def is_available(self, now: float) -> bool:
        """Whether a request would be let through now; changes nothing."""
        if self._state is BreakerState.CLOSED:
            return True
        # A probe whose outcome never came (a killed worker) must not rest for ever.
        return now - self._since >= self._pause_s

    def try_pass(self, now: float) -> bool:
        """Ask to send one request; True lets it through, after a rest as the probe."""
        if not self.is_available(now):
            return False
        if self._state is BreakerState.STOPPED:
            # What is shown stays: it is not mended because it is tried.
            self._is_tried = True
            self._since = now
        elif self._state is not BreakerState.CLOSED:
            self._state = BreakerState.PROBING
            self._since = now
        return True

    def record(self, result: SendResult, now: float) -> None:
        """Take note of how a request ended.

        Accepted requests and refusals of one person count for the carrier, lost and
        unconnected ones against it; "too fast" counts as neither; a fault in our
        set-up stops the carrier at once.
        """
        if isinstance(result, Accepted) or result.failure in _WORKING:
            self._succeed(now)
        elif result.failure is FailureClass.CARRIER:
            self.stop(result.reason, now)
        elif _is_too_fast(result):
            # It answers, so it is back; that it wants fewer requests is for pacing.
            self._end_probe(now)
        else:
            self._fail(result.reason, now)

    def stop(self, reason: str, now: float) -> None:
        """Stop it until :meth:`reset`, or until a probe is taken."""
        self._state = BreakerState.STOPPED
        self._since = now
        self._is_tried = False
        self._reason = reason

    def reset(self) -> None:
        """Let requests through again, as if nothing had happened."""
        self._close()

    @property
    def _pause_s(self) -> float:
        """Seconds between two probes."""
        is_stopped = self._state is BreakerState.STOPPED
        return self._longest_rest_s if is_stopped else self._rest_s

    def _is_probe(self, now: float) -> bool:
        """Whether an outcome that comes now decides about the rest."""
        if self._state is BreakerState.STOPPED:
            # Not what was under way when it stopped.
            return self._is_tried
        is_rested = now - self._since >= self._rest_s
        return self._state is BreakerState.PROBING or (
            self._state is BreakerState.OPEN and is_rested
        )

    def _succeed(self, now: float) -> None:
        self._end_probe(now)
        if self._state is BreakerState.CLOSED:
            self._outcomes.append(True)

    def _fail(self, reason: str, now: float) -> None:
        if self._state is BreakerState.STOPPED:
            return
        if self._is_probe(now):
            self._rest_s = min(2 * self._rest_s, self._longest_rest_s)
            self._open(reason, now)
        elif self._state is BreakerState.CLOSED:
            self._outcomes.append(False)
            if self._is_failing():
                self._open(reason, now)

    def _is_failing(self) -> bool:
        n_outcomes = len(self._outcomes)
        n_failed = n_outcomes - sum(self._outcomes)
        return (
            n_outcomes >= self._min_outcomes
            and n_failed >= self._failure_share * n_outcomes
        )

    def _end_probe(self, now: float) -> None:
        if self._is_probe(now):
            self._close()

    def _open(self, reason: str, now: float) -> None:
        self._state = BreakerState.OPEN
        self._since = now
        self._reason = reason

    def _close(self) -> None:
        self._state = BreakerState.CLOSED
        self._rest_s = self._first_rest_s
        self._is_tried = False
        self._outcomes.clear()
        self._reason = ""


def _is_too_fast(refused: Refused) -> bool:
    """Whether the carrier answered, only to say that it did not look at the request."""
    return (
        refused.failure is FailureClass.NOT_PROCESSED
        and refused.http_status is not None
    )
