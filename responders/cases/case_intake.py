"""A case as it is reported, and whether it may be one that is known."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.case import (
    DUPLICATE_M,
    DUPLICATE_WITHIN,
    CardiacCase,
    CaseId,
    CaseState,
    Scene,
    Stamps,
    free_code,
)
from responders.deciding.travel import great_circle_m
from responders.errors import InvalidCaseError
from responders.roster.places import CLOCK_SKEW

#: A call so long ago is not reported any more.
_OLDEST_CALL = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCase:
    """A case as it is reported."""

    scene: Scene
    #: When the emergency call came; now if not said.
    call_received_at: datetime | None = None
    callback_phone: str = ""
    external_ref: str = ""
    #: Minutes until the ambulance is there; None if unknown.
    ems_eta_min: float | None = None
    excluded: frozenset[str] = frozenset()
    is_exercise: bool = False
    any_tier: bool = False
    with_helpers: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What a dispatcher corrects; None leaves it as it is."""

    scene: Scene | None = None
    ems_eta_min: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What became of a report."""

    case: CardiacCase
    #: False if the ambulance's computer had reported it before.
    is_new: bool
    #: Open cases that may be the same patient.
    duplicates: Sequence[CardiacCase] = ()


def duplicates(
    case: CardiacCase, others: Sequence[CardiacCase]
) -> Sequence[CardiacCase]:
    """Open cases that may be the same patient: near each other, or of one caller."""
    return [
        other
        for other in others
        if other.case_id != case.case_id
        and other.is_exercise is case.is_exercise
        and (_is_near(case, other) or _is_same_caller(case, other))
    ]


def case_of(
    new: NewCase, opened: Sequence[CardiacCase], *, number: int, now: datetime, by: str
) -> CardiacCase:
    """The case that a report becomes.

    Raises
    ------
    InvalidCaseError
        If its times contradict each other.
    """
    received = new.call_received_at or now
    if received > now + CLOCK_SKEW:
        raise InvalidCaseError("The emergency call is in the future; check the clock.")
    if now - received > _OLDEST_CALL:
        raise InvalidCaseError("The emergency call is more than an hour old.")
    eta = None if new.ems_eta_min is None else now + minutes(new.ems_eta_min)
    return CardiacCase(
        case_id=CaseId(secrets.token_hex(8)),
        code=free_code([case.code for case in opened], number),
        state=CaseState.NEW,
        scene=new.scene,
        stamps=Stamps(call_received_at=min(received, now), opened_at=now),
        opened_by=by,
        callback_phone=new.callback_phone,
        external_ref=new.external_ref,
        ems_eta_at=eta,
        excluded=new.excluded,
        is_exercise=new.is_exercise,
        any_tier=new.any_tier,
        with_helpers=new.with_helpers,
    )


def minutes(n: float) -> timedelta:
    """A span of minutes.

    Raises
    ------
    InvalidCaseError
        If it is negative or longer than anybody drives.
    """
    if not 0 <= n <= 24 * 60:
        raise InvalidCaseError(f"An ambulance that takes {n} minutes is none.")
    return timedelta(minutes=n)


def _is_near(case: CardiacCase, other: CardiacCase) -> bool:
    one, two = case.scene, other.scene
    metres = float(great_circle_m(one.lon, one.lat, two.lon, two.lat))
    apart = abs(case.stamps.opened_at - other.stamps.opened_at)
    return metres < DUPLICATE_M and apart < DUPLICATE_WITHIN


def _is_same_caller(case: CardiacCase, other: CardiacCase) -> bool:
    return bool(case.callback_phone) and case.callback_phone == other.callback_phone
