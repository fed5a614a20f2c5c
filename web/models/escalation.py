"""What the API reads and answers about what follows a text that nobody confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from warning.escalation.escalation_plans import MAX_STEPS, MAX_WAIT_MIN
from web.models.answers import Out
from web.models.schemas import In


class StepIn(In):
    """One way to reach a person, and when it is that way's turn."""

    channel: Literal["sms", "voice"] = Field(description="A text first, then calls.")
    after_min: float = Field(
        default=0,
        ge=0,
        le=MAX_WAIT_MIN,
        description="So long the step before may stay unanswered.",
    )
    unless: Literal["reached", "heard", "confirmed"] = Field(
        default="confirmed", description="Who has come so far is left in peace."
    )


class FocalPointsIn(In):
    """When focal points get the list of silent households."""

    after_min: float = Field(ge=0, le=MAX_WAIT_MIN, description="After the last step.")
    tell_phones: bool = Field(default=False, description="With telephone numbers.")


class SeverityRuleIn(In):
    """What follows for one severity."""

    steps: list[StepIn] = Field(min_length=1, max_length=MAX_STEPS)
    focal_points: FocalPointsIn | None = None


class RulesIn(In):
    """By severity: the worst of an alert counts."""

    Extreme: SeverityRuleIn | None = None
    Severe: SeverityRuleIn = Field(description="Also of those that are not given.")
    Moderate: SeverityRuleIn | None = None
    Minor: SeverityRuleIn | None = None
    Unknown: SeverityRuleIn | None = None


class EscalationSeenIn(In):
    """The moment that was read."""

    seen: int = Field(
        ge=0,
        description="The revision you have read. Rules that were changed since are not "
        "overwritten: 409.",
    )


class EscalationIn(EscalationSeenIn):
    """Other rules."""

    rules: RulesIn


class EscalationOut(Out):
    """What is in force."""

    revision: int
    brought: bool = Field(description="Whether these are the rules of the release.")
    changed_by: str | None
    changed_at: datetime | None
    pace: float = Field(description="How long a minute of the rules is here, minutes.")
    rules: RulesIn
