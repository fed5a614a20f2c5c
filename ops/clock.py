"""The clocks of the machine, in the one place that reads them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place


@dataclass(frozen=True, slots=True)
class Clock:
    """Two clocks: one for what is written down, one for what is waited for.

    Parameters
    ----------
    now : callable
        Aware UTC; may jump when the machine's clock is set.
    monotonic : callable
        Seconds that only grow.
    """

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
