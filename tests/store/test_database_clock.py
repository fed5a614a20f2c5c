"""The clock by which workers on several machines divide their work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ops.clock import Clock, SharedTime
from store.database import Database


@pytest.mark.postgres
def test_postgresql_tells_the_time(postgres: Database) -> None:
    """Aware, in UTC; here its machine is ours, so that both show the same."""
    shown = postgres.clock()
    assert shown is not None
    assert shown.tzinfo is UTC
    now = datetime.now(UTC)  # noqa: TID251 - a real server reads the real clock
    assert abs(now - shown) < timedelta(seconds=5)


@pytest.mark.postgres
def test_a_machine_goes_by_the_time_of_postgresql(postgres: Database) -> None:
    """Wrong by an hour, it is right after one look."""
    real = Clock()
    hour = timedelta(hours=1)
    wrong = Clock(lambda: real.now() + hour, real.monotonic)
    time = SharedTime(wrong, postgres.clock)
    assert abs(time.compare() - hour) < timedelta(seconds=5)
    assert abs(time.now() - real.now()) < timedelta(seconds=5)


def test_sqlite_is_on_this_machine(sqlite: Database) -> None:
    """There is no other clock."""
    assert sqlite.clock() is None
