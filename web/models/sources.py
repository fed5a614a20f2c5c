"""What the API reads and answers about plans, sensors, feeds, other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from warning.sources.feed_state import Outcome
from warning.sources.threshold import Phase
from web.models.answers import Out
from web.models.schemas import AlertFormIn, In, Line

_NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_DAY_S = 86_400


class PlanIn(AlertFormIn):
    """An alert that is written and waits for its day."""

    name: str = Field(pattern=_NAME, description="Stands in URLs.")
    title: Line = Field(description="For operators.")
    lasts_s: float = Field(
        ge=60,
        le=30 * _DAY_S,
        allow_inf_nan=False,
        description="From the draft until the alert expires.",
    )


class PlanOut(Out):
    """A plan, with the members of an alert."""

    name: str
    title: str
    lasts_s: float
    status: str
    categories: list[str]
    urgency: str
    severity: str
    certainty: str
    response_types: list[str]
    area: dict[str, Any] = Field(description="GeoJSON.")
    texts: dict[str, dict[str, str | None]]
    sender_name: str | None
    contact: str | None
    web: str | None


class PlanList(Out):
    """One page of plans, by name."""

    items: list[PlanOut]
    next_cursor: str | None


class ThresholdsIn(In):
    """When a sensor is high, and when no longer."""

    level: float | None = Field(
        None, allow_inf_nan=False, description="High from here on."
    )
    clear_level: float = Field(allow_inf_nan=False, description="Low from here down.")
    rise_per_h: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Rise per hour that is high."
    )
    rise_window_s: float = Field(1_800, ge=1, le=_DAY_S)
    hold_s: float = Field(0, ge=0, le=_DAY_S, description="High for so long.")
    clear_hold_s: float = Field(0, ge=0, le=_DAY_S, description="Low for so long.")
    rearm_s: float = Field(
        21_600, ge=60, le=30 * _DAY_S, description="Between two alarms at least."
    )
    max_gap_s: float = Field(
        3_600, ge=1, le=_DAY_S, description="Silence after which holding starts anew."
    )


class SensorIn(In):
    """Something that measures, and what is said when it is too much."""

    id: str = Field(pattern=_NAME, description="Stands in URLs.")
    title: Line
    plan: str = Field(pattern=_NAME, description="Plan that an alarm drafts.")
    thresholds: ThresholdsIn


class ThresholdsOut(Out):
    """When a sensor is high, and when no longer."""

    level: float | None
    clear_level: float
    rise_per_h: float | None
    rise_window_s: float
    hold_s: float
    clear_hold_s: float
    rearm_s: float
    max_gap_s: float


class SensorOut(Out):
    """A sensor, and where it stands."""

    id: str
    title: str
    plan: str
    thresholds: ThresholdsOut
    phase: Phase
    newest_at: datetime | None
    newest_level: float | None
    alert_id: str | None = Field(description="Of the newest draft.")
    error: str | None = Field(description="Why no draft could be made.")


class SensorList(Out):
    """One page of sensors, by id."""

    items: list[SensorOut]
    next_cursor: str | None


class ReadingIn(In):
    """One reading."""

    at: AwareDatetime
    level: float | None = Field(
        description="In the unit of the thresholds; null or no number is refused."
    )


class ReadingsIn(In):
    """A batch of readings, in any order."""

    readings: list[ReadingIn] = Field(min_length=1, max_length=10_000)


class RefusedReadingOut(Out):
    """A reading that is not kept."""

    index: int = Field(description="Its place in the batch, from 0.")
    reason: str


class ReadingsTaken(Out):
    """What became of a batch."""

    taken: int
    known: int = Field(description="Sent before.")
    late: int = Field(description="Kept, but older than what was seen: no effect.")
    refused: list[RefusedReadingOut]
    phase: Phase
    alert_id: str | None = Field(description="The draft that this batch caused.")


class ReadingOut(Out):
    """One reading."""

    at: datetime
    level: float


class ReadingList(Out):
    """The newest readings, newest first."""

    items: list[ReadingOut]


class FeedOut(Out):
    """One feed as it stands."""

    name: str
    ok: bool
    sentence: str
    every_s: float
    policy: Literal["draft", "submitted", "live"]
    entries: int
    failures: int = Field(description="In a row.")
    polled_at: datetime | None
    ok_at: datetime | None
    next_at: datetime | None


class FeedList(Out):
    """Every configured feed, by name."""

    items: list[FeedOut]


class WebhookIn(In):
    """Another system that is to be told."""

    url: str = Field(max_length=2_000, examples=["https://hub.example.org/alerts"])
    events: list[str] = Field(
        default=["alert"],
        min_length=1,
        max_length=50,
        description="alert, sensor, or one action such as alert.approve.",
    )


class WebhookOut(Out):
    """Another system that is told; without its secret."""

    id: str
    url: str
    events: list[str]
    created_by: str
    created_at: datetime
    failures: int = Field(description="In a row.")
    ok_at: datetime | None
    error: str | None


class WebhookCreated(WebhookOut):
    """A new one, with its secret: shown this once."""

    secret: str


class WebhookList(Out):
    """Every other system, the oldest first."""

    items: list[WebhookOut]


class AuditEntryOut(Out):
    """One thing that was done."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    previous_hash: str
    hash: str


class AuditList(Out):
    """One page of the record, newest first."""

    items: list[AuditEntryOut]
    next_cursor: str | None


class ReceiptOut(Out):
    """What became of a document that was pushed."""

    outcome: Outcome
    alert_id: str | None
    sentence: str
