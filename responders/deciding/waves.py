"""When to ask more people, how many, how far away, and when to stop.

The first wave is eight to ten; then the silent are weighed every quarter of a minute,
and as soon as fewer than two can be expected to come, more are asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from responders.deciding.acceptance import DELAYS, TYPICAL_P, posterior_of_silent
from responders.deciding.facts import Candidates, CaseFacts, Promise, Role, Silent
from responders.deciding.ranking import Choice, Ranking, RankingPolicy, own_bars, rank

#: Nobody is asked from here on: the case is closed without them [proposed].
CLOSE_AFTER_S: Final = 480.0


class Stop(StrEnum):
    """Why nobody more is asked, now or for good."""

    #: Enough accepted in time.
    STAFFED = "staffed"
    #: As many as wanted can be expected of the silent: ask again at the next check.
    EXPECTED = "expected"
    AMBULANCE_THERE = "ambulance_there"
    TIME_OVER = "time_over"
    CAP_REACHED = "cap_reached"
    NOBODY_LEFT = "nobody_left"


#: The reasons after which no later check can ask anybody.
FINAL: Final = frozenset({Stop.AMBULANCE_THERE, Stop.TIME_OVER})


class Notice(StrEnum):
    """What the dispatcher must be told now."""

    NOBODY_ELIGIBLE = "nobody_eligible"
    NO_YES = "no_yes"


@dataclass(frozen=True, slots=True)
class WavePolicy:
    """What the organisation may tune; every default is [proposed] and [simulated].

    Parameters
    ----------
    first_least, first_most : int
        Size of the first wave.
    most_at_once, most_in_all : int
        People of one later wave, and of a case.
    top_up_s : float
        Seconds between checks.
    wanted : float
        Yeses to be expected; fewer start a top-up.
    typical_p : float
        Chance of one more to accept, by which the missing yeses are divided.
    enough : int
        Yeses in time after which nobody more is asked.
    target_s : float
        A yes is in time if the person arrives within this of the trigger, or before
        the ambulance where its time is known.
    radii_m : tuple of float
        Grown from one to the next while too few may be asked.
    tell_after_s : float
        Without a yes for so long the dispatcher is told.
    close_s : float
        Since the trigger; nobody is asked after it.
    ranking : RankingPolicy
        Who comes first.
    """

    first_least: int = 8
    first_most: int = 10
    most_at_once: int = 20
    most_in_all: int = 30
    top_up_s: float = 15.0
    wanted: float = 2.0
    typical_p: float = TYPICAL_P
    enough: int = 2
    target_s: float = 480.0
    radii_m: tuple[float, ...] = (1000.0, 2000.0, 5000.0)
    tell_after_s: float = 120.0
    close_s: float = CLOSE_AFTER_S
    ranking: RankingPolicy = field(default_factory=RankingPolicy)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case has come.

    Parameters
    ----------
    since_trigger_s : float
        Since responders were first wanted.
    n_asked : int
        Everybody asked so far, whatever they answered.
    silent : tuple of Silent
        Asked, still silent and worth waiting for; not who said no or expired.
    promises : tuple of Promise
        Accepted, still coming or there.
    aed_possible : bool
        Whether some AED is open, free and near: if not, two direct are enough.
    ambulance_there : bool
        The ambulance is on scene.
    """

    since_trigger_s: float
    n_asked: int = 0
    silent: tuple[Silent, ...] = ()
    promises: tuple[Promise, ...] = ()
    aed_possible: bool = False
    ambulance_there: bool = False


@dataclass(frozen=True)
class WaveDecision:
    """Whom to ask now, and what else to do.

    Parameters
    ----------
    choices : tuple of Choice
        Call in this order, at ``start_s`` each; empty asks nobody.
    stop : Stop or None
        Why nobody is asked; None if somebody is.
    expected_yes : float
        ``m``: yeses in time plus the chances of the silent.
    n_wanted : int
        How many more were looked for.
    radius_m : float
        Within which they were looked for.
    notice : Notice or None
        For the dispatcher; to be shown once.
    check_again_s : float or None
        Seconds until the next check; None if the case needs none.
    ranking : Ranking or None
        Of the candidates within the radius; None if none was made.
    ranked : Candidates or None
        Those candidates, row for row.
    """

    choices: tuple[Choice, ...]
    stop: Stop | None
    expected_yes: float
    n_wanted: int
    radius_m: float
    notice: Notice | None
    check_again_s: float | None
    ranking: Ranking | None = None
    ranked: Candidates | None = None


