"""What somebody who says yes shall do: go straight there, or by way of an AED.

Decided when a person accepts, not when alerting: who accepts and when is known by then.
The larger survival wins, given what those who accepted earlier already promise and the
ambulance as fallback.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

import numpy as np

from responders.decision_errors import DecisionInputError
from responders.facts import CaseFacts, Floats, Ints, Promise, Role
from responders.survival import survival_by_cpr_and_shock
from responders.travel import great_circle_m, travel_s

#: The ambulance's time where nobody knows it [proposed].
UNKNOWN_EMS_S: Final = 1200.0
#: Seconds to get an AED out [proposed].
OUTDOOR_CABINET_S: Final = 40.0
INDOOR_OR_LOCKED_S: Final = 90.0


class Why(StrEnum):
    """The reason of a role."""

    SAVES_MORE = "saves_more"
    #: Neither way adds survival; somebody who comes as well makes it safer.
    IN_RESERVE = "in_reserve"
    FIRST_GOES_DIRECT = "first_goes_direct"
    NO_AED = "no_aed"
    ENOUGH_GO = "enough_go"
    AFTER_AMBULANCE = "after_ambulance"


@dataclass(frozen=True, slots=True)
class Acceptor:
    """Somebody who has just accepted.

    Parameters
    ----------
    responder_id : int
        Who.
    lon, lat : float
        Last known position, degrees, WGS 84.
    mode : int
        `travel.Mode`.
    position_age_s : float
        Seconds since the position was known.
    """

    responder_id: int
    lon: float
    lat: float
    mode: int
    position_age_s: float = 0.0


@dataclass(frozen=True)
class AedSites:
    """AEDs near a case, as columns; only such as may be used and do not fail.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Each once.
    lon, lat : ndarray of float64, shape (n,)
        Degrees, WGS 84.
    access_s : ndarray of float64, shape (n,)
        To get it out: `OUTDOOR_CABINET_S` or `INDOOR_OR_LOCKED_S`.
    open_from_s, open_until_s : ndarray of float64, shape (n,)
        The opening that begins first and has not ended, seconds from now: 0 or less
        if open now; ``inf`` as its end if it never closes. An AED is taken only if
        the person gets there inside this time.

    Raises
    ------
    DecisionInputError
        If lengths differ.
    """

    ids: Ints
    lon: Floats
    lat: Floats
    access_s: Floats
    open_from_s: Floats
    open_until_s: Floats

    def __post_init__(self) -> None:
        n = len(self.ids)
        for each in fields(self):
            kind = np.int64 if each.type == "Ints" else np.float64
            column = np.ascontiguousarray(getattr(self, each.name), dtype=kind)
            if column.shape != (n,):
                msg = f"Column {each.name} has shape {column.shape}, not ({n},)."
                raise DecisionInputError(msg)
            object.__setattr__(self, each.name, column)

    @classmethod
    def none(cls) -> AedSites:
        """No AED near."""
        numbers = np.empty(0)
        return cls(np.empty(0, np.int64), *(numbers for _ in range(5)))

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """What the organisation may tune; defaults [proposed] after Langeland's third role.

    Parameters
    ----------
    n_direct, n_aed, n_guides : int
        How many of each role are wanted at most.
    n_spare : int
        So many more are taken while nobody is on scene, since some never come.
    first_direct : bool
        The first to accept goes straight there whatever an AED would save: keeps the
        promise of early CPR at the price of survival (``docs/responders-model.md``).
    """

    n_direct: int = 2
    n_aed: int = 2
    n_guides: int = 1
    n_spare: int = 1
    first_direct: bool = False


@dataclass(frozen=True, slots=True)
class AedRoute:
    """The fastest way by an AED that is open when the person gets there.

    Parameters
    ----------
    aed_id : int
        Which.
    pick_up_s : float
        Seconds from now until they are at it.
    shock_s : float
        Seconds until they are at the patient with it.
    """

    aed_id: int
    pick_up_s: float
    shock_s: float


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role and what spoke for it.

    Parameters
    ----------
    responder_id : int
        Who.
    role : Role
        What they do.
    why : Why
        The reason.
    direct_s : float
        Seconds to the patient, straight there.
    route : AedRoute or None
        The best way by an AED; None if there is none.
    survival_before : float
        With all who accepted earlier and the ambulance.
    survival_direct : float
        If this person goes straight there as well.
    survival_via_aed : float
        If this person fetches the AED; equal to before where there is none.
    """

    responder_id: int
    role: Role
    why: Why
    direct_s: float
    route: AedRoute | None
    survival_before: float
    survival_direct: float
    survival_via_aed: float

    def promise(self) -> Promise | None:
        """What the person promises from now on; None if they are not to come."""
        if self.role is Role.TOO_LATE:
            return None
        if self.role is Role.VIA_AED and self.route is not None:
            at = self.route.shock_s
            return Promise(
                self.responder_id, self.role, at, at, aed_id=self.route.aed_id
            )
        return Promise(self.responder_id, self.role, self.direct_s)


