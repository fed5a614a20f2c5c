"""Learning delays and speeds from what happened.

Silence is censored: somebody silent for five minutes either never answers or has not
answered yet. A cure model holds both, fitted by expectation and maximisation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from responders.deciding.acceptance import DelayCurve
from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.travel import SPEED_M_S

#: Spread of log speed between people [found, F15: interquartile range 1.4 to 4.0 m/s].
SPEED_SIGMA: Final = 0.78
#: Spread of log speed of one person between cases [proposed].
TRIP_SIGMA: Final = 0.5
_ROUNDS: Final = 500
_SETTLED: Final = 1e-9


@dataclass(frozen=True, slots=True)
class DelayFit:
    """What a set of alerts says about answers.

    Parameters
    ----------
    p_accept, p_decline : float
        Share who would say yes or no if waited for long enough.
    delay : DelayCurve
        Of those who answer; yes and no are equally quick [simulated on F34].
    n : int
        Alerts fitted.
    """

    p_accept: float
    p_decline: float
    delay: DelayCurve
    n: int


def fit_delays(
    accepted_s: ArrayLike, declined_s: ArrayLike, silent_s: ArrayLike
) -> DelayFit:
    """Fit the cure model: a yes at t is ``p f(t)``, silence to H ``1 - (p + q) F(H)``.

    Parameters
    ----------
    accepted_s, declined_s : array_like of float
        Seconds from the alert to a yes or a no, > 0.
    silent_s : array_like of float
        How long everybody else was waited for, > 0. Who was not reached at all, busy
        or switched off, is left out by the caller.

    Returns
    -------
    DelayFit

    Raises
    ------
    DecisionInputError
        With fewer than two answers, or times that are not positive.

    Notes
    -----
    Fit one set for each of `acceptance.Channel`: they are noticed differently.
    """
    yes, no, silent = (
        np.asarray(each, dtype=np.float64)
        for each in (accepted_s, declined_s, silent_s)
    )
    n, answers = len(yes) + len(no) + len(silent), np.log(np.append(yes, no))
    if len(answers) < 2 or not (np.isfinite(answers).all() and (silent > 0).all()):  # noqa: PLR2004 - a spread needs two
        msg = (
            f"Delays need two answers or more and positive times: "
            f"{len(answers)} answers, {len(silent)} silent."
        )
        raise DecisionInputError(msg)
    share = len(answers) / n
    mu, sigma = float(answers.mean()), max(float(answers.std()), 1e-3)
    # Most are waited for until the same end: each length of time is weighed once.
    log_silent, counts = np.unique(np.log(silent), return_counts=True)
    for _ in range(_ROUNDS):
        late, z, z2 = _answers_to_come((log_silent - mu) / sigma, share)
        late = late * counts
        weight = len(answers) + late.sum()
        total = answers.sum() + (late * (mu + sigma * z)).sum()
        was, mu_was = share, mu
        mu = float(total / weight)
        shift = mu_was - mu
        spread = ((answers - mu) ** 2).sum()
        spread += (late * (shift**2 + 2 * shift * sigma * z + sigma**2 * z2)).sum()
        sigma = max(math.sqrt(float(spread / weight)), 1e-3)
        share = float(weight / n)
        if abs(share - was) + abs(mu - mu_was) < _SETTLED:
            break
    p_accept = share * len(yes) / len(answers)
    return DelayFit(p_accept, share - p_accept, DelayCurve(math.exp(mu), sigma), n)


def learned_speed(mode: int, speeds_m_s: ArrayLike) -> float:
    """A person's speed, shrunk to that of how they move.

    Parameters
    ----------
    mode : int
        `travel.Mode`.
    speeds_m_s : array_like of float
        ``kappa d`` over the time from yes to scene, one of each case, > 0.

    Returns
    -------
    float
        Metres per second; that of the mode with no case.
    """
    prior = math.log(SPEED_M_S[mode])
    seen = np.log(np.asarray(speeds_m_s, dtype=np.float64))
    trust = SPEED_SIGMA**2 / (SPEED_SIGMA**2 + TRIP_SIGMA**2 / max(len(seen), 1))
    if not len(seen):
        return math.exp(prior)
    return math.exp(prior + trust * (float(seen.mean()) - prior))


def _answers_to_come(
    z: NDArray[np.float64], share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of the silent: chance to answer yet, and mean and mean square of their log delay.

    In units of the curve: ``z`` is the standardised log of the time waited.
    """
    phi = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    beyond = np.array([0.5 * math.erfc(each / math.sqrt(2)) for each in z])
    beyond = np.maximum(beyond, 1e-300)
    late = share * beyond / (1.0 - share * (1.0 - beyond))
    # Mills' ratio; far out it tends to z itself.
    hazard = np.maximum(phi / beyond, np.maximum(z, 0.0))
    return late, hazard, 1.0 + z * hazard
