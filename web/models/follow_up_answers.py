"""What the API answers about what approving would do, and what an alert came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from warning.cap import Severity
from warning.recipients import Variant
from web.models.answers import AlertOut, Out, ProgressOut


class CountsOut(Out):
    """Whom an alert concerns."""

    n: int = Field(description="People concerned, reachable or not.")
    by_language: dict[str, int]
    by_area: dict[str, int] = Field(description="Area code to people; '' for none.")
    by_channel: dict[str, int]
    excluded: dict[str, int] = Field(description="Reason to people left out.")
    geofence_ms: float


class SaidOut(Out):
    """What is said in one language."""

    language: str
    is_right_to_left: bool
    sms_text: str
    sms_encoding: str
    sms_parts: int
    voice_text: str
    sound: str | None = Field(
        description="A recording that calls play instead, at "
        "/telephony/audio/NAME.wav. Null: none."
    )
    missing_elements: list[str]
    is_unreviewed: bool
    valid_until: datetime


class SayingOut(Out):
    """What some of the people are told."""

    variant: Variant
    people: int = Field(description="For how many it is meant, reachable or not.")
    texts: list[SaidOut]


class OverlapOut(Out):
    """A live alert that speaks of some of the same place."""

    alert_id: str
    event: str
    severity: Severity | None
    is_same_event: bool
    already_told: int = Field(description="People whom it told, so this one does not.")
    relies_on_this: bool = Field(
        description="It left people out because the alert that this one follows had "
        "told them."
    )


class ChangeOut(Out):
    """One field that is not what it was."""

    field: str
    before: str
    after: str


class DifferencesOut(Out):
    """What is not as in the alert that it follows."""

    changed: dict[str, list[ChangeOut]] = Field(description="Language to fields.")
    languages_added: list[str]
    languages_removed: list[str]
    area_km2_before: float
    area_km2_after: float
    added_km2: float
    removed_km2: float


class PreviewOut(Out):
    """What approving would do."""

    counts: CountsOut
    by_variant: dict[str, int] = Field(description="What is told to how many.")
    by_first_channel: dict[str, int]
    told_in: dict[str, str] = Field(description="Language to the one it is told in.")
    sayings: list[SayingOut]
    sms_parts: int = Field(description="Parts of text messages to pay for.")
    seconds_to_reach_all: float | None = Field(
        description="At the pace of the carriers; null if a channel has none."
    )
    starts_at: datetime | None
    overlaps: list[OverlapOut]
    differences: DifferencesOut | None


class ReportStepOut(Out):
    """One thing that was done to the alert."""

    at: datetime
    actor: str
    action: str
    details: dict[str, Any]


class SharesOut(Out):
    """Of the people who were told, from 0 to 1."""

    reached: float | None
    confirmed: float | None
    needs_help: float | None
    unreachable: float | None


class ReportOut(Out):
    """What an alert came to."""

    alert: AlertOut
    made_at: datetime
    steps: list[ReportStepOut]
    by_variant: dict[str, int]
    subscribers_total: int
    rounds: int = Field(description="How often people were told again.")
    progress: ProgressOut
    shares: SharesOut
    drafting_s: float | None
    open_s: float | None
    is_balanced: bool
    followers: list[AlertOut]