def assign_role(
    case: CaseFacts,
    acceptor: Acceptor,
    aeds: AedSites,
    promises: tuple[Promise, ...] = (),
    *,
    nobody_on_scene: bool = True,
    policy: RolePolicy | None = None,
) -> RoleChoice:
    """Decide the role of somebody who accepts now.

    Parameters
    ----------
    case : CaseFacts
        At this moment.
    acceptor : Acceptor
        Who, where.
    aeds : AedSites
        Near the patient; those in `promises` count as claimed.
    promises : tuple of Promise
        Of those who accepted earlier and still come.
    nobody_on_scene : bool
        While true one more than wanted is taken.
    policy : RolePolicy, optional
        Defaults of the class.

    Returns
    -------
    RoleChoice

    Notes
    -----
    ``S(c, d)`` is Valenzuela's curve with the earliest CPR and the earliest shock of
    all promises, the ambulance bringing both. Whoever adds nothing either way is held
    in reserve: the missing kind first, then a guide.
    """
    policy = policy or RolePolicy()
    here = great_circle_m(acceptor.lon, acceptor.lat, case.lon, case.lat)
    direct_s = float(travel_s(here, acceptor.mode, acceptor.position_age_s))
    route = best_aed_route(case, acceptor, aeds, promises)
    before = survival(case, promises)
    direct = survival(case, promises, cpr_s=direct_s)
    via = before
    if route is not None:
        via = survival(case, promises, cpr_s=route.shock_s, shock_s=route.shock_s)
    role, why = (
        _refusal(case, direct_s, promises, nobody_on_scene, policy)
        or _saving(case, promises, policy, (before, direct, via))
        or _reserve(promises, route, policy)
    )
    if role is Role.DIRECT and why is Why.SAVES_MORE and route is None:
        why = Why.NO_AED
    return RoleChoice(
        acceptor.responder_id, role, why, direct_s, route, before, direct, via
    )


def survival(
    case: CaseFacts,
    promises: tuple[Promise, ...],
    *,
    cpr_s: float = float("inf"),
    shock_s: float = float("inf"),
) -> float:
    """Survival with what is promised, one more person, and the ambulance.

    Parameters
    ----------
    case : CaseFacts
        With CPR in progress the time to CPR counts as 0.
    promises : tuple of Promise
        Of others; guides bring no CPR.
    cpr_s, shock_s : float
        Of the one more person, seconds from now; ``inf`` for nothing.

    Returns
    -------
    float
        Probability.
    """
    ems_s = UNKNOWN_EMS_S if case.ems_eta_s is None else case.ems_eta_s
    shocks = [promise.shock_s for promise in promises if promise.shock_s is not None]
    arrivals = [promise.cpr_s for promise in promises if promise.role is not Role.GUIDE]
    cpr = case.elapsed_s + min(ems_s, cpr_s, *arrivals)
    shock = case.elapsed_s + min(ems_s, shock_s, *shocks)
    if case.cpr_in_progress:
        cpr = 0.0
    return float(survival_by_cpr_and_shock(cpr, shock))


def best_aed_route(
    case: CaseFacts,
    acceptor: Acceptor,
    aeds: AedSites,
    promises: tuple[Promise, ...] = (),
) -> AedRoute | None:
    """The fastest way to the patient by an AED that is open at pick-up.

    Parameters
    ----------
    case, acceptor, aeds, promises
        As for `assign_role`.

    Returns
    -------
    AedRoute or None
        None if every AED is claimed or closed; ties go to the lower id.
    """
    if not len(aeds):
        return None
    to_aed = travel_s(
        great_circle_m(acceptor.lon, acceptor.lat, aeds.lon, aeds.lat),
        acceptor.mode,
        acceptor.position_age_s,
    )
    onward = travel_s(
        great_circle_m(aeds.lon, aeds.lat, case.lon, case.lat), acceptor.mode
    )
    claimed = [promise.aed_id for promise in promises if promise.aed_id is not None]
    usable = (to_aed >= aeds.open_from_s) & (to_aed <= aeds.open_until_s)
    usable &= ~np.isin(aeds.ids, np.array(claimed, dtype=np.int64))
    if not usable.any():
        return None
    total = np.where(usable, to_aed + aeds.access_s + onward, np.inf)
    at = int(np.lexsort((aeds.ids, total))[0])
    return AedRoute(int(aeds.ids[at]), float(to_aed[at]), float(total[at]))


def _refusal(
    case: CaseFacts,
    direct_s: float,
    promises: tuple[Promise, ...],
    nobody_on_scene: bool,
    policy: RolePolicy,
) -> tuple[Role, Why] | None:
    """Whether enough go already, or the ambulance is there first."""
    wanted = policy.n_direct + policy.n_aed + policy.n_guides
    if len(promises) >= wanted + (policy.n_spare if nobody_on_scene else 0):
        return Role.TOO_LATE, Why.ENOUGH_GO
    if case.ems_eta_s is not None and direct_s >= case.ems_eta_s:
        return Role.TOO_LATE, Why.AFTER_AMBULANCE
    return None


def _saving(
    case: CaseFacts,
    promises: tuple[Promise, ...],
    policy: RolePolicy,
    survivals: tuple[float, float, float],
) -> tuple[Role, Why] | None:
    """The way that saves more; None if neither adds anything."""
    before, direct, via = survivals
    if policy.first_direct and not promises and not case.cpr_in_progress:
        return Role.DIRECT, Why.FIRST_GOES_DIRECT
    if via > max(before, direct):
        return Role.VIA_AED, Why.SAVES_MORE
    if direct > before:
        return Role.DIRECT, Why.SAVES_MORE
    return None


def _reserve(
    promises: tuple[Promise, ...], route: AedRoute | None, policy: RolePolicy
) -> tuple[Role, Why]:
    """Which role is missing most; the spare person goes straight there."""
    have = [promise.role for promise in promises]
    order = [
        (Role.DIRECT, 1),
        (Role.VIA_AED, 1),
        (Role.DIRECT, policy.n_direct),
        (Role.GUIDE, policy.n_guides),
        (Role.VIA_AED, policy.n_aed),
    ]
    for role, wanted in order:
        if have.count(role) < wanted and (role is not Role.VIA_AED or route):
            return role, Why.IN_RESERVE
    return Role.DIRECT, Why.IN_RESERVE
