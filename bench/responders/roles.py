"""Role rules compared on the same yeses: whoever accepts, when, is the same for all."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bench.responders.ours import true_way_by_aed
from bench.responders.world import Event
from responders.deciding.facts import CaseFacts, Promise, Role
from responders.deciding.outlook import Hoped
from responders.deciding.roles import (
    OUTDOOR_CABINET_S,
    Acceptor,
    AedRoute,
    AedSites,
    RolePolicy,
    assign_role,
    best_aed_route,
)
from responders.deciding.survival import survival_by_cpr_and_shock
from responders.deciding.travel import great_circle_m

#: FAQ of HartslagNu: an AED counts within this, if the way by it is hardly longer.
HARTSLAGNU_AED_M = 500.0
HARTSLAGNU_TOLERANCE = 1.05
HJERTELOEBER_AEDS = 4
#: The nearest so many are asked at once, whatever the rule for roles.
N_ASKED = 10


@dataclass(frozen=True)
class Yes:
    """Somebody who accepted at a time."""

    row: int
    at_s: float
    acceptor: Acceptor
    direct_s: float


@dataclass(frozen=True)
class Times:
    """When CPR and shock come, the ambulance being the fallback, seconds."""

    cpr_s: float
    shock_s: float

    @property
    def survival(self) -> float:
        """Valenzuela's."""
        return float(survival_by_cpr_and_shock(self.cpr_s, self.shock_s))


Rule = Callable[[Event, list[Yes]], Times]


def yeses(event: Event) -> list[Yes]:
    """Who accepts if the nearest are asked at once, the first first."""
    rows = np.argsort(event.known.distance_m, kind="stable")[:N_ASKED]
    rows = rows[np.isfinite(event.yes_s[rows])]
    rows = rows[np.argsort(event.yes_s[rows])]
    return [yes_of(event, int(row), float(event.yes_s[row])) for row in rows]


def yes_of(event: Event, row: int, at_s: float) -> Yes:
    """One who accepts at a time, from where they are known to be."""
    known = event.known
    acceptor = Acceptor(
        row,
        float(known.lon[row]),
        float(known.lat[row]),
        int(known.mode[row]),
        float(known.position_age_s[row]),
    )
    return Yes(row, at_s, acceptor, float(event.travel_s[row]))


def all_direct(event: Event, people: list[Yes]) -> Times:
    """Nobody fetches an AED."""
    return _times(event, people, {})


def online_greedy(event: Event, people: list[Yes]) -> Times:
    """Our rule, at each yes, with what earlier yeses promise."""
    return _greedy(event, people, RolePolicy())


def promises_only(event: Event, people: list[Yes]) -> Times:
    """Our rule without a look at who may still accept."""
    return _greedy(event, people, RolePolicy(), looks_ahead=False)


def first_direct(event: Event, people: list[Yes]) -> Times:
    """Our rule with the first to accept going straight there."""
    return _greedy(event, people, RolePolicy(first_direct=True))


def hartslagnu(event: Event, people: list[Yes]) -> Times:
    """Two of three by an AED near them, if the way is at most 5 % longer."""
    fetch: dict[int, AedRoute] = {}
    claimed: tuple[Promise, ...] = ()
    for n, person in enumerate(people):
        route = best_aed_route(
            event.case, person.acceptor, _near(event, person), claimed
        )
        if route is None or n % 3 == 0:
            continue
        walk_s = route.shock_s - OUTDOOR_CABINET_S
        if walk_s <= HARTSLAGNU_TOLERANCE * person.direct_s:
            fetch[person.row] = route
            claimed += (_claim(person, route),)
    return _times(event, people, fetch)


def hjerteloeber(event: Event, people: list[Yes]) -> Times:
    """The first four to accept fetch an AED, the others go straight there."""
    fetch: dict[int, AedRoute] = {}
    claimed: tuple[Promise, ...] = ()
    for person in people:
        route = best_aed_route(event.case, person.acceptor, event.aeds, claimed)
        if route is not None and len(fetch) < HJERTELOEBER_AEDS:
            fetch[person.row] = route
            claimed += (_claim(person, route),)
    return _times(event, people, fetch)


