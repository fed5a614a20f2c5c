"""The telco's own pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.config import PaceLimits
from simulator.errors import SimulatorConfigError
from simulator.pace import Pace


class Clock:
    """Seconds set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@given(
    per_s=st.integers(1, 200),
    gaps=st.lists(st.floats(0.0, 0.2), min_size=1, max_size=300),
)
def test_never_more_than_the_limit_and_a_burst(per_s: int, gaps: list[float]) -> None:
    """Over any time t, at most per_s · (t + 1) requests are admitted."""
    clock = Clock()
    pace, n_admitted = Pace(per_s, now=clock), 0
    for gap in gaps:
        clock.seconds += gap
        n_admitted += pace.admit() is None
    assert n_admitted <= per_s * (sum(gaps) + 1.0) + 1


def test_a_full_second_passes_at_once() -> None:
    """A second's worth is admitted at once, then one says when to come back."""
    clock = Clock()
    pace = Pace(10, now=clock)
    assert [pace.admit() for _ in range(12)] == [None] * 10 + [1, 1]
    clock.seconds += 0.1
    assert pace.admit() is None
    assert pace.admit() == 1


def test_slots_are_even() -> None:
    """Queued requests get turns evenly apart."""
    clock = Clock()
    pace = Pace(4, now=clock)
    assert [pace.slot_s() for _ in range(4)] == [0.0, 0.25, 0.5, 0.75]
    clock.seconds += 10.0
    assert pace.slot_s() == 0.0


def test_no_limit() -> None:
    """Without a limit everything passes at once."""
    pace = Pace(None, now=Clock())
    assert [pace.admit(), pace.slot_s()] == [None, 0.0]


def test_below_one_a_second() -> None:
    """A limit under one a second admits one, then asks for seconds of patience."""
    pace = Pace(0.2, now=Clock())
    assert pace.admit() is None
    wait_s = pace.admit()
    assert wait_s is not None
    assert wait_s >= 4


@pytest.mark.parametrize("name", ["messages_per_s", "calls_per_s", "concurrent_calls"])
def test_impossible_limits(name: str) -> None:
    """Zero is not a pace."""
    with pytest.raises(SimulatorConfigError, match=name):
        PaceLimits(**{name: 0})
