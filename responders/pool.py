"""Two cases at once: each person is asked by one of them only.

Greedy by the largest score over all pairs of person and case, which keeps the promise
of the single case: every next call is the one that adds most.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from responders.facts import Candidates, CaseFacts, Promise, Silent
from responders.gains import Gains
from responders.ranking import RankingPolicy, Turns, own_bars


@dataclass(frozen=True)
class Demand:
    """What one of several open cases asks for at the same moment.

    Parameters
    ----------
    case : CaseFacts
        At this moment.
    candidates : Candidates
        Around it; people may be around other cases too, with their distance to this.
    at_least, at_most : int
        As for `ranking.rank`.
    silent : tuple of Silent
        Asked earlier for this case.
    promises : tuple of Promise
        Accepted for this case.
    policy : RankingPolicy
        Of this case.
    """

    case: CaseFacts
    candidates: Candidates
    at_least: int
    at_most: int
    silent: tuple[Silent, ...] = ()
    promises: tuple[Promise, ...] = ()
    policy: RankingPolicy = field(default_factory=RankingPolicy)


def share_pool(demands: tuple[Demand, ...], *, seed: int = 0) -> tuple[Turns, ...]:
    """Share people out among cases.

    Parameters
    ----------
    demands : tuple of Demand
        One a case; ties go to the earlier.
    seed : int
        Of exploration.

    Returns
    -------
    tuple of Turns
        One a demand, in their order; ``choices`` holds whom it asks, the best first.
        Nobody is in two of them.

    Notes
    -----
    A case that has not got its `at_least` may take somebody who adds little; one that
    has must find `RankingPolicy.min_gain`.
    """
    rng = random.Random(seed)  # noqa: S311 - exploration, no secret
    shares = tuple(_turns(demand, rng) for demand in demands)
    while True:
        open_to = [
            (score, -at)
            for at, (demand, turns) in enumerate(zip(demands, shares, strict=True))
            if (score := _bid(demand, turns)) >= 0
        ]
        if not open_to:
            return shares
        taker = -max(open_to)[1]
        person = shares[taker].take().responder_id
        for turns in shares[:taker] + shares[taker + 1 :]:
            turns.leave_out(person)


def _turns(demand: Demand, rng: random.Random) -> Turns:
    """The turns of one case over everybody who may be asked for it."""
    bars = demand.candidates.bars
    bars = bars | own_bars(demand.case, demand.candidates, demand.policy)
    gains = Gains(demand.case, demand.candidates, demand.silent, demand.promises)
    return Turns(gains, demand.policy, np.flatnonzero(bars == 0), rng)


def _bid(demand: Demand, turns: Turns) -> float:
    """The score of the case's best, -1 if it takes nobody more."""
    n = len(turns.choices)
    if n >= demand.at_most:
        return -1.0
    gain, score = turns.look()
    return score if n < demand.at_least or gain >= demand.policy.min_gain else -1.0
