"""Whom to ask next: the set whose first arrival is worth most.

The value of asking a set is the expected survival at its first arrival, which is
submodular; so people are taken one by one by what each adds to those before. What one
person adds depends on them only by their chance to accept, the delay of their channel
and their travel time, so that one table per channel serves five thousand people.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.acceptance import DELAYS, Channel
from responders.eta import STEP_S, delay_table, grid_s, nobody_by
from responders.facts import Bar, Candidates, CaseFacts, Floats, Promise, Silent, Skill
from responders.survival import survival_by_cpr_and_shock, survival_by_response

#: How far ahead an arrival counts when nobody knows the ambulance's time [proposed].
UNKNOWN_EMS_S: Final = 1200.0
#: Fatigue counts only while at least so many may be asked [proposed].
FEW_ELIGIBLE: Final = 5
FIRST_SHORTLIST: Final = 64


@dataclass(frozen=True, slots=True)
class RankingPolicy:
    """What the organisation may tune; every default is [proposed].

    Parameters
    ----------
    min_gain : float
        Survival that one more alert must add, once `rank`'s `at_least` is met.
    slack_s : float
        Somebody this much after the ambulance may still be asked.
    calls_per_s : float
        Calls the carriers start per second; ``inf`` for no limit.
    fatigue_alerts : float
        So many alerts in 30 days halve a person's turn.
    explore_share : float
        Share of picks drawn among the nearly equal, so that learning sees others too.
    near_equal : float
        Share of the best score that counts as nearly equal.
    homes_verified_only : bool
        Whether private homes ask for the verified tier.
    """

    min_gain: float = 0.001
    slack_s: float = 60.0
    calls_per_s: float = float("inf")
    fatigue_alerts: float = 4.0
    explore_share: float = 0.02
    near_equal: float = 0.9
    homes_verified_only: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One person to ask, in the order of calling.

    Parameters
    ----------
    responder_id : int
        Who.
    start_s : float
        When the call can start at the carriers' pace, seconds from now.
    p_accept : float
        Chance to accept.
    travel_s : float
        From leaving to the patient.
    gain : float
        Expected survival added to those asked before: Delta.
    score : float
        Gain after fatigue, by which the choice was made.
    propensity : float
        Chance that this person was picked at this turn, for learning.
    """

    responder_id: int
    start_s: float
    p_accept: float
    travel_s: float
    gain: float
    score: float
    propensity: float


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
    passed_gain : float
        What the best of the shortlist not chosen would have added; 0 if none is left.
    """

    choices: tuple[Choice, ...]
    bars: NDArray[np.int64]
    gain: Floats
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
    bars = candidates.bars | _own_bars(case, candidates, policy)
    turn = _Turns(case, candidates, policy, silent, promises)
    gain = np.where(bars == 0, turn.gain_alone(), 0.0)
    eligible = np.flatnonzero(bars == 0)
    score = gain[eligible] / turn.fatigue(eligible)
    order = eligible[
        np.lexsort((candidates.ids[eligible], candidates.travel_s[eligible], -score))
    ]
    outside = np.append(-np.sort(-score), 0.0)
    length = min(len(order), max(FIRST_SHORTLIST, 2 * at_most))
    while True:
        turn.start(np.sort(order[:length]), random.Random(seed))  # noqa: S311
        choices, passed, least = turn.take(at_least, at_most)
        if length == len(order) or least * policy.near_equal >= outside[length]:
            return Ranking(tuple(choices), bars, gain, passed)
        length = min(len(order), 2 * length)


def benefit_of_first_arrival(case: CaseFacts, times_s: Floats) -> Floats:
    """Survival if the first help comes at a time: ``b(t)``.

    Parameters
    ----------
    case : CaseFacts
        The ambulance caps it: nobody is worth more than it after it came.
    times_s : ndarray of float64
        Seconds from now.

    Returns
    -------
    ndarray of float64
        De Maio's curve; with CPR in progress Valenzuela's with no time to CPR.
    """
    if case.ems_eta_s is not None:
        times_s = np.minimum(times_s, case.ems_eta_s)
    after = case.elapsed_s + times_s
    if case.cpr_in_progress:
        return survival_by_cpr_and_shock(0.0, after)
    return survival_by_response(after)


def _own_bars(
    case: CaseFacts, candidates: Candidates, policy: RankingPolicy
) -> NDArray[np.int64]:
    """Bars that follow from the case: skill, home, and the ambulance being faster."""
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


@dataclass
class _Turns:
    """The greedy choice over one set of facts.

    Parameters
    ----------
    case, candidates, policy, silent, promises
        As for `rank`.
    """

    case: CaseFacts
    candidates: Candidates
    policy: RankingPolicy
    silent: tuple[Silent, ...]
    promises: tuple[Promise, ...]
    times: Floats = field(init=False)
    drop: Floats = field(init=False)
    nobody_before: Floats = field(init=False)

    def __post_init__(self) -> None:
        ems = self.case.ems_eta_s
        self.times = grid_s(UNKNOWN_EMS_S if ems is None else min(ems, UNKNOWN_EMS_S))
        edges = np.append(self.times - STEP_S / 2, self.times[-1] + STEP_S / 2)
        self.drop = -np.diff(benefit_of_first_arrival(self.case, edges))
        self.nobody_before = nobody_by(self.times, self.silent, self.promises)
        self.rng = random.Random(0)  # noqa: S311 - exploration, no secret
        self.rows = np.empty(0, dtype=np.int64)
        self.nobody = self.nobody_before

    def gain_alone(self) -> Floats:
        """What each candidate would add beside those asked earlier; shape (n,)."""
        return self._gains(np.arange(len(self.candidates)), self.nobody_before, 0.0)

    def fatigue(self, rows: NDArray[np.int64]) -> Floats:
        """By what the gain is divided; 1 for all where few may be asked."""
        if len(rows) < FEW_ELIGIBLE:
            return np.ones(len(rows))
        return 1.0 + self.candidates.alerts_30d[rows] / self.policy.fatigue_alerts

    def start(self, rows: NDArray[np.int64], rng: random.Random) -> None:
        """Begin with a shortlist, nearest first so that ties go to the nearest."""
        order = np.lexsort((self.candidates.ids[rows], self.candidates.travel_s[rows]))
        self.rows, self.rng = rows[order], rng
        self.nobody = self.nobody_before.copy()

    def take(self, at_least: int, at_most: int) -> tuple[list[Choice], float, float]:
        """Choose one by one; also the best gain passed and the least score taken."""
        choices: list[Choice] = []
        least = float("inf")
        fatigue = self.fatigue(self.rows)
        free = np.ones(len(self.rows), dtype=bool)
        while free.any():
            start_s = len(choices) / self.policy.calls_per_s
            gains = self._gains(self.rows, self.nobody, start_s)
            scores = np.where(free, gains / fatigue, -1.0)
            best = int(np.argmax(scores))
            if len(choices) >= at_most:
                return choices, float(gains[best]), least
            least = min(least, float(scores[best]))
            if len(choices) >= at_least and gains[best] < self.policy.min_gain:
                return choices, float(gains[best]), least
            at, propensity = self._pick(scores)
            choices.append(self._choice(at, start_s, gains, scores, propensity))
            free[at] = False
            self._ask(self.rows[at], start_s)
        return choices, 0.0, min(least, 0.0)

    def _gains(self, rows: NDArray[np.int64], nobody: Floats, start_s: float) -> Floats:
        """``Delta`` of each row when the next call starts at a time."""
        worth = self.drop * nobody
        lead = start_s + self.candidates.travel_s[rows]
        channel = self.candidates.channel[rows]
        gains = np.zeros(len(rows))
        n = len(worth)
        leads = STEP_S * np.arange(n + 1)
        for kind in Channel:
            of_kind = channel == kind
            if of_kind.any():
                left = delay_table(DELAYS[kind], n)
                # Worth of somebody who leaves into a way of m steps, for every m.
                table = np.append(np.correlate(worth, left, "full")[n - 1 :], 0.0)
                gains[of_kind] = np.interp(lead[of_kind], leads, table)
        return gains * self.candidates.p_accept[rows]

    def _pick(self, scores: Floats) -> tuple[int, float]:
        """The best, now and then one of the nearly equal; and how likely that was."""
        best = int(np.argmax(scores))
        share = self.policy.explore_share
        # Nobody who adds nothing is explored, and one draw is taken either way.
        floor = max(self.policy.near_equal * scores[best], 1e-9)
        near = np.flatnonzero(scores >= floor)
        explores = self.rng.random() < share
        if len(near) < 2:  # noqa: PLR2004 - one person is no choice
            return best, 1.0
        at = int(near[self.rng.randrange(len(near))]) if explores else best
        return at, share / len(near) + (1.0 - share) * (at == best)

    def _choice(
        self, at: int, start_s: float, gains: Floats, scores: Floats, propensity: float
    ) -> Choice:
        """The person at a place of the shortlist."""
        row = self.rows[at]
        return Choice(
            responder_id=int(self.candidates.ids[row]),
            start_s=start_s,
            p_accept=float(self.candidates.p_accept[row]),
            travel_s=float(self.candidates.travel_s[row]),
            gain=float(gains[at]),
            score=float(scores[at]),
            propensity=propensity,
        )

    def _ask(self, row: np.int64, start_s: float) -> None:
        """Count somebody as asked."""
        delay = DELAYS[int(self.candidates.channel[row])]
        after = self.times - start_s - self.candidates.travel_s[row]
        self.nobody *= 1.0 - self.candidates.p_accept[row] * delay.cdf(after)
