"""The newest tries, counted: what a screen shows of carriers. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from telephony.delivery import AttemptState, Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptTally:
    """Tries that are alike."""

    #: Empty while none has been chosen.
    carrier: str
    channel: Channel
    state: AttemptState
    #: Why it failed, as the carrier says it.
    code: str | None
    n: int
    #: When the first of them was written down; aware UTC.
    oldest_at: datetime


class AttemptTallies(Protocol):
    """Counts tries."""

    def newest(self, *, since: datetime, at_most: int) -> Sequence[AttemptTally]:
        """Count tries since a time, of the newest ``at_most`` ones."""
        ...
