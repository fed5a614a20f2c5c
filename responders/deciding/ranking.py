"""Whom to ask next: the set whose first arrival is worth most.

The value of asking a set is the expected survival at its first arrival, which is
submodular; so people are taken one by one by what each adds to those before. What one
person adds depends on them only by their chance to accept, the delay of their channel
and their travel time, so that one table per channel serves five thousand people.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.acceptance import DELAYS
from responders.deciding.facts import (
    Bar,
    Candidates,
    CaseFacts,
    Floats,
    Promise,
    Silent,
    Skill,
)
from responders.deciding.gains import Gains
from responders.deciding.turns import Choice, RankingPolicy, Turns, fatigue

__all__ = ["Choice", "Ranking", "RankingPolicy", "Turns", "own_bars", "rank"]

FIRST_SHORTLIST: Final = 256


@dataclass(frozen=True)
class Ranking:
    """The people to ask and why not the others.

    Parameters
    ----------
    choices : tuple of Choice
        Best first; call in this order.
    bars : ndarray of int64, shape (n,)
        `Bar` bits of every candidate given, with those the ranking added.
    gain : ndarray of float64, shape (n,)
        What each would add if asked alone, beside those asked earlier; 0 if barred.
    shortlist : ndarray of int64
        Rows that were weighed against each other, ascending: the same people in the
        same case give the same choices without the rest.
    passed_gain : float
        What the best of the shortlist not chosen would have added; 0 if none is left.
    """

    choices: tuple[Choice, ...]
    bars: NDArray[np.int64]
    gain: Floats
    shortlist: NDArray[np.int64]
    passed_gain: float = 0.0

    @property
    def n_eligible(self) -> int:
        """How many might have been asked."""
        return int((self.bars == 0).sum())


def rank(
    case: CaseFacts,
    candidates: Candidates,
    *,
    at_least: int,
    at_most: int,
    silent: tuple[Silent, ...] = (),
    promises: tuple[Promise, ...] = (),
    policy: RankingPolicy | None = None,
    seed: int = 0,
) -> Ranking:
    """Choose whom to ask now.

    Parameters
    ----------
    case : CaseFacts
        Where, since when, until when.
    candidates : Candidates
        Everybody who might be asked; those with bars are only explained.
    at_least : int
        Ask so many if so many may be asked, however little they add.
    at_most : int
        Never more; >= `at_least`.
    silent : tuple of Silent
        Asked earlier, no answer yet. Leave out who said no.
    promises : tuple of Promise
        Accepted.
    policy : RankingPolicy, optional
        Defaults of the class.
    seed : int
        Of the draws of exploration; the same arguments give the same ranking.

    Returns
    -------
    Ranking

    Notes
    -----
    Greedy is within 1 - 1/e of the best set (Nemhauser 1978 [recalled]). Only a
    shortlist is looked at: by submodularity nobody adds more later than alone, so it
    is proven long enough when the last choice beats the best of the rest alone, and
    doubled when not.

    Ties go to the shorter way, then to the lower id.
    """
    policy = policy or RankingPolicy()
    bars = candidates.bars | own_bars(case, candidates, policy)
    gains = Gains(case, candidates, silent, promises)
    alone = np.where(bars == 0, gains.alone(), 0.0)
    order, scores = _by_score(candidates, bars, alone, policy)
    length = min(len(order), max(FIRST_SHORTLIST, 2 * at_most))
    while True:
        shortlist = order[:length]
        turns = Turns(gains, policy, shortlist, random.Random(seed))  # noqa: S311 - must repeat
        passed, least = _take_all(turns, at_least, at_most)
        if length == len(order) or least * policy.near_equal >= scores[length]:
            chosen = tuple(turns.choices)
            return Ranking(chosen, bars, alone, np.sort(shortlist), passed)
        length = min(len(order), 2 * length)


def _by_score(
    candidates: Candidates,
    bars: NDArray[np.int64],
    alone: Floats,
    policy: RankingPolicy,
) -> tuple[NDArray[np.int64], Floats]:
    """Rows of those who may be asked, the best alone first, and their scores."""
    rows = np.flatnonzero(bars == 0)
    score = alone[rows] / fatigue(candidates, rows, policy)
    order = np.lexsort((candidates.ids[rows], candidates.travel_s[rows], -score))
    return rows[order], score[order]


def _take_all(turns: Turns, at_least: int, at_most: int) -> tuple[float, float]:
    """Take turns until enough; the gain passed and the least of the best scores."""
    least = float("inf")
    while True:
        gain, score = turns.look()
        n = len(turns.choices)
        if n >= at_most:
            return gain, least
        least = min(least, score)
        if score < 0 or (n >= at_least and gain < turns.policy.min_gain):
            return gain, least
        turns.take()


def own_bars(
    case: CaseFacts, candidates: Candidates, policy: RankingPolicy
) -> NDArray[np.int64]:
    """Bars that follow from the case: skill, home, and the ambulance being faster.

    Parameters
    ----------
    case : CaseFacts
        What is asked for.
    candidates : Candidates
        Everybody.
    policy : RankingPolicy
        Slack after the ambulance; whether homes ask for the verified tier.

    Returns
    -------
    ndarray of int64, shape (n,)
        `Bar` bits.
    """
    bars = np.zeros(len(candidates), dtype=np.int64)
    if case.any_skill:
        bars[(candidates.skills & case.any_skill) == 0] |= Bar.SKILL
    if case.private_home and policy.homes_verified_only:
        bars[(candidates.skills & Skill.VERIFIED) == 0] |= Bar.PRIVATE_HOME
    if case.ems_eta_s is not None:
        medians = np.array([delay.median_s for delay in DELAYS])
        arrival = candidates.travel_s + medians[candidates.channel]
        bars[arrival >= case.ems_eta_s + policy.slack_s] |= Bar.TOO_SLOW
    return bars
