"""What one more person asked would add to the expected survival.

The value of a set of people is ``E[b(T)]``, ``T`` their first arrival and ``b`` the
survival by it. Person ``i`` adds ``Delta = p_i W(tau_i)`` to a set ``A``, with
``W(x) = integral of -b'(t) F(t - x) prod_{j in A} (1 - G_j(t)) dt``: one table per
channel, whoever is asked. That is why thousands can be weighed in milliseconds.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.acceptance import DELAYS, Channel, DelayCurve
from responders.deciding.eta import STEP_S, grid_s, left_by, nobody_by, spectrum
from responders.deciding.facts import Candidates, CaseFacts, Floats, Promise, Silent
from responders.deciding.survival import survival_by_cpr_and_shock, survival_by_response

#: How far ahead an arrival counts when nobody knows the ambulance's time [proposed].
UNKNOWN_EMS_S: Final = 1200.0


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


class Gains:
    """The gains of one case.

    Parameters
    ----------
    case : CaseFacts
        The clock and the ambulance.
    candidates : Candidates
        Everybody who might be asked.
    silent : tuple of Silent
        Asked earlier, no answer yet.
    promises : tuple of Promise
        Accepted.
    """

    def __init__(
        self,
        case: CaseFacts,
        candidates: Candidates,
        silent: tuple[Silent, ...] = (),
        promises: tuple[Promise, ...] = (),
    ) -> None:
        self.candidates = candidates
        ems = case.ems_eta_s
        horizon_s = UNKNOWN_EMS_S if ems is None else min(ems, UNKNOWN_EMS_S)
        self._times = grid_s(horizon_s)
        edges = np.append(self._times - STEP_S / 2, self._times[-1] + STEP_S / 2)
        self._drop = -np.diff(benefit_of_first_arrival(case, edges))
        self._leads = STEP_S * np.arange(len(self._times) + 1)
        #: Chance that nobody asked earlier has arrived, over the grid of times.
        self.nobody_before = nobody_by(self._times, silent, promises)

    def alone(self) -> Floats:
        """What each candidate would add beside those asked earlier; shape (n,)."""
        return self.of(np.arange(len(self.candidates)), self.nobody_before, 0.0)

    def of(self, rows: NDArray[np.int64], nobody: Floats, start_s: float) -> Floats:
        """What candidates would add if called at a time.

        Parameters
        ----------
        rows : ndarray of int64, shape (m,)
            Which candidates.
        nobody : ndarray of float64
            Chance that nobody asked has arrived, over the grid of times.
        start_s : float
            When the call starts, seconds from now.

        Returns
        -------
        ndarray of float64, shape (m,)
            Survival, >= 0.
        """
        worth = self._drop * nobody
        lead = start_s + self.candidates.travel_s[rows]
        channel = self.candidates.channel[rows]
        gains = np.zeros(len(rows))
        for kind in Channel:
            of_kind = channel == kind
            if of_kind.any():
                table = _worth_of_ways(worth, DELAYS[kind])
                gains[of_kind] = np.interp(lead[of_kind], self._leads, table)
        return gains * self.candidates.p_accept[rows]

    def arrived(self, row: np.int64, start_s: float) -> Floats:
        """Chance that a candidate called at a time has arrived, over the grid."""
        people = self.candidates
        delay = DELAYS[int(people.channel[row])]
        left = left_by(delay, self._times - start_s - people.travel_s[row])
        return np.asarray(people.p_accept[row] * left, dtype=np.float64)


def _worth_of_ways(worth: Floats, delay: DelayCurve) -> Floats:
    """``W``: worth of leaving into a way of 0, 1, … n steps; shape (n + 1,)."""
    n = len(worth)
    table = np.fft.irfft(np.fft.rfft(worth, 2 * n) * spectrum(delay, n), 2 * n)[:n]
    return np.append(np.maximum(table, 0.0), 0.0)
