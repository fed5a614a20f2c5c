"""Taking people one by one: the best that is left, or one nearly as good."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.facts import Candidates, Floats
from responders.deciding.gains import Gains

#: Fatigue counts only while at least so many may be asked [proposed].
FEW_ELIGIBLE: Final = 5


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


@dataclass
class Turns:
    """One case that takes its people turn by turn.

    Parameters
    ----------
    gains : Gains
        What each person would add.
    policy : RankingPolicy
        Fatigue and exploration.
    rows : ndarray of int64
        Who may be asked: rows of the candidates, in any order.
    rng : random.Random
        Of exploration.
    """

    gains: Gains
    policy: RankingPolicy
    rows: NDArray[np.int64]
    rng: random.Random

    def __post_init__(self) -> None:
        people = self.gains.candidates
        # Nearest first, so that the first of equals is the nearest.
        order = np.lexsort((people.ids[self.rows], people.travel_s[self.rows]))
        self.rows = self.rows[order]
        self.nobody = self.gains.nobody_before.copy()
        self.fatigue = fatigue(self.gains.candidates, self.rows, self.policy)
        self.is_free = np.ones(len(self.rows), dtype=bool)
        self.choices: list[Choice] = []
        self._gain = np.zeros(len(self.rows))
        self._scores = np.zeros(len(self.rows))

    def look(self) -> tuple[float, float]:
        """Weigh everybody for the next turn.

        Returns
        -------
        gain, score : float
            Of the best by score; the score is -1 if nobody is left.
        """
        if not self.is_free.any():
            return 0.0, -1.0
        self._gain = self.gains.of(self.rows, self.nobody, self._start_s)
        self._scores = np.where(self.is_free, self._gain / self.fatigue, -1.0)
        best = int(np.argmax(self._scores))
        return float(self._gain[best]), float(self._scores[best])

    def take(self) -> Choice:
        """Ask the best of the last look, or now and then one nearly as good."""
        at, propensity = self._pick()
        row = self.rows[at]
        people = self.gains.candidates
        choice = Choice(
            responder_id=int(people.ids[row]),
            start_s=self._start_s,
            p_accept=float(people.p_accept[row]),
            travel_s=float(people.travel_s[row]),
            gain=float(self._gain[at]),
            score=float(self._scores[at]),
            propensity=propensity,
        )
        self.nobody *= 1.0 - self.gains.arrived(row, self._start_s)
        self.choices.append(choice)
        self.is_free[at] = False
        return choice

    @property
    def _start_s(self) -> float:
        return len(self.choices) / self.policy.calls_per_s

    def _pick(self) -> tuple[int, float]:
        """A place of the shortlist, and how likely it was."""
        scores, share = self._scores, self.policy.explore_share
        best = int(np.argmax(scores))
        # Nobody who adds nothing is explored; one draw is taken either way.
        floor = max(self.policy.near_equal * scores[best], 1e-9)
        near = np.flatnonzero(scores >= floor)
        explores = self.rng.random() < share
        if len(near) < 2:  # noqa: PLR2004 - one person is no choice
            return best, 1.0
        at = int(near[self.rng.randrange(len(near))]) if explores else best
        return at, share / len(near) + (1.0 - share) * (at == best)


def fatigue(
    candidates: Candidates, rows: NDArray[np.int64], policy: RankingPolicy
) -> Floats:
    """By what gains are divided; 1 for all where few may be asked.

    Parameters
    ----------
    candidates : Candidates
        Everybody.
    rows : ndarray of int64, shape (m,)
        Who may be asked.
    policy : RankingPolicy
        How many alerts halve a turn.

    Returns
    -------
    ndarray of float64, shape (m,)
        1 or more.
    """
    if len(rows) < FEW_ELIGIBLE:
        return np.ones(len(rows))
    return 1.0 + candidates.alerts_30d[rows] / policy.fatigue_alerts
