"""The one place that reads the machine's clocks."""

from __future__ import annotations

from datetime import UTC, timedelta

from ops.clock import Clock


def test_now_is_aware_and_monotonic_grows() -> None:
    """UTC, and seconds that never go back."""
    clock = Clock()

    assert clock.now().tzinfo is UTC
    assert clock.now() - clock.now() <= timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
