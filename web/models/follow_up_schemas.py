"""What the API reads about the times of an alert."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from warning.schedule import MIN_REPEAT, RepeatTo
from web.models.schemas import In


class ScheduleIn(In):
    """When an alert is sent; what is left out is at once, and once."""

    send_at: AwareDatetime | None = Field(None, description="When it goes live.")
    repeat_every_s: int | None = Field(
        None,
        ge=int(MIN_REPEAT.total_seconds()),
        le=7 * 24 * 3_600,
        description="Seconds from one telling to the next.",
    )
    repeat_until: AwareDatetime | None = Field(
        None, description="Last time; as long as the alert holds if left out."
    )
    repeat_to: RepeatTo = Field(
        RepeatTo.UNCONFIRMED, description="Whoever has not confirmed, or all."
    )
