"""What somebody who says yes shall do: go straight there, or by way of an AED.

Decided when a person accepts, not when alerting: who accepts and when is known by then.
The larger survival wins, given what those who accepted earlier already promise and the
ambulance as fallback.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from responders.deciding.facts import CaseFacts, Promise, Role
from responders.deciding.outlook import Hoped, Outlook
from responders.deciding.routes import (
    INDOOR_OR_LOCKED_S,
    OUTDOOR_CABINET_S,
    Acceptor,
    AedRoute,
    AedSites,
    best_aed_route,
    direct_way_s,
)

__all__ = [
    "INDOOR_OR_LOCKED_S",
    "OUTDOOR_CABINET_S",
    "Acceptor",
    "AedRoute",
    "AedSites",
    "Hoped",
    "RoleChoice",
    "RolePolicy",
    "Why",
    "assign_role",
]


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
class RolePolicy:
    """What the organisation may tune; defaults [proposed] after Langeland's third role.

    Parameters
    ----------
    n_direct, n_aed, n_guides : int
        How many of each role are wanted at most.
    n_spare : int
        So many more are taken while nobody is on scene, since some never come.
    worth_more : float
        Survival that somebody beyond these numbers must add to be sent all the same.
    first_direct : bool
        The first to accept goes straight there whatever an AED would save: keeps the
        promise of early CPR at the price of survival (``docs/responders-model.md``).
    """

    n_direct: int = 2
    n_aed: int = 2
    n_guides: int = 1
    n_spare: int = 1
    worth_more: float = 0.005
    first_direct: bool = False


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
        With all who accepted earlier, what may still come, and the ambulance.
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
    hoped: tuple[Hoped, ...] = (),
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
    hoped : tuple of Hoped
        Asked and silent: what they may still bring is expected (`outlook`). Without
        them the rule looks at promises only.
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
    all promises, the ambulance bringing both; over the silent it is averaged.
    Whoever adds nothing either way is held in reserve: the missing kind first, then a
    guide.
    """
    policy = policy or RolePolicy()
    direct_s = direct_way_s(case, acceptor)
    route = best_aed_route(case, acceptor, aeds, promises)
    outlook = Outlook(case, aeds, promises, hoped)
    before = outlook.survival()
    direct = outlook.survival(cpr_s=direct_s)
    via = before
    if route is not None:
        there_s = route.shock_s
        via = outlook.survival(cpr_s=there_s, shock_s=there_s, aed_id=route.aed_id)
    wanted = policy.n_direct + policy.n_aed + policy.n_guides
    room = wanted + (policy.n_spare if nobody_on_scene else 0) - len(promises)
    role, why = (
        _refusal(case, direct_s, max(direct, via) - before, room, policy)
        or _saving(case, promises, policy, (before, direct, via))
        or _reserve(promises, route, policy)
    )
    if role is Role.DIRECT and why is Why.SAVES_MORE and route is None:
        why = Why.NO_AED
    return RoleChoice(
        acceptor.responder_id, role, why, direct_s, route, before, direct, via
    )


def _refusal(
    case: CaseFacts, direct_s: float, gain: float, room: int, policy: RolePolicy
) -> tuple[Role, Why] | None:
    """Whether enough go already, or the ambulance is there first."""
    if case.ems_eta_s is not None and direct_s >= case.ems_eta_s:
        return Role.TOO_LATE, Why.AFTER_AMBULANCE
    if room <= 0 and gain < policy.worth_more:
        return Role.TOO_LATE, Why.ENOUGH_GO
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
