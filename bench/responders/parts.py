"""The parts of the bench: each prints its tables and returns its goals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from bench.responders.cores import played, spread
from bench.responders.figures import (
    Figures,
    Floats,
    arrived_if_all_asked,
    bounded_mean,
    interval,
    quotient,
)
from bench.responders.goals import Goal, compared, goal, print_table
from bench.responders.ours import ours
from bench.responders.roles import RULES, yeses
from bench.responders.rules import (
    PUBLISHED,
    SIMPLE,
    at_random,
    everybody,
    in_batches,
    nearest,
)
from bench.responders.service import service
from bench.responders.speed import decision_ms
from bench.responders.systems import SYSTEMS, system_times
from bench.responders.town import FEW, N_PEOPLE, learn
from bench.responders.world import Event, World, events
from responders.deciding.roles import RolePolicy
from responders.deciding.survival import survival_by_cpr_and_shock

DENSITIES = (2, 5, 10, 20)
GOAL_DENSITY = 10
STANDARD_ERRORS = 3.0
FOUR_MIN_S, SIX_MIN_S = 240.0, 360.0
DECISION_MS = 50.0
LEARN_FROM = 5_000
LEARN_AT = (10, 60)
#: Density and people of towns in which fewer, or more, share the same alerts.
LEARN_ALSO = ((10, 157), (10, 628))
BRIER = 0.01
#: Towns that a goal is judged over.
N_TOWNS = 12
#: The whole service takes longer: it plays one case of so many.
SERVICE_SHARE = 40
#: Tables that no goal is read from are of one case of so many.
NO_GOAL_SHARE = 8
#: Goals that are met by far are judged by half the cases: 4 beside the reference, 6.
WIDE_SHARE = 2
ROLES_WORLD = "roles-10-2"


def closed_forms(n: int, seed: int) -> list[Goal]:
    """Goal 1: theory against the clock."""
    print("| density | figure | closed form | simulated | s.e. away |")
    print("|---|---|---|---|---|")
    farthest = 0.0
    for density in DENSITIES:
        world = World.named(f"reference-{density}")
        seen = compared(world, {"all": everybody()}, n, seed)["all"]
        chance = arrived_if_all_asked(world)
        in_4, in_6 = chance(np.array([240.0, 360.0]))
        for name, theory, column in (
            ("P(≤ 4 min)", in_4, seen.within_4_min),
            ("P(≤ 6 min)", in_6, seen.within_6_min),
            ("E[min(T, 600)]", bounded_mean(chance), seen.bounded_s),
        ):
            mean, error = column.mean(), column.std() / np.sqrt(n)
            away = float(abs(mean - theory) / max(error, 1 / n))
            farthest = max(farthest, away)
            cells = f"{theory:.4f} | {interval(column)} | {away:.2f}"
            print(f"| {density} | {name} | {cells} |")
    what = "1: closed forms within 3 standard errors"
    return [Goal(what, f"at most {farthest:.2f}", farthest <= STANDARD_ERRORS)]


def reference(n: int, seed: int) -> list[Goal]:
    """Goals 2, 3 and 4: whom to ask, everybody going straight there."""
    goals: list[Goal] = []
    for density in DENSITIES:
        world = World.named(f"reference-{density}")
        n_here = n if density == GOAL_DENSITY else max(n // WIDE_SHARE, 1)
        if density == DENSITIES[0]:
            n_here = shared(n)
        rules = {**SIMPLE, **PUBLISHED, "ours": ours()}
        ran = compared(world, rules, n_here, seed)
        alerts = float(ran["ours"].n_asked.mean())
        equal = {
            f"nearest {alerts:.2f}": nearest(alerts),
            f"random {alerts:.2f}": at_random(alerts),
        }
        fair = compared(world, equal, n_here, seed)
        print(f"\n{density} responders per km²\n")
        print_table({**ran, **fair})
        by_distance, by_chance = fair.values()
        one_by_one = ran["sequential, 60 s each"]
        goals += _reference_goals(
            density, ran["ours"], by_distance, by_chance, one_by_one
        )
    return goals


def roles(n: int, seed: int) -> list[Goal]:
    """Goal 5: direct or by an AED, on the same yeses."""
    goals = []
    for name in ("roles-3-1", "roles-5-2", ROLES_WORLD, "roles-20-4"):
        ran = role_times(name, n if name == ROLES_WORLD else shared(n), seed)
        survival = {
            rule: survival_by_cpr_and_shock(*each.T) for rule, each in ran.items()
        }
        print(f"\n{name}: responders and AEDs per km²\n")
        print("| rule | mean survival | CPR ≤ 4 min | shock ≤ 6 min |")
        print("|---|---|---|---|")
        for rule, each in ran.items():
            cpr = interval((each[:, 0] <= FOUR_MIN_S).astype(float))
            shock = interval((each[:, 1] <= SIX_MIN_S).astype(float))
            print(f"| {rule} | {interval(survival[rule])} | {cpr} | {shock} |")
        share = quotient(survival["ours"], survival["one-AED oracle"])
        more = interval(survival["ours"] - survival["HartslagNu 1/3 + 5 %"])
        print(f"\nours over the oracle {share}, over HartslagNu +{more}")
        if name == ROLES_WORLD:
            goals = [
                goal("5: survival ≥ 0.98 of one-AED oracle", share, at_least=0.98),
                goal("5: survival ≥ HartslagNu + 0.008", more, at_least=0.008),
            ]
    return goals


def role_times(name: str, n: int, seed: int) -> dict[str, Floats]:
    """Times to CPR and shock by each rule; shape (n, 2) each."""
    world = World.named(name)

    def rows(numbers: Iterable[int]) -> Floats:
        """Cases, rules, CPR and shock."""
        return np.array([_by_rule(each) for each in events(world, numbers, seed)])

    of_all = played(rows, n, what=name)
    return {rule: of_all[:, at] for at, rule in enumerate(RULES)}


def _by_rule(event: Event) -> list[tuple[float, float]]:
    """When CPR and shock come by each rule, on the yeses of the nearest."""
    people = yeses(event)
    ran = (decide(event, people) for decide in RULES.values())
    return [(times.cpr_s, times.shock_s) for times in ran]


def shared(n: int) -> int:
    """Cases of a table that no goal is read from."""
    return max(n // NO_GOAL_SHARE, 1)


def wrong_beliefs(n: int, seed: int) -> list[Goal]:
    """Goal 6: the gain over sequential when what is believed is wrong."""
    n, goals = max(n // WIDE_SHARE, 1), []
    truth = _gain_in_4_min(World.named("reference-10"), n, seed)
    with_goals = {"p-halved", "p-doubled", "stale"}
    print("| world | gain in P(≤ 4 min) over sequential | kept |\n|---|---|---|")
    print(f"| all as believed | {interval(truth)} | 1 |")
    for name in ("p-halved", "p-doubled", "stale", "unreachable", "slow-texts"):
        n_here = n if name in with_goals else shared(n)
        gain = _gain_in_4_min(World.named(name), n_here, seed)
        kept = quotient(gain, truth[:n_here])
        print(f"| {name} | {interval(gain)} | {kept} |")
        if name in with_goals:
            what = f"6: {name} keeps ≥ 0.95 of the gain over sequential"
            goals.append(goal(what, kept, at_least=0.95))
    return goals


def learning(n: int, seed: int) -> list[Goal]:
    """Goal 7: everybody's own willingness.

    A goal is judged over many towns, and so is its interval: the people of one are a
    few hundred draws, and each is asked again and again.
    """
    goals = []
    towns = [(density, N_PEOPLE) for density in LEARN_AT] + list(LEARN_ALSO)
    print(
        "| density | people | alerts | Gini | Brier over oracle | floor | P(≤ 4 min) "
        f"| the same, {FEW} asked |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for density, n_people in towns:
        n_towns = N_TOWNS if n_people == N_PEOPLE else 2
        tests = max(shared(n) // n_towns, 1)
        ask = partial(learn, density, LEARN_FROM, tests, n_people=n_people)
        ran = spread([partial(ask, seed=seed + at) for at in range(n_towns)])
        brier = interval(np.array([one.brier_over_oracle for one in ran]))
        floor = float(np.mean([one.floor for one in ran]))
        gain, with_few = (
            interval(np.concatenate([getattr(one, name) for one in ran]))
            for name in ("gain_in_4_min", "gain_with_few")
        )
        told, of_few = (
            f"{one.mean:+.4f} [{one.low:.4f}, {one.high:.4f}]"
            for one in (gain, with_few)
        )
        alerts, gini = (
            float(np.mean([getattr(one, name) for one in ran]))
            for name in ("n_alerts", "gini")
        )
        print(
            f"| {density} | {n_people} | {alerts:,.0f} | {gini:.2f} | {brier} "
            f"| {floor:.4f} | {told} | {of_few} |",
            flush=True,
        )
        if n_people == N_PEOPLE:
            what = f"7: {density}/km², Brier at most 0.01 over the oracle"
            goals.append(goal(what, brier, at_most=BRIER))
            # Where few are near all are asked, and willingness changes no choice.
            what = f"7: {density}/km², learnt p raises P(≤ 4 min)"
            goals.append(Goal(what, told, gain.low > 0))
            what = f"7: {density}/km², {FEW} asked, learnt p raises P(≤ 4 min)"
            goals.append(Goal(what, of_few, with_few.low > 0))
    return goals


def speed(_n: int, seed: int) -> list[Goal]:
    """Goal 8, its part of deciding."""
    median, p95, cpu, weighed = decision_ms(seed)
    seen = (
        f"median {median:.1f} ms, p95 {p95:.1f} ms, {cpu:.1f} ms of CPU, "
        f"{weighed:,} weighed"
    )
    print(seen)
    what = "8: decision ≤ 50 ms, 5,000 eligible of 1,000,000"
    return [Goal(what, seen, median <= DECISION_MS)]


def systems(n: int, seed: int) -> list[Goal]:
    """Whole systems, waves and roles, in worlds that nothing was tuned on."""
    for name in ("roles-10-2", "held-out-town", "held-out-countryside"):
        world = World.named(name)
        n_here = shared(n)
        ran = {system: system_times(world, system, n_here, seed) for system in SYSTEMS}
        best = ran["ours"].survival
        print(f"\n{name}\n")
        print(
            "| system | mean survival | ours less this | CPR ≤ 4 min | shock ≤ 6 min "
            "| before ambulance | P(anyone) | alerts |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for system, of in ran.items():
            columns = (of.within_4_min, of.shock_6_min, of.before_ems, of.anyone)
            cells = " | ".join(f"{column.mean():.3f}" for column in columns)
            less = interval(best - of.survival)
            print(
                f"| {system} | {interval(of.survival)} | {less} | {cells} "
                f"| {of.n_asked.mean():.1f} |"
            )
    return []


def whole_service(n: int, seed: int) -> list[Goal]:
    """The deployed services on the same cases as the decision alone."""
    n = max(n // SERVICE_SHARE, 1)
    world = World.named("roles-10-2")
    makers = {"decision alone": ours(roles=RolePolicy()), "whole service": service()}
    ran = compared(world, makers, n, seed)
    print(f"{n} cases, {world.name}\n")
    print_table(ran)
    alone, whole = (of.survival for of in ran.values())
    same = quotient(whole, alone)
    print(f"\nsurvival {interval(alone)} and {interval(whole)}, quotient {same}")
    return [goal("the service is as good as its rule, to 1 %", same, at_least=0.99)]


def _reference_goals(
    density: int, us: Figures, near: Figures, chance: Figures, one_by_one: Figures
) -> list[Goal]:
    """The goals of one density."""
    goals = []
    if density == GOAL_DENSITY:
        goals += [
            goal("2: P(≤ 4 min) ≥ 0.46", interval(us.within_4_min), at_least=0.46),
            goal("2: P(≤ 6 min) ≥ 0.82", interval(us.within_6_min), at_least=0.82),
            goal("2: at most 11 alerts", interval(us.n_asked), at_most=11.0),
            goal("3: P(anyone) ≥ 0.999", interval(us.anyone), at_least=0.999),
        ]
    if density > DENSITIES[0]:
        more = interval(us.bounded_s - near.bounded_s)
        what = f"4: {density}/km², E within 2 s of nearest-k"
        goals.append(goal(what, more, at_most=2.0))
    if density >= GOAL_DENSITY:
        for name, other, share in (
            ("random", chance, 0.75),
            ("one by one", one_by_one, 0.8),
        ):
            less = quotient(us.bounded_s, other.bounded_s)
            what = f"4: {density}/km², E at most {share} of {name}"
            goals.append(goal(what, less, at_most=share))
    return goals


def _gain_in_4_min(world: World, n: int, seed: int) -> np.ndarray:
    """Ours less sequential, case by case."""
    makers = {"ours": ours(), "sequential": in_batches(1, 60.0, enough=1)}
    ran = compared(world, makers, n, seed)
    return ran["ours"].within_4_min - ran["sequential"].within_4_min


PARTS: dict[str, Callable[[int, int], list[Goal]]] = {
    "closed forms": closed_forms,
    "whom to ask": reference,
    "roles": roles,
    "wrong beliefs": wrong_beliefs,
    "learning": learning,
    "speed": speed,
    "systems": systems,
    "service": whole_service,
}
