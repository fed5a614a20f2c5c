"""What may still come: survival expected over the yeses of those who are silent.

Whoever accepts first need not fetch the AED if somebody nearer to it is likely to
accept within the minute. Each scenario draws who of the silent accepts and when, and
gives them the roles that promises alone would give. The draws are fixed, so that the
same facts give the same role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from responders.deciding.acceptance import DELAYS, Channel, posterior_of_silent
from responders.deciding.eta import delay_quantile, left_by
from responders.deciding.facts import CaseFacts, Floats, Promise, Role
from responders.deciding.gains import UNKNOWN_EMS_S
from responders.deciding.routes import (
    AedSites,
    direct_ways_s,
    free_aeds,
    ways_by_aeds,
)
from responders.deciding.survival import survival_by_cpr_and_shock

N_SCENARIOS: Final = 256
MOST_HOPED: Final = 30
_SEED: Final = 20_131


@dataclass(frozen=True, slots=True)
class Hoped:
    """Somebody silent who may still accept.

    Parameters
    ----------
    responder_id : int
        Who.
    lon, lat : float
        Last known position, degrees, WGS 84.
    mode : int
        `travel.Mode`.
    silent_s : float
        Since they were asked; negative while they wait for a call slot.
    p_accept : float
        Chance to accept, as it was before they were asked.
    channel : int
        `acceptance.Channel`.
    position_age_s : float
        Seconds since the position was known.
    """

    responder_id: int
    lon: float
    lat: float
    mode: int
    silent_s: float
    p_accept: float
    channel: int = Channel.BOTH
    position_age_s: float = 0.0


def yes_times(hoped: tuple[Hoped, ...]) -> Floats:
    """When each of the silent accepts, scenario by scenario.

    Parameters
    ----------
    hoped : tuple of Hoped
        At most `MOST_HOPED` are looked at.

    Returns
    -------
    ndarray of float64, shape (N_SCENARIOS, n)
        Seconds from now; inf for never.
    """
    people = hoped[:MOST_HOPED]
    times = np.full((N_SCENARIOS, len(people)), np.inf)
    accepts, delays = _draws()
    for at, person in enumerate(people):
        delay = DELAYS[person.channel]
        chance = posterior_of_silent(person.p_accept, person.silent_s, delay)
        until_now = left_by(delay, np.array(person.silent_s))
        left = delay_quantile(delay, until_now + (1.0 - until_now) * delays[:, at])
        says_yes = accepts[:, at] < chance
        times[says_yes, at] = np.maximum(left[says_yes] - person.silent_s, 0.0)
    return times


def expected_survival(
    yes_s: Floats,
    direct_s: Floats,
    via_aed_s: Floats,
    clock: Callable[[Floats, Floats], tuple[Floats, Floats]],
) -> float:
    """Survival averaged over scenarios in which each yes takes its better role.

    Parameters
    ----------
    yes_s : ndarray of float64, shape (scenarios, n)
        When each accepts, seconds from now; inf for never.
    direct_s, via_aed_s : ndarray of float64, shape (n,)
        Ways to the patient, straight there and by their AED; inf without one.
    clock : callable
        First CPR and first shock of those to come (both shape (scenarios,), inf for
        nobody) to times since the collapse, with what is promised already and the
        ambulance.

    Returns
    -------
    float
        Probability.

    Notes
    -----
    A rollout: those to come are given roles one after the other by promises alone, so
    that deciding with this look ahead is never worse on average than deciding without
    (Bertsekas 1997 [recalled]).
    """
    cpr = np.full(len(yes_s), np.inf)
    shock = cpr.copy()
    scenario = np.arange(len(yes_s))
    order = np.argsort(yes_s, axis=1)
    # Only as far as anybody accepts: the rest of every row is "never".
    n_yes = int(np.isfinite(yes_s).sum(axis=1).max(initial=0))
    for turn in range(n_yes):
        person = order[:, turn]
        at = yes_s[scenario, person]
        cpr_direct = np.minimum(cpr, at + direct_s[person])
        there = at + via_aed_s[person]
        cpr_via, shock_via = np.minimum(cpr, there), np.minimum(shock, there)
        direct = survival_by_cpr_and_shock(*clock(cpr_direct, shock))
        fetches = survival_by_cpr_and_shock(*clock(cpr_via, shock_via)) > direct
        cpr = np.where(fetches, cpr_via, cpr_direct)
        shock = np.where(fetches, shock_via, shock)
    return float(survival_by_cpr_and_shock(*clock(cpr, shock)).mean())


class Outlook:
    """Survival with what is promised, what may still come, and the ambulance.

    Parameters
    ----------
    case, aeds, promises, hoped
        As for `roles.assign_role`.
    """

    def __init__(
        self,
        case: CaseFacts,
        aeds: AedSites,
        promises: tuple[Promise, ...],
        hoped: tuple[Hoped, ...],
    ) -> None:
        self._case, self._aeds = case, aeds
        self._promises, self._hoped = promises, hoped[:MOST_HOPED]
        ems_s = UNKNOWN_EMS_S if case.ems_eta_s is None else case.ems_eta_s
        shocks = [each.shock_s for each in promises if each.shock_s is not None]
        arrivals = [each.cpr_s for each in promises if each.role is not Role.GUIDE]
        self._cpr_s, self._shock_s = min([ems_s, *arrivals]), min([ems_s, *shocks])
        self._yes_s = yes_times(self._hoped)
        self._direct_s = direct_ways_s(case, self._hoped)
        self._by_aeds_s = ways_by_aeds(case, self._hoped, aeds)[1]

    def survival(
        self,
        *,
        cpr_s: float = np.inf,
        shock_s: float = np.inf,
        aed_id: int | None = None,
    ) -> float:
        """Survival if one more person brings CPR, or this AED, at these times."""

        def clock(first: Floats, aed: Floats) -> tuple[Floats, Floats]:
            cpr = np.minimum(first, min(self._cpr_s, cpr_s)) + self._case.elapsed_s
            shock = np.minimum(aed, min(self._shock_s, shock_s)) + self._case.elapsed_s
            return (0.0 * cpr if self._case.cpr_in_progress else cpr), shock

        if not self._hoped:
            never = np.array(np.inf)
            return float(survival_by_cpr_and_shock(*clock(never, never)))
        by_aed_s = self._ways_by_aed(aed_id)
        return expected_survival(self._yes_s, self._direct_s, by_aed_s, clock)

    def _ways_by_aed(self, taken: int | None) -> Floats:
        """Seconds of the silent by way of the best AED that is left; shape (n,)."""
        claimed = [taken, *(each.aed_id for each in self._promises)]
        free = free_aeds(self._aeds, claimed)
        ways: Floats = self._by_aeds_s[:, free].min(axis=1, initial=np.inf)
        return ways


@lru_cache(maxsize=1)
def _draws() -> tuple[Floats, Floats]:
    """Uniform draws, the same in every decision."""
    rng = np.random.default_rng(_SEED)
    return rng.random((N_SCENARIOS, MOST_HOPED)), rng.random((N_SCENARIOS, MOST_HOPED))
