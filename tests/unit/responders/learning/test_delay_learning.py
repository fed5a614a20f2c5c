"""Delays and speeds learnt from what happened."""

import numpy as np
import pytest

from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.travel import Mode
from responders.learning.delay_learning import fit_delays, learned_speed


def test_silence_is_no_never() -> None:
    """With half the answers still to come, the fit finds the whole curve."""
    rng = np.random.default_rng(1)
    n = 4_000
    delay, kind = rng.lognormal(np.log(60.0), 0.6, n), rng.random(n)
    waited = np.full(n, 70.0)
    heard = (kind < 0.8) & (delay < waited)
    fit = fit_delays(
        delay[heard & (kind < 0.35)], delay[heard & (kind >= 0.35)], waited[~heard]
    )
    assert fit.n == n
    assert fit.p_accept == pytest.approx(0.35, abs=0.05)
    assert fit.p_decline == pytest.approx(0.45, abs=0.05)
    assert fit.delay.median_s == pytest.approx(60.0, rel=0.12)
    assert fit.delay.sigma == pytest.approx(0.6, abs=0.06)


def test_without_silence_the_fit_is_the_mean() -> None:
    """If everybody answered, median and spread are those of the answers."""
    times = np.array([30.0, 60.0, 120.0])
    fit = fit_delays(times, [], [])
    assert fit.delay.median_s == pytest.approx(60.0)
    assert fit.delay.sigma == pytest.approx(np.log(times).std())
    assert (fit.p_accept, fit.p_decline) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("accepted", "silent"), [([30.0], [60.0]), ([0.0, 30.0], []), ([30.0, 40.0], [0.0])]
)
def test_nothing_is_learnt_from_nothing(accepted, silent) -> None:
    """One answer, or a time that is not positive, is refused."""
    with np.errstate(divide="ignore"), pytest.raises(DecisionInputError):
        fit_delays(accepted, [], silent)


def test_a_runner_is_believed_after_some_runs() -> None:
    """One fast case moves the estimate a little less than twenty do."""
    once, often = (
        learned_speed(Mode.DENSE, [3.0]),
        learned_speed(Mode.DENSE, [3.0] * 20),
    )
    assert learned_speed(Mode.DENSE, []) == pytest.approx(1.8)
    assert 1.8 < once < often < 3.0
