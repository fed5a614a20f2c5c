"""Distributions of arrivals against their closed forms."""

import numpy as np
import pytest

from responders.deciding.acceptance import DELAYS, DelayCurve
from responders.deciding.eta import (
    arrived_by,
    arrived_if_silent,
    delay_quantile,
    grid_s,
    left_by,
    nobody_by,
)
from responders.deciding.facts import Promise, Role, Silent

TIMES = grid_s(600.0)


def test_one_person_arrives_by_p_times_their_delay() -> None:
    """``G(t) = p F(t - s - tau)``."""
    seen = arrived_by(
        np.array([100.0, 170.0, 1e9]),
        p_accept=0.4,
        start_s=10.0,
        travel_s=100.0,
        delay=DelayCurve(60.0, 0.6),
    )
    assert seen == pytest.approx([0.0, 0.2, 0.4])


def test_the_table_is_the_curve() -> None:
    """Reading off the table errs by less than 1e-5, and its inverse fits."""
    curve = DELAYS[0]
    assert left_by(curve, TIMES) == pytest.approx(curve.cdf(TIMES), abs=2e-5)
    shares = np.array([0.01, 0.5, 0.99])
    assert curve.cdf(delay_quantile(curve, shares)) == pytest.approx(shares, abs=1e-4)


def test_somebody_just_asked_is_silent_for_no_time() -> None:
    """With no silence the conditional arrival is the plain one."""
    person = Silent(1, 0.0, 80.0, 0.35)
    plain = arrived_by(
        TIMES, p_accept=0.35, start_s=0.0, travel_s=80.0, delay=DELAYS[0]
    )
    assert arrived_if_silent(TIMES, person) == pytest.approx(plain, abs=2e-5)


def test_silence_takes_the_way_into_account() -> None:
    """Somebody silent until now needs at least the whole way from now on."""
    seen = arrived_if_silent(TIMES, Silent(1, 200.0, 100.0, 0.35))
    assert (seen[TIMES < 100.0] == 0).all()
    assert 0 < seen[-1] < 0.05


def test_a_promise_ends_the_wait() -> None:
    """After a promised arrival nobody can still be first."""
    nobody = nobody_by(TIMES, promises=[Promise(1, Role.DIRECT, 120.0)])
    assert (nobody[TIMES < 120.0] == 1).all()
    assert (nobody[TIMES >= 120.0] == 0).all()


def test_nobody_arrives_if_none_of_them_does() -> None:
    """Chances of independent people multiply."""
    one, two = Silent(1, 10.0, 60.0, 0.3), Silent(2, 30.0, 90.0, 0.6)
    both = nobody_by(TIMES, [one, two])
    assert both == pytest.approx(nobody_by(TIMES, [one]) * nobody_by(TIMES, [two]))
