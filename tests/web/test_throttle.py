"""Guessing is slow, typing mistakes are free, and nothing grows for ever."""

from __future__ import annotations

import pytest

from tests.web.fakes import ManualClock
from web import throttle
from web.throttle import FREE_FAILURES, FREE_FAILURES_OF_ADDRESS, SignInThrottle

NAME, ADDRESS = "sokha", "10.0.0.1"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def guard(clock: ManualClock) -> SignInThrottle:
    return SignInThrottle(clock)


def fail(guard: SignInThrottle, n: int, name: str = NAME) -> None:
    for _ in range(n):
        guard.failed(name, ADDRESS)


def test_first_mistakes_are_free(guard: SignInThrottle) -> None:
    """A person may mistype a few times."""
    fail(guard, FREE_FAILURES - 1)

    assert guard.wait_s(NAME, ADDRESS) == 0


@pytest.mark.parametrize(("extra", "wait_s"), [(0, 1), (1, 2), (4, 16), (30, 300)])
def test_wait_doubles_up_to_a_limit(
    guard: SignInThrottle, extra: int, wait_s: int
) -> None:
    """Each further failure doubles the wait, up to five minutes."""
    fail(guard, min(FREE_FAILURES + extra, 29))
    fail(guard, max(0, FREE_FAILURES + extra - 29))

    assert guard.wait_s(NAME, ADDRESS) == wait_s


def test_name_in_any_case(guard: SignInThrottle) -> None:
    """Capital letters are no way around."""
    fail(guard, FREE_FAILURES, NAME.upper())

    assert guard.wait_s(NAME, ADDRESS) == 1


def test_other_address_is_free(guard: SignInThrottle) -> None:
    """Nobody can lock an operator out from elsewhere."""
    fail(guard, 20)

    assert guard.wait_s(NAME, "10.0.0.2") == 0


def test_many_names_from_one_address(guard: SignInThrottle) -> None:
    """Trying one password on many names is slow, too."""
    for n in range(FREE_FAILURES_OF_ADDRESS):
        guard.failed(f"name{n}", ADDRESS)

    assert guard.wait_s("another", ADDRESS) == 1


def test_success_forgets(guard: SignInThrottle) -> None:
    """The right password ends the wait."""
    fail(guard, 10)
    guard.succeeded(NAME, ADDRESS)

    assert guard.wait_s(NAME, ADDRESS) == 0


def test_time_forgets(guard: SignInThrottle, clock: ManualClock) -> None:
    """After an hour without a failure everything is forgotten."""
    fail(guard, 12)
    clock.advance(hours=2)

    fail(guard, FREE_FAILURES - 1)

    assert guard.wait_s(NAME, ADDRESS) == 0


def test_memory_is_bounded(
    guard: SignInThrottle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of names takes no more than so much memory."""
    monkeypatch.setattr(throttle, "MAX_KEYS", 50)
    for n in range(500):
        guard.failed(f"name{n}", f"10.0.{n // 250}.{n % 250}")

    assert len(guard._records) == 50
