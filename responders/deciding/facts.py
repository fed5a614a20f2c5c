"""What a decision knows: the case, the candidates, who was asked, who has promised.

All times are seconds from the moment of the decision unless a name says otherwise, so
that a decision is a function of its arguments alone and can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.acceptance import Channel
from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.travel import travel_s

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Skill(IntFlag):
    """What a responder can do; a person may hold several."""

    DOCTOR = 1
    NURSE = 2
    PARAMEDIC = 4
    FIRST_RESPONDER = 8
    CPR = 16
    HELPER = 32
    #: Identity and credential checked by the organisation; homes ask for it.
    VERIFIED = 64


PROFESSIONALS: Final = Skill.DOCTOR | Skill.NURSE | Skill.PARAMEDIC


class Bar(IntFlag):
    """Why somebody is not asked; the ranking sets the last three."""

    NOT_OPTED_IN = 1
    CREDENTIAL = 2
    QUIET = 4
    #: On another open case, or asked by it.
    BUSY = 8
    ALREADY_ASKED = 16
    UNVERIFIED_NUMBER = 32
    FATIGUE_CAP = 64
    EXCLUDED = 128
    PAUSED = 256
    #: Lacks every skill the case asks for.
    SKILL = 1024
    #: The place is a private home and the person is not of the verified tier.
    PRIVATE_HOME = 2048
    #: Would come after the ambulance.
    TOO_SLOW = 4096


class Role(StrEnum):
    """What somebody who accepted is asked to do."""

    #: Go straight to the patient and start CPR.
    DIRECT = "direct"
    #: Fetch this AED, then go to the patient.
    VIA_AED = "via_aed"
    #: Meet the ambulance, hold the lift, care for the family.
    GUIDE = "guide"
    #: Enough are going; please stay.
    TOO_LATE = "too_late"


def make_columns(table: DataclassInstance) -> None:
    """Turn the fields of a frozen table into arrays of one length, by their types.

    Parameters
    ----------
    table : dataclass
        Its fields are annotated `Ints` or `Floats`; the first one gives the length.

    Raises
    ------
    DecisionInputError
        If a field has another shape.
    """
    n = len(getattr(table, fields(table)[0].name))
    for each in fields(table):
        kind = np.int64 if each.type == "Ints" else np.float64
        column = np.ascontiguousarray(getattr(table, each.name), dtype=kind)
        if column.shape != (n,):
            msg = f"Column {each.name} has shape {column.shape}, not ({n},)."
            raise DecisionInputError(msg)
        object.__setattr__(table, each.name, column)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The case at the moment of a decision.

    Parameters
    ----------
    lon, lat : float
        The patient, degrees, WGS 84.
    elapsed_s : float
        Since the collapse, or since the emergency call if that is all that is known.
    ems_eta_s : float or None
        Until the ambulance arrives; None if nobody knows.
    cpr_in_progress : bool
        Somebody already gives CPR: the time to CPR counts as 0 and an AED comes first.
    private_home : bool
        Only the verified tier is asked.
    any_skill : int
        `Skill` bits of which one is needed; 0 asks for none.
    """

    lon: float
    lat: float
    elapsed_s: float = 0.0
    ems_eta_s: float | None = None
    cpr_in_progress: bool = False
    private_home: bool = False
    any_skill: int = 0

    def __post_init__(self) -> None:
        if not (abs(self.lon) <= 180 and abs(self.lat) <= 90):  # noqa: PLR2004 - degrees
            msg = f"No place on earth: lon = {self.lon}, lat = {self.lat}."
            raise DecisionInputError(msg)
        times = (self.elapsed_s, self.ems_eta_s or 0.0)
        if not all(seconds >= 0 for seconds in times):
            msg = f"elapsed_s and ems_eta_s must be 0 or more, not {times}."
            raise DecisionInputError(msg)


@dataclass(frozen=True)
class Candidates:
    """People who might be asked, as columns; row ``i`` of each is one person.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Each once.
    lon, lat : ndarray of float64, shape (n,)
        Last known position, degrees, WGS 84.
    distance_m : ndarray of float64, shape (n,)
        Great-circle or geodesic metres to the patient.
    mode : ndarray of int64, shape (n,)
        `travel.Mode` values.
    position_age_s : ndarray of float64, shape (n,)
        0 for a home or work place in its hours.
    p_accept : ndarray of float64, shape (n,)
        See `acceptance.accept_probability`.
    channel : ndarray of int64, shape (n,)
        `acceptance.Channel` values.
    skills : ndarray of int64, shape (n,)
        `Skill` bits.
    alerts_30d : ndarray of float64, shape (n,)
        Alerts of the last 30 days.
    bars : ndarray of int64, shape (n,)
        `Bar` bits of the roster; 0 may be asked.

    Raises
    ------
    DecisionInputError
        If lengths differ, an id is repeated or a number is out of range.
    """

    ids: Ints
    lon: Floats
    lat: Floats
    distance_m: Floats
    mode: Ints
    position_age_s: Floats
    p_accept: Floats
    channel: Ints
    skills: Ints
    alerts_30d: Floats
    bars: Ints

    def __post_init__(self) -> None:
        make_columns(self)
        self._check()

    def _check(self) -> None:
        """Refuse what would turn a ranking into nonsense.

        Raises
        ------
        DecisionInputError
            If an id is repeated or a number is out of range.
        """
        if len(np.unique(self.ids)) != len(self.ids):
            raise DecisionInputError("A candidate is given twice.")
        if not ((self.p_accept >= 0) & (self.p_accept <= 1)).all():
            raise DecisionInputError("p_accept must be 0 to 1.")
        if not ((self.channel >= 0) & (self.channel < len(Channel))).all():
            raise DecisionInputError("channel must be a value of Channel.")
        for name in ("distance_m", "position_age_s", "alerts_30d"):
            if not (getattr(self, name) >= 0).all():
                raise DecisionInputError(f"{name} must be 0 or more.")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def travel_s(self) -> Floats:
        """Seconds from leaving to the patient, straight there; shape (n,)."""
        return travel_s(self.distance_m, self.mode, self.position_age_s)

    def rows(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Candidates:
        """Some of the candidates.

        Parameters
        ----------
        chosen : ndarray of int64 or bool
            Row numbers, or a mask of shape (n,).

        Returns
        -------
        Candidates
        """
        columns = {each.name: getattr(self, each.name)[chosen] for each in fields(self)}
        return Candidates(**columns)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who was asked and has not answered.

    Parameters
    ----------
    responder_id : int
        Who.
    silent_s : float
        Seconds since the alert left; negative while it waits for a call slot.
    travel_s : float
        From leaving to the patient.
    p_accept : float
        Chance to accept, as it was before the alert.
    channel : int
        `acceptance.Channel` by which they were asked.
    """

    responder_id: int
    silent_s: float
    travel_s: float
    p_accept: float
    channel: int = Channel.BOTH


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody who accepted and is on the way or there.

    Parameters
    ----------
    responder_id : int
        Who.
    role : Role
        What they do.
    cpr_s : float
        Seconds until they are at the patient; 0 if they are.
    shock_s : float or None
        Seconds until they are there with an AED; None without one.
    confirmed : bool
        They have confirmed the role (any sign after it was sent): it stays.
    aed_id : int or None
        The AED they fetch.
    """

    responder_id: int
    role: Role
    cpr_s: float
    shock_s: float | None = None
    confirmed: bool = False
    aed_id: int | None = None
