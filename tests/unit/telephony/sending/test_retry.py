"""Retry by cause, never past the deadline, never sooner than the carrier asked."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.failures import CODES, WORDS, Pace, Signal, signal_of_answer
from telephony.sending.retry import Backoff, RetryPolicy

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
HOUR = NOW + timedelta(hours=1)
BUSY = WORDS["busy"]
TOO_FAST = signal_of_answer(429, None)

signals = st.sampled_from([TOO_FAST, *CODES.values(), *WORDS.values()])


def chance(seed: int) -> random.Random:
    """Chance that repeats itself."""
    return random.Random(seed)


def pause_s(attempt_no: int, cause: Signal, **kw: float) -> float | None:
    """Seconds until the next try, without chance, an hour before the deadline."""
    policy = RetryPolicy(jitter=0)
    when = policy.next_try(
        attempt_no, cause, now=NOW, deadline=HOUR, rng=chance(1), **kw
    )
    return None if when is None else (when - NOW).total_seconds()


@pytest.mark.parametrize(
    ("cause", "pauses"),
    [
        (TOO_FAST, [1, 2, 4, 8, 16, 30, 30]),
        (CODES["30003"], [60, 120, 240, None, None]),
        (BUSY, [90, 135, None, None]),
        (CODES["21610"], [None]),
        (CODES["21606"], [1, 2]),
    ],
)
def test_pauses_grow_by_pace(cause: Signal, pauses: list[float | None]) -> None:
    """Seconds for haste, minutes for queues and handsets, a gap for a redial."""
    assert [pause_s(n, cause) for n in range(1, len(pauses) + 1)] == pauses


def test_carriers_wish_is_kept() -> None:
    """``Retry-After`` lengthens a pause and never shortens one."""
    assert pause_s(1, TOO_FAST, retry_after_s=20) == 20
    assert pause_s(4, TOO_FAST, retry_after_s=2) == 8


def test_pause_without_end_is_a_giving_up() -> None:
    """A carrier that asks for centuries breaks nothing."""
    assert pause_s(1, TOO_FAST, retry_after_s=1e300) is None


def test_ten_thousandth_try_is_no_overflow() -> None:
    """A queue that is full all night is asked all night."""
    assert pause_s(10_000, TOO_FAST) == 30


def test_jitter_spreads() -> None:
    """Those who failed together do not come back together."""
    rng = chance(7)
    pauses = {
        RetryPolicy().next_try(3, TOO_FAST, now=NOW, deadline=HOUR, rng=rng)
        for _ in range(100)
    }
    assert len(pauses) == 100
    assert min(filter(None, pauses)) >= NOW + timedelta(seconds=4)
    assert max(filter(None, pauses)) < NOW + timedelta(seconds=6)


def test_deadline_is_never_reached_by_rounding() -> None:
    """Half a microsecond before the deadline is the deadline."""
    policy = RetryPolicy({Pace.REDIAL: Backoff(0.9999996, 1, 1)}, jitter=0)
    deadline = NOW + timedelta(seconds=1)
    rng = chance(1)
    assert policy.next_try(1, BUSY, now=NOW, deadline=deadline, rng=rng) is None


@given(
    attempt_no=st.integers(1, 50),
    cause=signals,
    left=st.timedeltas(timedelta(days=-1), timedelta(days=2)),
    retry_after_s=st.none() | st.floats(0, 1e9),
    seed=st.integers(),
)
def test_always_between_now_and_deadline(
    attempt_no: int,
    cause: Signal,
    left: timedelta,
    retry_after_s: float | None,
    seed: int,
) -> None:
    """Whatever happened, a try lies after now, before the deadline, as asked."""
    deadline = NOW + left
    when = RetryPolicy().next_try(
        attempt_no,
        cause,
        now=NOW,
        deadline=deadline,
        rng=chance(seed),
        retry_after_s=retry_after_s,
    )
    if when is not None:
        assert NOW < when < deadline
        assert when - NOW >= timedelta(seconds=retry_after_s or 0)
