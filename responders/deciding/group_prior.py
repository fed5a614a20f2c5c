"""The mean chance of a yes in a group: logistic regression, refitted every night.

What is learnt of one person weighs against the mean of people like them in a situation
like this (`acceptance.accept_probability`); here is that mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from responders.deciding.acceptance import TYPICAL_P, Channel
from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import PROFESSIONALS, Floats, Ints

#: With fewer alerts `TYPICAL_P` is better than any fit [proposed].
FEWEST_ALERTS: Final = 200
#: Keeps coefficients finite where everybody in a group answered alike [proposed].
RIDGE: Final = 1.0
NIGHT: Final = (23, 7)
#: Days since the last yes are counted up to here; never is as long ago.
LONG_AGO_DAYS: Final = 365.0
#: Of `Situations.days_since_yes`: nobody knows of a yes.
NEVER: Final = float("inf")
N_DECILES: Final = 10
_ROUNDS: Final = 50


@dataclass(frozen=True)
class Situations:
    """People alerted and how it was, as columns of shape (n,).

    Parameters
    ----------
    distance_m : ndarray of float64
        To the patient.
    hour, weekday : ndarray of int64
        Local time, 0 to 23 and 0 (Monday) to 6.
    channel : ndarray of int64
        `acceptance.Channel`.
    skills : ndarray of int64
        `facts.Skill` bits.
    days_since_yes : ndarray of float64
        inf for never.
    alerts_30d : ndarray of float64
        Alerts of the last 30 days.
    """

    distance_m: Floats
    hour: Ints
    weekday: Ints
    channel: Ints
    skills: Ints
    days_since_yes: Floats
    alerts_30d: Floats

    def features(self) -> Floats:
        """Columns of the regression, the first all ones; shape (n, 8)."""
        begins, ends = NIGHT
        since = np.minimum(self.days_since_yes, LONG_AGO_DAYS) / LONG_AGO_DAYS
        columns = (
            np.ones(len(self.distance_m)),
            np.log(np.maximum(self.distance_m, 1.0) / 500.0),
            (self.hour >= begins) | (self.hour < ends),
            self.weekday < 5,  # noqa: PLR2004 - Monday to Friday
            self.channel == Channel.SMS,
            (self.skills & int(PROFESSIONALS)) != 0,
            since,
            np.log1p(self.alerts_30d),
        )
        return np.column_stack([np.asarray(each, dtype=np.float64) for each in columns])


@dataclass(frozen=True)
class Calibration:
    """How good a prediction was.

    Parameters
    ----------
    brier : float
        Mean squared error, 0 to 1, lower is better.
    deciles : tuple of (float, float, int)
        Mean predicted, share that came true and count, by predicted size.
    """

    brier: float
    deciles: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True)
class GroupPrior:
    """A fitted mean.

    Parameters
    ----------
    coefficients : tuple of float
        By column of `Situations.features`; empty if too few alerts are known.
    n : int
        Alerts fitted.
    """

    coefficients: tuple[float, ...] = ()
    n: int = 0

    def mean(self, situations: Situations) -> Floats:
        """Chance of a yes.

        Parameters
        ----------
        situations : Situations
            Whose.

        Returns
        -------
        ndarray of float64, shape (n,)
            `acceptance.TYPICAL_P` for all while nothing is fitted.
        """
        if not self.coefficients:
            return np.full(len(situations.distance_m), TYPICAL_P)
        return _logistic(situations.features() @ np.array(self.coefficients))


def fit_group_prior(situations: Situations, accepted: ArrayLike) -> GroupPrior:
    """Fit the mean to alerts whose people were reached.

    Parameters
    ----------
    situations : Situations
        One a row; who was not reached is left out by the caller.
    accepted : array_like of bool, shape (n,)
        Whether each said yes.

    Returns
    -------
    GroupPrior
        Without coefficients below `FEWEST_ALERTS`.

    Raises
    ------
    DecisionInputError
        If lengths differ.

    Notes
    -----
    Newton's steps on the penalised likelihood, the constant not penalised, halved
    until they improve it: the function is concave, so that this always ends at its top.
    """
    y = np.asarray(accepted, dtype=np.float64)
    x = situations.features()
    if len(y) != len(x):
        msg = f"{len(x)} situations and {len(y)} answers do not belong together."
        raise DecisionInputError(msg)
    if len(y) < FEWEST_ALERTS:
        return GroupPrior((), len(y))
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 1e-9
    beta = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        p = _logistic(x @ beta)
        slope = x.T @ (y - p) - penalty * beta
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step: Floats = np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)
        if np.abs(step).max() < 1e-10:  # noqa: PLR2004 - settled
            break
        beta = _improved(x, y, penalty, beta, step)
    return GroupPrior(tuple(beta.tolist()), len(y))


def calibration(predicted: ArrayLike, accepted: ArrayLike) -> Calibration:
    """Compare predictions with what came true.

    Parameters
    ----------
    predicted : array_like of float, shape (n,)
        Chances.
    accepted : array_like of bool, shape (n,)
        What happened.

    Returns
    -------
    Calibration
        With up to ten bins of equal size.
    """
    p = np.asarray(predicted, dtype=np.float64)
    y = np.asarray(accepted, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    bins = [rows for rows in np.array_split(order, N_DECILES) if len(rows)]
    deciles = tuple(
        (float(p[rows].mean()), float(y[rows].mean()), len(rows)) for rows in bins
    )
    return Calibration(float(((p - y) ** 2).mean()), deciles)


def _improved(
    x: Floats, y: Floats, penalty: Floats, beta: Floats, step: Floats
) -> Floats:
    """The longest of the halved steps that raises the penalised likelihood."""

    def height(at: Floats) -> float:
        z = x @ at
        fit = (y * z - np.logaddexp(0.0, z)).sum()
        return float(fit - 0.5 * (penalty * at**2).sum())

    now = height(beta)
    for _ in range(_ROUNDS):
        if height(beta + step) >= now:
            return beta + step
        step = step / 2
    return beta


def _logistic(z: NDArray[np.float64]) -> Floats:
    """``1 / (1 + exp(-z))`` without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -500.0, 500.0))))
