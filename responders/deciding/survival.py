"""What minutes cost: survival of a cardiac arrest by time to CPR and to shock.

Both curves are of witnessed arrests with a shockable rhythm. They rank choices; they
predict no single life (``docs/responders-model.md``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: De Maio 2003, one time: ``1 / (1 + exp(0.679 + 0.262 t))`` [found, F33].
DE_MAIO = (0.679, 0.262)
#: Valenzuela 1997, two times: ``1 / (1 + exp(-0.260 + 0.106 c + 0.139 d))`` [recalled].
VALENZUELA = (-0.260, 0.106, 0.139)

MINUTE_S = 60.0


def survival_by_response(response_s: ArrayLike) -> NDArray[np.float64]:
    """Chance to survive by the time of the first help (De Maio 2003).

    Parameters
    ----------
    response_s : array_like of float
        Seconds from collapse to the first help, >= 0; ``inf`` gives 0.

    Returns
    -------
    ndarray of float64
        Probabilities, of the same shape.

    Examples
    --------
    >>> survival_by_response([240.0, 480.0]).round(4).tolist()
    [0.151, 0.0587]
    """
    constant, slope = DE_MAIO
    minutes = np.asarray(response_s, dtype=np.float64) / MINUTE_S
    return _logistic(constant + slope * minutes)


def survival_by_cpr_and_shock(
    cpr_s: ArrayLike, shock_s: ArrayLike
) -> NDArray[np.float64]:
    """Chance to survive by time to CPR and time to shock (Valenzuela 1997).

    Parameters
    ----------
    cpr_s, shock_s : array_like of float
        Seconds from collapse, >= 0; shapes must broadcast. A shock before CPR
        starts CPR as well: the CPR time counts as at most the shock time.

    Returns
    -------
    ndarray of float64
        Probabilities, of the broadcast shape.

    Examples
    --------
    >>> survival_by_cpr_and_shock(240.0, 360.0).round(4).item()
    0.2693
    """
    constant, cpr_slope, shock_slope = VALENZUELA
    shock = np.asarray(shock_s, dtype=np.float64) / MINUTE_S
    cpr = np.minimum(np.asarray(cpr_s, dtype=np.float64) / MINUTE_S, shock)
    return _logistic(constant + cpr_slope * cpr + shock_slope * shock)


def _logistic(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    """``1 / (1 + exp(loss))`` without overflow."""
    bounded = np.minimum(loss, 700.0)
    return np.asarray(1.0 / (1.0 + np.exp(bounded)), dtype=np.float64)
