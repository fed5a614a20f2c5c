"""How one volunteer can be reached, by tests and by every sign of life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responders.roster.volunteer import ResponderId

#: A test that is not answered within this has been missed.
MISSED_AFTER = timedelta(hours=48)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """What is known of how one volunteer can be reached."""

    responder_id: ResponderId
    #: When the last test began, and when it was followed by a call.
    asked_at: datetime | None = None
    called_at: datetime | None = None
    #: Last sign of life, by whatever means.
    heard_at: datetime | None = None
    #: Tests in a row without an answer, an open one included.
    n_missed: int = 0
    #: Seconds to the answer of the last test that was answered.
    delay_s: float | None = None
    #: Not tested before this.
    not_before: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a test has not been answered."""
        return self.asked_at is not None and self.n_missed > 0

    def is_missed(self, now: datetime) -> bool:
        """Whether the last test was not answered in time."""
        return (
            self.is_open
            and self.asked_at is not None
            and now - self.asked_at >= MISSED_AFTER
        )

    def heard(self, at: datetime) -> Reach:
        """After a sign of life; an older one than is known changes nothing."""
        if self.heard_at is not None and at <= self.heard_at:
            return self
        if not self.is_open or self.asked_at is None or at < self.asked_at:
            return replace(self, heard_at=at)
        delay_s = (at - self.asked_at).total_seconds()
        return replace(self, heard_at=at, n_missed=0, delay_s=delay_s)
