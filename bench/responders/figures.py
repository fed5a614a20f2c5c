"""Figures of many played cases, with bootstrap intervals, and what theory says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bench.responders.play import History
from bench.responders.world import World
from responders.deciding.acceptance import DelayCurve
from responders.deciding.survival import survival_by_cpr_and_shock
from responders.deciding.travel import DETOUR, SPEED_M_S

HORIZON_S = 600.0
RESAMPLES = 1_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % bootstrap interval and its standard error."""

    mean: float
    low: float
    high: float
    se: float

    def __str__(self) -> str:
        digits = 1 if abs(self.mean) >= 10 else 4
        return f"{self.mean:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"


@dataclass(frozen=True)
class Figures:
    """Columns over cases of one policy in one world.

    Parameters
    ----------
    arrival_s, shock_s : ndarray of float64, shape (n,)
        First at the patient and first with an AED; inf for nobody.
    n_asked, n_yes, n_arrivals : ndarray of float64, shape (n,)
        People asked, accepting, arriving.
    ems_s : float
        The ambulance; 0 if unknown.
    """

    arrival_s: Floats
    shock_s: Floats
    n_asked: Floats
    n_yes: Floats
    n_arrivals: Floats
    ems_s: float

    @classmethod
    def of(cls, rows: Floats, world: World) -> Figures:
        """Collect the cases of one policy: the `row` of each, shape (n, 5)."""
        return cls(*rows.T, ems_s=world.ems_s)

    @staticmethod
    def row(history: History) -> tuple[float, ...]:
        """The columns of one case, in the order of the fields."""
        asked, yes = len(history.asked_s), len(history.yes_s)
        return history.arrival_s, history.shock_s, asked, yes, history.n_arrivals

    @cached_property
    def within_4_min(self) -> Floats:
        """1 where somebody was there within four minutes."""
        return (self.arrival_s <= 240.0).astype(float)

    @cached_property
    def within_6_min(self) -> Floats:
        """1 where somebody was there within six minutes."""
        return (self.arrival_s <= 360.0).astype(float)

    @cached_property
    def shock_6_min(self) -> Floats:
        """1 where an AED was there within six minutes."""
        return (self.shock_s <= 360.0).astype(float)

    @cached_property
    def anyone(self) -> Floats:
        """1 where anybody said yes."""
        return (self.n_yes > 0).astype(float)

    @cached_property
    def bounded_s(self) -> Floats:
        """The first arrival, or ten minutes."""
        return np.minimum(self.arrival_s, HORIZON_S)

    @cached_property
    def survival(self) -> Floats:
        """Valenzuela's survival, with the ambulance as fallback."""
        ems_s = self.ems_s or 1200.0
        cpr, shock = np.minimum(self.arrival_s, ems_s), np.minimum(self.shock_s, ems_s)
        return survival_by_cpr_and_shock(cpr, shock)

    @cached_property
    def before_ems(self) -> Floats:
        """1 where somebody was there before the ambulance."""
        return (self.arrival_s < (self.ems_s or math.inf)).astype(float)


def interval(values: Floats, seed: int = 0) -> Interval:
    """Mean and 95 % percentile bootstrap over cases.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        One a case; for paired comparison the difference.
    seed : int
        Of the resampling.

    Returns
    -------
    Interval
    """
    means = _resampled(values, seed)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high), float(means.std()))


def quotient(above: Floats, below: Floats, seed: int = 0) -> Interval:
    """Ratio of two means over the same cases, with its bootstrap interval.

    Parameters
    ----------
    above, below : ndarray of float64, shape (n,)
        Paired.
    seed : int
        Of the resampling.

    Returns
    -------
    Interval
    """
    ratios = _resampled(above, seed) / _resampled(below, seed)
    low, high = np.percentile(ratios, [2.5, 97.5])
    mean = float(above.mean() / below.mean())
    return Interval(mean, float(low), float(high), float(np.std(ratios)))


def _resampled(values: Floats, seed: int) -> Floats:
    """Means of the cases drawn anew; the same draws for all columns of one length."""
    # Half the digits are enough for an interval, and a tenth of the time.
    drawn = _draws(len(values), seed) @ values.astype(np.float32)
    return drawn.astype(np.float64) / len(values)


@lru_cache(maxsize=2)
def _draws(n: int, seed: int) -> NDArray[np.float32]:
    """How often each case is drawn in each resample; shape (RESAMPLES, n)."""
    rng = np.random.default_rng(seed)
    counts = np.empty((RESAMPLES, n), dtype=np.float32)
    for at in range(RESAMPLES):
        counts[at] = np.bincount(rng.integers(0, n, n), minlength=n)
    return counts


def gini(loads: Floats) -> float:
    """Inequality of alerts among people: 0 if all have the same.

    Parameters
    ----------
    loads : ndarray of float64, shape (n,)
        Alerts of each person.

    Returns
    -------
    float
        0 to 1.
    """
    sorted_loads = np.sort(loads)
    n = len(sorted_loads)
    if n == 0 or sorted_loads.sum() == 0:
        return 0.0
    ranks = np.arange(1, n + 1)
    return float(((2 * ranks - n - 1) * sorted_loads).sum() / (n * sorted_loads.sum()))


def arrived_if_all_asked(world: World) -> Callable[[Floats], Floats]:
    """Closed form of ``P(T <= t)`` for a Poisson field in which everybody is asked.

    Parameters
    ----------
    world : World
        Uniform, one p, no declines, no ambulance.

    Returns
    -------
    callable
        Seconds to probabilities: ``1 - exp(-Lambda(t))`` with ``Lambda(t) =
        lambda p integral_0^R 2 pi r F(t - kappa r / v) dr``.
    """
    delay = DelayCurve(world.median_s, world.sigma)
    r = np.linspace(0.0, world.radius_m, 501)
    way_s = DETOUR * r / SPEED_M_S[world.mode]

    def probability(times_s: Floats) -> Floats:
        left = delay.cdf(np.asarray(times_s)[:, None] - way_s)
        per_metre = 2 * math.pi * r * left
        asked = (
            world.density / 1e6 * world.p_accept * np.trapezoid(per_metre, r, axis=1)
        )
        return np.asarray(1.0 - np.exp(-asked))

    return probability


def bounded_mean(probability: Callable[[Floats], Floats]) -> float:
    """``E[min(T, 600)]`` of a distribution of first arrivals, trapezoid in 2 s."""
    times = np.arange(0.0, HORIZON_S + 1.0, 2.0)
    return float(np.trapezoid(1.0 - probability(times), times))
