"""Survival curves: the published values, and that time only ever costs."""

import numpy as np
import pytest

from responders.deciding.survival import survival_by_cpr_and_shock, survival_by_response


@pytest.mark.parametrize(("minutes", "chance"), [(4, 0.1510), (8, 0.0587), (0, 0.3365)])
def test_de_maio_has_its_published_values(minutes: float, chance: float) -> None:
    """De Maio's curve is ``1 / (1 + exp(0.679 + 0.262 t))``, t in minutes."""
    assert survival_by_response(60.0 * minutes) == pytest.approx(chance, abs=1e-4)


def test_valenzuela_has_its_value_for_four_and_six_minutes() -> None:
    """CPR after 4 and a shock after 6 minutes save 0.2693."""
    assert survival_by_cpr_and_shock(240, 360) == pytest.approx(0.2693, abs=1e-4)


def test_nobody_comes_nobody_survives() -> None:
    """An infinite time is a chance of 0, without a warning."""
    assert survival_by_response(np.inf) < 1e-300
    assert survival_by_cpr_and_shock(np.inf, np.inf) < 1e-300


def test_a_shock_brings_cpr_with_it() -> None:
    """Whoever brings the AED first also starts CPR."""
    assert survival_by_cpr_and_shock(900, 300) == survival_by_cpr_and_shock(300, 300)


def test_every_second_costs() -> None:
    """Both curves fall all the way."""
    times = np.arange(0.0, 1800.0, 10.0)
    assert (np.diff(survival_by_response(times)) < 0).all()
    assert (np.diff(survival_by_cpr_and_shock(60.0, times[6:])) < 0).all()
