"""What the API reads and answers about help and about what citizens saw."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from web.models.answers import Out
from web.models.schemas import In, Line

_Kind = Literal["flood", "fire", "road", "building", "power", "other"]


class HelpOut(Out):
    """Somebody who needs help."""

    id: str
    phone: str = Field(description="E.164; empty once the person is erased.")
    state: str
    urgent: bool
    vulnerable: bool
    language: str
    words: str
    lon: float | None
    lat: float | None
    area: str | None
    opened_at: datetime
    heard_at: datetime
    calls: int = Field(description="How often they asked.")
    taken_by: str | None
    closed_by: str | None
    outcome: str | None
    called_by: str | None = Field(description="Who called back last.")
    called_at: datetime | None
    call_backs: int = Field(description="How often somebody called back.")
    call_outcome: str | None = Field(
        description="Of the last call back: calling, not_taken (by the operator), or "
        "the carrier's word: completed, busy, no-answer, failed, canceled."
    )
    talked_s: int | None = Field(description="How long it lasted, if it did.")


class HelpQuery(In):
    """Which requests are listed."""

    alert: Line = Field(
        default="", description="Only those of this alert; empty for all."
    )


class CallBackIn(In):
    """Whose phone is rung first."""

    phone: Line = Field(description="The operator's own number, E.164.")


class VoiceNoteOut(Out):
    """Something that was said after the tone."""

    id: str = Field(description="Played at /voice-notes/{id}.")
    about: str = Field(description="help:ID or report:ID.")
    state: str = Field(description="here, waiting for the carrier, or lost.")
    duration_ms: int | None
    trouble: str | None = Field(description="Why it is not here.")


class VoiceNoteList(Out):
    """What was said of one thing, the oldest first."""

    items: list[VoiceNoteOut]


class HelpList(Out):
    """Everybody who needs help, the most pressing first."""

    items: list[HelpOut]


class CloseIn(In):
    """What became of a request."""

    outcome: Line


class ReportIn(In):
    """What somebody saw, told to an operator."""

    kind: _Kind
    hurt: bool = False
    words: str = Field(default="", max_length=1_600)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)
    phone: Line | None = None
    reported_at: AwareDatetime | None = None


class IncidentOut(Out):
    """One thing that was seen, by however many."""

    id: str
    kind: str
    state: str
    hurt: bool
    words: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    area: str | None
    reported_at: datetime
    reports: int
    credibility: float = Field(description="0 to 1, by how many phones told it.")
    judged_by: str | None


class IncidentList(Out):
    """One page of incidents, newest first."""

    items: list[IncidentOut]
    next_cursor: str | None
