"""Whether a person says yes, and after how long; what silence tells.

The delay is that of seeing, deciding and leaving. It is log-normal; its prior was
measured nowhere and is proposed (``docs/responders-model.md``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Share of alerted people who accept [found, F21: 35.3 %]; holds until 200 alerts are
#: known.
TYPICAL_P: Final = 0.35
#: Weight of the group's mean against a person's own history, in alerts [proposed].
PRIOR_STRENGTH: Final = 8.0
#: Counts of a person's history lose half their weight in this time [proposed].
HALF_LIFE_DAYS: Final = 180.0

_erf = np.frompyfunc(math.erf, 1, 1)


@dataclass(frozen=True, slots=True)
class DelayCurve:
    """A log-normal delay between the alert and leaving.

    Parameters
    ----------
    median_s : float
        Seconds, > 0.
    sigma : float
        Of the natural logarithm, > 0.

    Examples
    --------
    >>> DelayCurve(60.0, 0.6).cdf([0.0, 60.0]).tolist()
    [0.0, 0.5]
    """

    median_s: float = 60.0
    sigma: float = 0.6

    def cdf(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Probability that an acceptor has left by then.

        Parameters
        ----------
        seconds : array_like of float
            Since the alert; 0 or less gives 0.

        Returns
        -------
        ndarray of float64
            Of the same shape.
        """
        after = np.asarray(seconds, dtype=np.float64)
        with np.errstate(divide="ignore"):
            z = np.log(np.maximum(after, 0.0) / self.median_s) / self.sigma
        erf = np.asarray(_erf(z / math.sqrt(2.0)), dtype=np.float64)
        return np.asarray(0.5 * (1.0 + erf))


class Channel(IntEnum):
    """By what a person is alerted; the value indexes `DELAYS`."""

    #: Text message and call together.
    BOTH = 0
    #: Text message only.
    SMS = 1
    #: Call only.
    CALL = 2


#: Prior delays by `Channel` [proposed; no measurement found]. A text alone is noticed
#: late: 35 % of the reasons for no answer [found, F9].
DELAYS: Final = (DelayCurve(60.0, 0.6), DelayCurve(120.0, 0.9), DelayCurve(60.0, 0.6))


def accept_probability(
    prior_mean: ArrayLike, n_accepted: ArrayLike, n_asked: ArrayLike
) -> NDArray[np.float64]:
    """Chance that people accept, from their group's mean and their own history.

    Parameters
    ----------
    prior_mean : array_like of float
        Mean of the group, 0 to 1.
    n_accepted, n_asked : array_like of float
        The person's own decayed counts; who was not reached was not asked.

    Returns
    -------
    ndarray of float64
        ``(8 m + k) / (8 + n)``.

    Examples
    --------
    >>> accept_probability(0.35, [0, 4], [0, 4]).round(3).tolist()
    [0.35, 0.567]
    """
    n = np.asarray(n_asked, dtype=np.float64)
    prior = PRIOR_STRENGTH * np.asarray(prior_mean, dtype=np.float64)
    accepted = np.asarray(n_accepted, dtype=np.float64)
    return np.asarray((prior + accepted) / (PRIOR_STRENGTH + n))


def decay(age_days: ArrayLike) -> NDArray[np.float64]:
    """Weight of an answer in a person's history.

    Parameters
    ----------
    age_days : array_like of float
        Days since it was given, >= 0.

    Returns
    -------
    ndarray of float64
        1 today, 0.5 after `HALF_LIFE_DAYS`.
    """
    return np.asarray(0.5 ** (np.asarray(age_days, dtype=np.float64) / HALF_LIFE_DAYS))


def posterior_of_silent(
    p_accept: ArrayLike, silent_s: ArrayLike, delay: DelayCurve
) -> NDArray[np.float64]:
    """Chance that somebody who has been silent will still accept.

    Parameters
    ----------
    p_accept : array_like of float
        Chance before the alert.
    silent_s : array_like of float
        Seconds since the alert.
    delay : DelayCurve
        Of those who accept.

    Returns
    -------
    ndarray of float64
        ``p (1 - F(u)) / (1 - p F(u))``.

    Examples
    --------
    >>> u = [30.0, 60.0, 90.0, 120.0]
    >>> posterior_of_silent(0.35, u, DelayCurve(60.0, 0.6)).round(4).tolist()
    [0.3205, 0.2121, 0.1185, 0.0626]
    """
    p = np.asarray(p_accept, dtype=np.float64)
    answered = delay.cdf(silent_s)
    # Nobody silent for ever who surely accepts: 0 / 0 is "no longer".
    unanswered = np.maximum(1.0 - p * answered, 1e-12)
    return np.asarray(p * (1.0 - answered) / unanswered, dtype=np.float64)