def oracle(event: Event, people: list[Yes]) -> Times:
    """Best in hindsight with at most one AED: knows every yes to come."""
    choices = [_times(event, people, {})]
    for person in people:
        route = best_aed_route(event.case, person.acceptor, event.aeds)
        if route is not None:
            choices.append(_times(event, people, {person.row: route}))
    return max(choices, key=lambda times: times.survival)


RULES: dict[str, Rule] = {
    "all direct": all_direct,
    "HartslagNu 1/3 + 5 %": hartslagnu,
    "Hjerteløber, first 4 AED": hjerteloeber,
    "ours, first direct": first_direct,
    "ours, promises only": promises_only,
    "ours": online_greedy,
    "one-AED oracle": oracle,
}


def _greedy(
    event: Event, people: list[Yes], policy: RolePolicy, *, looks_ahead: bool = True
) -> Times:
    """Ask `assign_role` at every yes, as the service does."""
    made: list[tuple[float, Promise]] = []
    fetch: dict[int, AedRoute] = {}
    going: list[Yes] = []
    for person in people:
        promises = tuple(_aged(made_s, each, person.at_s) for made_s, each in made)
        on_scene = any(promise.cpr_s <= 0 for promise in promises)
        choice = assign_role(
            _at(event.case, person.at_s),
            person.acceptor,
            event.aeds,
            promises,
            hoped=_hoped(event, person.at_s) if looks_ahead else (),
            nobody_on_scene=not on_scene,
            policy=policy,
        )
        promise = choice.promise()
        if promise is None:
            continue
        made.append((person.at_s, promise))
        going.append(person)
        if choice.role is Role.VIA_AED and choice.route is not None:
            fetch[person.row] = choice.route
    return _times(event, going, fetch)


def _times(event: Event, people: list[Yes], fetch: dict[int, AedRoute]) -> Times:
    """First CPR and first shock if some fetch an AED."""
    ems_s = event.case.ems_eta_s or math.inf
    cpr = shock = ems_s
    for person in people:
        route = fetch.get(person.row)
        if route is None:
            cpr = min(cpr, person.at_s + person.direct_s)
        else:
            there = person.at_s + true_way_by_aed(event, person.row, route.aed_id)
            cpr, shock = min(cpr, there), min(shock, there)
    return Times(cpr, shock)


def _hoped(event: Event, now_s: float) -> tuple[Hoped, ...]:
    """Who was asked and is silent at a time."""
    known = event.known
    asked = np.argsort(known.distance_m, kind="stable")[:N_ASKED]
    silent = asked[(event.yes_s[asked] > now_s) & (event.no_s[asked] > now_s)]
    return tuple(
        Hoped(
            int(row),
            float(known.lon[row]),
            float(known.lat[row]),
            int(known.mode[row]),
            now_s,
            float(known.p_accept[row]),
        )
        for row in silent
    )


def _near(event: Event, person: Yes) -> AedSites:
    """AEDs within HartslagNu's reach of a person."""
    aeds, at = event.aeds, person.acceptor
    near = great_circle_m(at.lon, at.lat, aeds.lon, aeds.lat) <= HARTSLAGNU_AED_M
    return replace(
        aeds,
        ids=aeds.ids[near],
        lon=aeds.lon[near],
        lat=aeds.lat[near],
        access_s=aeds.access_s[near],
        open_from_s=aeds.open_from_s[near],
        open_until_s=aeds.open_until_s[near],
    )


def _claim(person: Yes, route: AedRoute) -> Promise:
    """So that nobody else is sent to the same AED."""
    there = route.shock_s
    return Promise(person.row, Role.VIA_AED, there, there, aed_id=route.aed_id)


def _aged(made_s: float, promise: Promise, now_s: float) -> Promise:
    """A promise as it stands at a later time."""
    gone = now_s - made_s
    shock_s = None if promise.shock_s is None else max(promise.shock_s - gone, 0.0)
    return replace(promise, cpr_s=max(promise.cpr_s - gone, 0.0), shock_s=shock_s)


def _at(case: CaseFacts, now_s: float) -> CaseFacts:
    """The case at a later time."""
    left_s = None if case.ems_eta_s is None else max(case.ems_eta_s - now_s, 0.0)
    return replace(case, elapsed_s=now_s, ems_eta_s=left_s)
