"""What the API reads and answers about cases, volunteers and AEDs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from responders.case import CaseState, PlaceType
from responders.roster.volunteer import DEFAULT_MAX_ALERTS, Standing
from web.models.answers import Out
from web.models.schemas import In, Language, Line, Page


class CaseIn(In):
    """A suspected cardiac arrest."""

    lon: float = Field(ge=-180, le=180, description="Degrees, WGS 84.")
    lat: float = Field(ge=-90, le=90)
    address: Line = Field(description="What a stranger would find it by.")
    details: Line | None = Field(None, description="Door, floor, code.")
    scene_safe: bool = Field(
        description="Helpers will not come to harm. If false, nobody is asked to go."
    )
    place_type: PlaceType = Field(
        PlaceType.PUBLIC,
        description="In a private_home only verified people are sent; to an "
        "institution nobody.",
    )
    age: int | None = Field(None, ge=0, le=130)
    cpr_in_progress: bool = False
    trauma: bool = False
    do_not_resuscitate: bool = False
    call_received_at: AwareDatetime | None = None
    callback_phone: str | None = Field(None, max_length=40, description="E.164")
    ems_eta_min: float | None = Field(
        None, ge=0, le=1_440, allow_inf_nan=False, description="Minutes from now."
    )
    excluded_phones: list[str] = Field(default=[], max_length=50)
    external_ref: Line | None = Field(
        None,
        description="The ambulance computer's number; a repeat is none.",
    )
    exercise: bool = Field(False, description="Every text says TEST; not counted.")
    any_tier: bool = Field(
        False, description="Send people of every skill to children and homes."
    )
    with_helpers: bool = Field(
        False, description="Ask helpers without a course too, in public places."
    )


class CorrectionIn(In):
    """What is corrected; members left out stay."""

    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    address: Line | None = None
    details: Line | None = None
    scene_safe: bool | None = None
    place_type: PlaceType | None = None
    age: int | None = Field(None, ge=0, le=130)
    cpr_in_progress: bool | None = None
    ems_eta_min: float | None = Field(None, ge=0, le=1_440, allow_inf_nan=False)


class ReasonIn(In):
    """Why a case ends."""

    reason: Line | None = None


class MergeIn(In):
    """Which case this one really is."""

    into: str = Field(max_length=40)


class NoticeOut(Out):
    """Something the dispatcher must see."""

    kind: str
    at: datetime
    text: str


class CaseOut(Out):
    """One case."""

    id: str
    code: str = Field(description="Tells open cases apart on the phone.")
    state: CaseState
    lon: float
    lat: float
    address: str
    details: str
    place_type: PlaceType
    exercise: bool
    opened_by: str
    call_received_at: datetime
    opened_at: datetime
    dispatched_at: datetime | None
    first_accepted_at: datetime | None
    aed_in_hand_at: datetime | None
    on_scene_at: datetime | None
    closed_at: datetime | None
    ems_eta_at: datetime | None
    waves: int
    radius_m: float
    notices: list[NoticeOut]
    closed_by: str
    close_reason: str
    merged_into: str


class OpenedOut(CaseOut):
    """A case that was taken in."""

    is_new: bool
    duplicates: list[str] = Field(
        description="Ids of open cases that may be the same patient; merge by hand."
    )


class CaseList(Out):
    """One page of cases, newest first."""

    items: list[CaseOut]
    next_cursor: str | None


class OfferOut(Out):
    """One person who was asked. Name and number only after their yes."""

    responder: str
    tier: str
    state: str
    wave: int
    offered_at: datetime
    distance_m: float
    travel_s: float
    p_accept: float
    gain: float
    answered_at: datetime | None
    answered_by: str | None
    role: str | None
    aed: str | None
    eta_at: datetime | None
    on_scene_at: datetime | None
    awaits_pin: bool = Field(
        description="Has said yes and not shown who they are: has no address yet."
    )
    name: str
    phone: str


class DecisionOut(Out):
    """What a decision knew and chose; it can be replayed."""

    at: datetime
    kind: str
    facts: dict[str, Any]


class ByHandOut(Out):
    """Somebody to be rung by hand: nothing that was sent has got through."""

    responder: str
    name: str
    phone: str


class CaseDetailOut(CaseOut):
    """A case with everybody who was asked, and why."""

    offers: list[OfferOut]
    decisions: list[DecisionOut]
    by_hand: list[ByHandOut]


class FollowUpOut(Out):
    """Somebody who waits for a call from a person."""

    case: str
    responder: str
    name: str
    phone: str
    feeling: str


class FollowUpList(Out):
    """Everybody who waits for a call."""

    items: list[FollowUpOut]


class CredentialIn(In):
    """Proof of a skill."""

    skill: Line
    valid_until: AwareDatetime | None = None
    verified: bool = False


class ResponderPlaceIn(In):
    """Home or work."""

    kind: str = Field(pattern="^(home|work)$")
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    hours: Line | None = Field(None, description="E.g. Mo-Fr 08:00-17:00, local time.")


class ResponderIn(In):
    """One volunteer."""

    phone: str = Field(max_length=40, description="E.164")
    name: Line | None = None
    organisation: Line | None = None
    language: Language = "en"
    channels: list[str] = Field(default=["sms", "voice"], max_length=2)
    credentials: list[CredentialIn] = Field(default=[], max_length=20)
    places: list[ResponderPlaceIn] = Field(default=[], max_length=3)
    quiet: Line | None = Field(None, description="E.g. 23:00-07:00, local time.")
    car: bool = False
    max_alerts_30d: int = Field(DEFAULT_MAX_ALERTS, ge=0, le=1_000)
    consent_at: AwareDatetime | None = Field(
        None, description="When the person agreed to be called."
    )
    pin: str | None = Field(
        None,
        max_length=8,
        description="Four digits that open the address of a home; kept as a seal.",
    )


class PositionIn(In):
    """Where somebody is."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    at: AwareDatetime | None = Field(None, description="When they were there.")


class ResponderOut(Out):
    """One volunteer; no number."""

    id: str
    standing: Standing
    skills: list[str]
    number_verified: bool
    has_pin: bool
    places: int
    is_on: bool


class RegisteredOut(ResponderOut):
    """What became of a registration."""

    is_new: bool


class ResponderList(Out):
    """One page of volunteers, by id."""

    items: list[ResponderOut]
    next_cursor: str | None


class UnreachableOut(Out):
    """Somebody who has not answered the last monthly test."""

    id: str
    name: str
    phone: str
    tests_missed: int
    asked_at: AwareDatetime
    heard_at: AwareDatetime | None


class UnreachableList(Out):
    """Who cannot be reached, those who missed most tests first."""

    items: list[UnreachableOut]


class UnreachablePage(In):
    """How many to list."""

    limit: int = Field(100, ge=1, le=1_000, description="Rows at most.")


class UnusedLineOut(Out):
    """A line of a file that was not taken."""

    line_no: int
    column: str
    reason: str


class FileImportOut(Out):
    """What became of a file."""

    read: int
    added: int
    updated: int
    rejected: list[UnusedLineOut]


class AedOrderIn(In):
    """Whether an AED can be used."""

    is_working: bool


class CasePage(Page):
    """One page of cases."""

    open: bool = Field(False, description="1: only open cases, oldest first.")
