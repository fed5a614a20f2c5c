"""A suspected cardiac arrest: where, what the volunteers must know, and its life.

Times are Utstein's. Nothing in here is told to a volunteer before their yes but the
distance and the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import NewType

from responders.deciding.facts import PROFESSIONALS, Skill
from responders.errors import CaseStateError, InvalidCaseError
from responders.roster.eligibility import Wanted
from responders.roster.places import require_position
from responders.roster.skills import TRAINED

CaseId = NewType("CaseId", str)

OWNER_PREFIX = "case:"
#: Letters of codes: no vowels, nothing that looks like another letter or digit.
_DIGITS, _LETTERS = "23456789", "BCDFGHJKLMNPQRSTVWXZ"
#: Never two digits, which would look like a number of people.
_CODES = tuple(
    first + second
    for first, second in product(_DIGITS + _LETTERS, repeat=2)
    if not (first in _DIGITS and second in _DIGITS)
)
_STRIDE = 271
#: Below this age only professionals are sent, unless the organisation says otherwise.
CHILD_AGE = 8
MAX_AGE = 130
#: Calls for the same patient: this near and this close in time are proposed as one.
DUPLICATE_M = 150.0
DUPLICATE_WITHIN = timedelta(minutes=10)


class CaseState(StrEnum):
    """Where a case stands."""

    #: Taken in; nobody is asked, because the scene is not known to be safe.
    NEW = "new"
    #: May be alerted for.
    TRIAGED = "triaged"
    ALERTING = "alerting"
    #: Enough are going.
    STAFFED = "staffed"
    #: Somebody is with the patient.
    ON_SCENE = "on_scene"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    #: Nobody came in time.
    NO_RESPONSE = "no_response"

    @property
    def is_open(self) -> bool:
        """Whether somebody may still be asked or on the way."""
        return self not in _ENDS

    @property
    def is_asking(self) -> bool:
        """Whether more people may be asked."""
        return self in {CaseState.ALERTING, CaseState.STAFFED, CaseState.TRIAGED}


_ENDS = frozenset({CaseState.CLOSED, CaseState.CANCELLED, CaseState.NO_RESPONSE})

#: What may become of a case; everything else is refused.
TRANSITIONS: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.TRIAGED}) | _ENDS,
    CaseState.TRIAGED: frozenset({CaseState.NEW, CaseState.ALERTING}) | _ENDS,
    CaseState.ALERTING: frozenset({CaseState.STAFFED, CaseState.ON_SCENE}) | _ENDS,
    CaseState.STAFFED: frozenset({CaseState.ALERTING, CaseState.ON_SCENE}) | _ENDS,
    CaseState.ON_SCENE: frozenset({CaseState.ALERTING, CaseState.STAFFED}) | _ENDS,
    **dict.fromkeys(_ENDS, frozenset()),
}


class PlaceType(StrEnum):
    """What kind of place it is: who may be sent there depends on it."""

    PUBLIC = "public"
    PRIVATE_HOME = "private_home"
    #: Nursing home, clinic, custody: their own staff is there.
    INSTITUTION = "institution"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where the patient is, and what is to be known before somebody goes."""

    #: Degrees, WGS 84.
    lon: float
    lat: float
    #: Street and number; told only to acceptors, deleted after 30 days.
    address: str
    #: Door, floor, code: the same.
    details: str = ""
    #: The dispatcher's word that helpers will not come to harm.
    scene_safe: bool
    place_type: PlaceType = PlaceType.PUBLIC
    #: Years; None if unknown.
    age: int | None = None
    cpr_in_progress: bool = False
    #: An injury is the cause.
    is_trauma: bool = False
    #: Known wish not to be resuscitated.
    is_dnr: bool = False

    def __post_init__(self) -> None:
        """Refuse a case nobody could go to.

        Raises
        ------
        InvalidCaseError
            Says what is missing.
        """
        require_position(self.lon, self.lat)
        if not self.address.strip():
            raise InvalidCaseError(
                "The case has no address; give what a stranger would find it by."
            )
        if self.age is not None and not 0 <= self.age <= MAX_AGE:
            raise InvalidCaseError(f"Nobody is {self.age} years old; leave it out.")

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why nobody may be sent; empty if somebody may."""
        found = (
            (not self.scene_safe, "scene_not_safe"),
            (self.is_trauma, "trauma"),
            (self.is_dnr, "do_not_resuscitate"),
            (self.place_type is PlaceType.INSTITUTION, "institution"),
        )
        return tuple(word for holds, word in found if holds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """When what happened (Utstein); None if it has not."""

    #: The emergency call.
    call_received_at: datetime
    #: The case here.
    opened_at: datetime
    #: The first alert was queued.
    dispatched_at: datetime | None = None
    first_accepted_at: datetime | None = None
    aed_in_hand_at: datetime | None = None
    on_scene_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something the dispatcher must see."""

    kind: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CardiacCase:
    """One patient."""

    case_id: CaseId
    #: Two letters that tell open cases apart on the phone.
    code: str
    state: CaseState
    scene: Scene
    stamps: Stamps
    opened_by: str
    #: E.164 of the caller; empty if unknown.
    callback_phone: str = ""
    #: The ambulance computer's own number of the case; repeats give the same case.
    external_ref: str = ""
    ems_eta_at: datetime | None = None
    #: Numbers that are not to be asked.
    excluded: frozenset[str] = frozenset()
    #: Everything says TEST, and nothing is counted.
    is_exercise: bool = False
    #: The organisation sends people of every skill to children and homes.
    any_tier: bool = False
    #: Helpers without a course are asked as well.
    with_helpers: bool = False
    #: Alerts so far, in waves.
    n_waves: int = 0
    radius_m: float = 0.0
    #: Counts corrections of the address: each is told once.
    n_corrections: int = 0
    notices: tuple[Notice, ...] = ()
    #: When the engine looks at it again; None: never.
    next_due_at: datetime | None = None
    closed_by: str = ""
    close_reason: str = ""
    #: The case this one turned out to be.
    merged_into: str = ""

    @property
    def owner_ref(self) -> str:
        """Who owns the alerts of this case."""
        return owner_ref(self.case_id)

    def moved(self, state: CaseState) -> CardiacCase:
        """The case in another state.

        Raises
        ------
        CaseStateError
            If that may not become of it.
        """
        if state is self.state:
            return self
        if state not in TRANSITIONS[self.state]:
            raise CaseStateError(
                f"Case {self.code} is {self.state}; it cannot become {state}."
            )
        return replace(self, state=state)

    def stamped(self, **stamps: datetime) -> CardiacCase:
        """The case with stamps; one that is set stays."""
        unset = [name for name in stamps if getattr(self.stamps, name) is None]
        new = {name: stamps[name] for name in unset}
        return replace(self, stamps=replace(self.stamps, **new))

    def noticed(self, kind: str, at: datetime, text: str) -> CardiacCase:
        """The case with a notice to the dispatcher; of each kind there is one."""
        if any(notice.kind == kind for notice in self.notices):
            return self
        notice = Notice(kind=kind, at=at, text=text)
        return replace(self, notices=(*self.notices, notice))

    @property
    def wanted(self) -> Wanted:
        """Whom this case asks for."""
        is_child = self.scene.age is not None and self.scene.age < CHILD_AGE
        skills = TRAINED
        if is_child and not self.any_tier:
            skills = PROFESSIONALS
        if self.with_helpers and self.scene.place_type is PlaceType.PUBLIC:
            skills |= Skill.HELPER
        return Wanted(
            skills=skills,
            only_verified=self.is_home and not self.any_tier,
            excluded=self.excluded | {self.callback_phone} - {""},
        )

    @property
    def is_home(self) -> bool:
        """Whether it is in somebody's home."""
        return self.scene.place_type is PlaceType.PRIVATE_HOME


def owner_ref(case_id: str, part: str = "") -> str:
    """Who owns a delivery: the case's alerts, or one later message of it.

    Examples
    --------
    >>> owner_ref("a1"), owner_ref("a1", "role.7")
    ('case:a1', 'case:a1/role.7')
    """
    return f"{OWNER_PREFIX}{case_id}/{part}" if part else f"{OWNER_PREFIX}{case_id}"


def parse_owner(ref: str) -> tuple[CaseId, str]:
    """Case and part of an owner's name."""
    case_id, _, part = ref.removeprefix(OWNER_PREFIX).partition("/")
    return CaseId(case_id), part


def free_code(taken: Iterable[str], number: int) -> str:
    """A two-letter code that no open case has.

    Parameters
    ----------
    taken : iterable of str
        Codes of open cases.
    number : int
        Where to begin, so that a code does not come back the next day.

    Raises
    ------
    CaseStateError
        If every code is in use.
    """
    used = frozenset(taken)
    n = len(_CODES)
    for step in range(n):
        # The stride has no factor in common with the number of codes.
        code = _CODES[(number + step) * _STRIDE % n]
        if code not in used:
            return code
    raise CaseStateError("Every code is in use: close cases that are over.")
