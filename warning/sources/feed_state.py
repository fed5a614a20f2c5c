"""What is remembered of a feed between two looks; all of it lies in rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from warning.alert import AlertId


class Outcome(StrEnum):
    """What became of one entry of a feed."""

    #: It is an alert here now.
    TAKEN = "taken"
    #: It was here already.
    KNOWN = "known"
    #: A draft that says what another alert says; an operator decides.
    HELD = "held"
    #: It cannot be used; not asked for again.
    REFUSED = "refused"
    #: It could not be had; asked for again.
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRecord:
    """What became of one entry, as far as we know."""

    outcome: Outcome
    alert_id: AlertId | None
    #: For the operator.
    sentence: str
    n_tries: int
    first_seen_at: datetime
    last_seen_at: datetime

    @property
    def is_final(self) -> bool:
        """Whether it need not be asked for again."""
        return self.outcome is not Outcome.FAILED


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedState:
    """Where the reading of a feed stands."""

    #: Not before this is it asked again.
    next_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    polled_at: datetime | None = None
    #: When it was last read without a problem.
    ok_at: datetime | None = None
    #: In a row, up to now.
    n_failures: int = 0
    #: In the feed as it was last read.
    n_entries: int = 0
    #: What is wrong, and what to do; None if nothing is.
    error: str | None = None
