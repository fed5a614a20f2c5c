"""When help arrives: distributions of single arrivals and of the first of many.

Time runs on a grid of `STEP_S`; every function of time here is an array over `grid_s`,
evaluated in the middle of its steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.acceptance import DELAYS, DelayCurve
from responders.deciding.facts import Floats, Promise, Silent

#: Trapezoid and midpoint agree with finer grids to 1e-4 at this step.
STEP_S: Final = 2.0
FINE_S: Final = 0.5
#: Beyond the longest horizon, so that the table's end is never met in a decision.
LONGEST_DELAY_S: Final = 3600.0


def grid_s(horizon_s: float) -> Floats:
    """Middles of the steps from now to a horizon.

    Parameters
    ----------
    horizon_s : float
        Seconds, > 0.

    Returns
    -------
    ndarray of float64
        ``STEP_S / 2, 3 STEP_S / 2, …``
    """
    return np.arange(STEP_S / 2, max(horizon_s, STEP_S), STEP_S)


@lru_cache(maxsize=64)
def spectrum(delay: DelayCurve, n: int) -> NDArray[np.complex128]:
    """A delay's distribution at the grid's first points, ready to be correlated.

    Parameters
    ----------
    delay : DelayCurve
        Of one channel.
    n : int
        How many points.

    Returns
    -------
    ndarray of complex128, shape (n + 1,)
        Conjugate of the transform of length ``2 n``.
    """
    table = delay.cdf(STEP_S / 2 + STEP_S * np.arange(n))
    return np.asarray(np.conj(np.fft.rfft(table, 2 * n)))


def left_by(delay: DelayCurve, seconds: NDArray[np.float64]) -> Floats:
    """A delay's distribution, read off a table.

    Parameters
    ----------
    delay : DelayCurve
        Of one channel.
    seconds : ndarray of float64
        Since the alert; 0 or less gives 0, more than `LONGEST_DELAY_S` its value there.

    Returns
    -------
    ndarray of float64
        Within 1e-5 of ``delay.cdf(seconds)``.
    """
    return np.asarray(np.interp(seconds, *_fine_table(delay)), dtype=np.float64)


def delay_quantile(delay: DelayCurve, share: NDArray[np.float64]) -> Floats:
    """By when a share of those who accept has left: the inverse of `left_by`.

    Parameters
    ----------
    delay : DelayCurve
        Of one channel.
    share : ndarray of float64
        0 to 1.

    Returns
    -------
    ndarray of float64
        Seconds since the alert, at most `LONGEST_DELAY_S`.
    """
    at, table = _fine_table(delay)
    return np.asarray(np.interp(share, table, at), dtype=np.float64)


@lru_cache(maxsize=16)
def _fine_table(delay: DelayCurve) -> tuple[Floats, Floats]:
    """A delay's distribution at fine steps."""
    at = np.arange(0.0, LONGEST_DELAY_S + FINE_S, FINE_S)
    return at, delay.cdf(at)


def arrived_by(
    times_s: NDArray[np.float64],
    *,
    p_accept: float,
    start_s: float,
    travel_s: float,
    delay: DelayCurve,
) -> Floats:
    """Chance that one person has arrived: ``G(t) = p F(t - s - tau)``.

    Parameters
    ----------
    times_s : ndarray of float64
        Seconds from now.
    p_accept : float
        Chance to accept.
    start_s : float
        When they are (or were, if negative) asked.
    travel_s : float
        ``tau``, seconds.
    delay : DelayCurve
        ``F``.

    Returns
    -------
    ndarray of float64
        Of the shape of `times_s`.
    """
    return np.asarray(p_accept * delay.cdf(times_s - start_s - travel_s))


def arrived_if_silent(times_s: NDArray[np.float64], person: Silent) -> Floats:
    """Chance that somebody who has been silent until now has arrived.

    Parameters
    ----------
    times_s : ndarray of float64
        Seconds from now.
    person : Silent
        Who, since when.

    Returns
    -------
    ndarray of float64
        ``p (F(t + u - tau) - F(u)) / (1 - p F(u))``, 0 before ``tau``.
    """
    rows = np.array([[person.silent_s], [person.travel_s], [person.p_accept]])
    arrived = _arrived_if_silent(times_s, rows, DELAYS[person.channel])
    return np.asarray(arrived[0], dtype=np.float64)


def _arrived_if_silent(times_s: Floats, rows: Floats, delay: DelayCurve) -> Floats:
    """The same of many at once.

    Parameters
    ----------
    times_s : ndarray of float64, shape (n,)
        Seconds from now.
    rows : ndarray of float64, shape (3, m)
        Silent since, way, chance to accept.
    delay : DelayCurve
        Of the channel of all of them.

    Returns
    -------
    ndarray of float64, shape (m, n)
    """
    silent_s, way_s, p_accept = rows[:, :, np.newaxis]
    until_now = left_by(delay, silent_s)
    left = left_by(delay, times_s + silent_s - way_s)
    unanswered = np.maximum(1.0 - p_accept * until_now, 1e-12)
    arrived = np.maximum(p_accept * (left - until_now) / unanswered, 0.0)
    return np.asarray(arrived, dtype=np.float64)


def nobody_by(
    times_s: NDArray[np.float64],
    silent: Iterable[Silent] = (),
    promises: Iterable[Promise] = (),
) -> Floats:
    """Chance that none of those asked so far has arrived.

    Parameters
    ----------
    times_s : ndarray of float64
        Seconds from now.
    silent : iterable of Silent
        Asked, no answer.
    promises : iterable of Promise
        Accepted: they arrive at the promised time.

    Returns
    -------
    ndarray of float64
        ``prod (1 - G_i(t))``.
    """
    nobody = np.ones_like(times_s)
    people = list(silent)
    for channel, delay in enumerate(DELAYS):
        rows = [
            (one.silent_s, one.travel_s, one.p_accept)
            for one in people
            if one.channel == channel
        ]
        if rows:
            arrived = _arrived_if_silent(times_s, np.array(rows).T, delay)
            nobody *= np.prod(1.0 - arrived, axis=0)
    for promise in promises:
        nobody[times_s >= promise.cpr_s] = 0.0
    return nobody
