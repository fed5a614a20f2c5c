"""What the API answers, as models: writing and description in one.

Names are those of CAP and of the glossary.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from warning.alert import AlertKind, AlertState
from warning.cap import CapStatus, Certainty, Severity, Urgency
from warning.schedule import RepeatTo


class Out(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class SubscriberOut(Out):
    """A person who is now registered."""

    id: str
    is_new: bool = Field(description="False: the number was known.")


class RejectedOut(Out):
    """A line that was not taken."""

    line_no: int = Field(description="From 1; the header is line 1.")
    column: str = Field(description="Empty when the whole line is meant.")
    code: str = Field(description="A stable word for programs.")
    reason: str


class ImportOut(Out):
    """What became of a file of subscribers."""

    dry_run: bool
    read: int = Field(description="Lines, the header not counted.")
    added: int
    updated: int
    places: int
    rejected: list[RejectedOut]
    notes: list[RejectedOut] = Field(description="Lines in use, with a remark.")


class AreasImported(Out):
    """What became of a boundary file."""

    areas: int
    repairs: list[str] = Field(description="A sentence for each outline repaired.")


class AreaOut(Out):
    """One administrative area, without its outline."""

    code: str
    name: str
    names: dict[str, str] = Field(description="Language to name.")
    level: int
    parent: str | None


class AreaList(Out):
    """One page of areas, by code."""

    items: list[AreaOut]
    next_cursor: str | None


class RepairOut(Out):
    """One thing that was changed to make an area usable."""

    code: str
    sentence: str


class AudienceOut(Out):
    """Who is inside an area."""

    n: int = Field(description="People inside, reachable or not.")
    by_language: dict[str, int]
    by_area: dict[str, int] = Field(description="Area code to people; '' for none.")
    by_channel: dict[str, int]
    excluded: dict[str, int] = Field(description="Reason to people left out.")
    geofence_ms: float
    area_km2: float
    repairs: list[RepairOut]


class ScheduleOut(Out):
    """When an alert is sent."""

    send_at: datetime | None
    repeat_every_s: int | None
    repeat_until: datetime | None
    repeat_to: RepeatTo


class AlertOut(Out):
    """An alert and its life with us."""

    id: str
    state: AlertState
    identifier: str
    sender: str
    sent: datetime
    status: CapStatus
    event: str = Field(description="In the alert's first language.")
    headlines: dict[str, str] = Field(description="Language to headline.")
    urgency: Urgency | None
    severity: Severity | None
    certainty: Certainty | None
    expires: datetime | None
    area_desc: list[str]
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    kind: AlertKind = Field(AlertKind.WARNING, description="What it says of another.")
    follows: str | None = Field(None, description="The alert of which it says that.")
    starts_at: datetime | None = Field(None, description="When it goes live, if later.")
    paused_at: datetime | None = Field(
        None, description="Since when nothing of it leaves."
    )
    extended_until: datetime | None = Field(
        None, description="Until when it is sent, if longer than it says."
    )
    live_at: datetime | None = None
    schedule: ScheduleOut | None = Field(None, description="Null: at once, and once.")
    follow_up: str | None = Field(
        None, description="What was prepared to be told after this; submitted."
    )
    source: str | None = Field(None, description="Where its document came from.")
    duplicate_of: str | None = Field(
        None, description="The alert that says the same; decide which is needed."
    )


class AlertList(Out):
    """One page of alerts, newest first."""

    items: list[AlertOut]
    next_cursor: str | None


class ChannelProgressOut(Out):
    """One channel's deliveries."""

    attempted: int
    reached: int
    heard: int
    confirmed: int
    failed: dict[str, int] = Field(description="Reason to deliveries.")
    open: int


class ProgressOut(Out):
    """How far an alert has come."""

    state: AlertState
    affected: int
    planned: int
    people_attempted: int
    by_state: dict[str, int]
    by_area: dict[str, dict[str, int]]
    by_language: dict[str, int]
    excluded: dict[str, int]
    sms: ChannelProgressOut
    voice: ChannelProgressOut
    confirmed: int
    needs_help: int
    first_message_s: float | None
    last_message_s: float | None
    messages_per_s: float | None
    geofence_ms: float | None
    settled: bool
    by_variant: dict[str, int] = Field(
        default_factory=dict, description="What is told to how many."
    )


class AlarmOut(Out):
    """Something that keeps messages from leaving or from being heard of."""

    name: str
    sentence: str


class BoardOut(ProgressOut):
    """How far an alert has come, and what stands in its way now."""

    alarms: list[AlarmOut] = Field(
        default_factory=list,
        description="What is not well now, as at /health/ready; empty if all is.",
    )


class DeliveryOut(Out):
    """One delivery; the person is named by id."""

    id: str
    subscriber: str
    channel: str
    language: str
    state: str
    attempts: int
    code: str | None
    updated_at: datetime


class DeliveryList(Out):
    """One page of deliveries, by id."""

    items: list[DeliveryOut]
    next_cursor: str | None


class DefectOut(Out):
    """One thing wrong with a CAP document."""

    code: str
    severity: Literal["blocks", "warns"]
    element: str
    line: int | None
    message: str


class CapCheckOut(BaseModel):
    """What ``tocsin cap check --json`` says of a document."""

    model_config = ConfigDict(extra="allow")

    valid_xsd: bool
    usable: bool
    targetable: bool
    defects: list[DefectOut]


class ProblemOut(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
