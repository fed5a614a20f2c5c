"""The mean chance of a yes in a group."""

import numpy as np
import pytest

from responders.deciding.acceptance import TYPICAL_P
from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import Skill
from responders.deciding.group_prior import (
    GroupPrior,
    Situations,
    calibration,
    fit_group_prior,
)

TRUE = np.array([-0.6, -0.5, -0.7, 0.2, -0.4, 0.8, -0.5, -0.3])


def situations(n: int, seed: int = 1) -> Situations:
    rng = np.random.default_rng(seed)
    return Situations(
        distance_m=rng.uniform(0.0, 1_000.0, n),
        hour=rng.integers(0, 24, n),
        weekday=rng.integers(0, 7, n),
        channel=rng.integers(0, 3, n),
        skills=rng.choice([int(Skill.DOCTOR), int(Skill.CPR)], n),
        days_since_yes=np.where(rng.random(n) < 0.3, np.inf, rng.uniform(0, 400, n)),
        alerts_30d=rng.poisson(1.0, n).astype(float),
    )


def test_the_fit_finds_what_made_the_answers() -> None:
    """Coefficients come back within their noise, and predictions are calibrated."""
    people = situations(5_000)
    chance = 1 / (1 + np.exp(-people.features() @ TRUE))
    yes = np.random.default_rng(2).random(5_000) < chance
    prior = fit_group_prior(people, yes)
    assert prior.coefficients == pytest.approx(TRUE, abs=0.25)
    seen = calibration(prior.mean(people), yes)
    assert seen.brier == pytest.approx(calibration(chance, yes).brier, abs=0.002)
    assert all(abs(said - true) < 0.06 for said, true, _ in seen.deciles)


def test_with_few_alerts_the_typical_chance_holds() -> None:
    """Below 200 alerts nothing is fitted."""
    people = situations(199)
    prior = fit_group_prior(people, np.ones(199))
    assert prior == GroupPrior((), 199)
    assert set(prior.mean(people)) == {TYPICAL_P}


def test_everybody_saying_yes_is_no_endless_coefficient() -> None:
    """The fit stays finite where answers are all alike."""
    people = situations(300)
    prior = fit_group_prior(people, np.ones(300))
    assert np.isfinite(prior.coefficients).all()
    assert (prior.mean(people) > 0.9).all()


def test_answers_and_situations_belong_together() -> None:
    """Different lengths are refused."""
    with pytest.raises(DecisionInputError, match="do not belong"):
        fit_group_prior(situations(300), np.ones(299))


def test_a_perfect_prediction_has_no_error() -> None:
    """Brier's score of certainty that came true is 0."""
    assert calibration([1.0, 0.0], [True, False]).brier == 0.0