def decide_wave(
    case: CaseFacts,
    candidates: Candidates,
    progress: Progress,
    *,
    policy: WavePolicy | None = None,
    seed: int = 0,
) -> WaveDecision:
    """Decide whom to ask now: at the trigger, every `WavePolicy.top_up_s`, at a reply.

    Parameters
    ----------
    case : CaseFacts
        At this moment.
    candidates : Candidates
        Within the largest radius; those asked already carry `Bar.ALREADY_ASKED`.
    progress : Progress
        Who was asked and who accepted.
    policy : WavePolicy, optional
        Defaults of the class.
    seed : int
        Of exploration; the same arguments give the same decision.

    Returns
    -------
    WaveDecision
    """
    policy = policy or WavePolicy()
    expected = expected_yes(case, progress, policy)
    notice = _no_yes(progress, policy)
    stop = _stop(case, progress, policy, expected)
    if stop is not None:
        again = None if stop in FINAL else policy.top_up_s
        radius_m = policy.radii_m[0]
        return WaveDecision((), stop, expected, 0, radius_m, notice, again)
    least, most = _how_many(progress, policy, expected)
    radius_m, near = _near_enough(case, candidates, policy, most)
    ranking = rank(
        case,
        near,
        at_least=least,
        at_most=most,
        silent=progress.silent,
        promises=progress.promises,
        policy=policy.ranking,
        seed=seed,
    )
    chosen = ranking.choices
    if not ranking.n_eligible and not progress.n_asked:
        notice = Notice.NOBODY_ELIGIBLE
    stop = None if chosen else Stop.NOBODY_LEFT
    facts = (chosen, stop, expected, most, radius_m, notice, policy.top_up_s)
    return WaveDecision(*facts, ranking, near)


def expected_yes(case: CaseFacts, progress: Progress, policy: WavePolicy) -> float:
    """Yeses in time, and those to be expected of the silent: ``m``.

    Parameters
    ----------
    case, progress, policy
        As for `decide_wave`.

    Returns
    -------
    float
    """
    total = float(len(_in_time(case, progress, policy)))
    for channel, delay in enumerate(DELAYS):
        people = [each for each in progress.silent if each.channel == channel]
        p_accept = [person.p_accept for person in people]
        silent_s = [person.silent_s for person in people]
        if people:
            total += float(posterior_of_silent(p_accept, silent_s, delay).sum())
    return total


def _in_time(case: CaseFacts, progress: Progress, policy: WavePolicy) -> list[Promise]:
    """The promises that will be kept within the target, or before the ambulance."""
    left_s = policy.target_s - progress.since_trigger_s
    if case.ems_eta_s is not None:
        left_s = case.ems_eta_s
    return [promise for promise in progress.promises if promise.cpr_s <= left_s]


def _stop(
    case: CaseFacts, progress: Progress, policy: WavePolicy, expected: float
) -> Stop | None:
    """The first reason to ask nobody now."""
    coming = _in_time(case, progress, policy)
    roles = {promise.role for promise in coming}
    both = Role.VIA_AED in roles and Role.DIRECT in roles
    reasons = {
        Stop.AMBULANCE_THERE: progress.ambulance_there,
        Stop.TIME_OVER: progress.since_trigger_s >= policy.close_s,
        Stop.STAFFED: len(coming) >= policy.enough
        and (both or not progress.aed_possible),
        Stop.CAP_REACHED: progress.n_asked >= policy.most_in_all,
        Stop.EXPECTED: progress.n_asked > 0 and expected >= policy.wanted,
    }
    return next((stop for stop, holds in reasons.items() if holds), None)


def _how_many(
    progress: Progress, policy: WavePolicy, expected: float
) -> tuple[int, int]:
    """At least and at most how many to ask now."""
    room = policy.most_in_all - progress.n_asked
    if progress.n_asked == 0:
        return min(policy.first_least, room), min(policy.first_most, room)
    missing = math.ceil(max(policy.wanted - expected, 0.0) / policy.typical_p)
    most = min(missing, policy.most_at_once, room)
    # While nobody has accepted everyone helps; later only who adds something.
    return (0 if progress.promises else most), most


def _near_enough(
    case: CaseFacts, candidates: Candidates, policy: WavePolicy, wanted: int
) -> tuple[float, Candidates]:
    """The least radius that holds enough people, and those within it."""
    free = (candidates.bars | own_bars(case, candidates, policy.ranking)) == 0
    radius_m = next(
        (
            radius_m
            for radius_m in policy.radii_m
            if np.count_nonzero(free & (candidates.distance_m <= radius_m)) >= wanted
        ),
        policy.radii_m[-1],
    )
    return radius_m, candidates.rows(candidates.distance_m <= radius_m)


def _no_yes(progress: Progress, policy: WavePolicy) -> Notice | None:
    """Whether the dispatcher must know that nobody has accepted."""
    late = progress.since_trigger_s >= policy.tell_after_s
    return Notice.NO_YES if late and not progress.promises else None
