"""Chance and delay of a yes; what silence tells."""

import numpy as np
import pytest

from responders.deciding.acceptance import (
    HALF_LIFE_DAYS,
    DelayCurve,
    accept_probability,
    decay,
    posterior_of_silent,
)

PRIOR = DelayCurve(60.0, 0.6)


@pytest.mark.parametrize(
    ("silent_s", "chance"), [(30, 0.3205), (60, 0.2121), (90, 0.1185), (120, 0.0626)]
)
def test_silence_lowers_the_chance_as_specified(silent_s: float, chance: float) -> None:
    """The posterior has the specification's values at 30, 60, 90 and 120 s."""
    posterior = posterior_of_silent(0.35, silent_s, PRIOR)
    assert posterior == pytest.approx(chance, abs=5e-5)


def test_whoever_waits_for_a_call_slot_is_not_silent_yet() -> None:
    """Before the phone rings the chance is what it was."""
    assert posterior_of_silent(0.35, -12.0, PRIOR) == pytest.approx(0.35)


def test_a_sure_yes_that_never_came_is_no_division_by_zero() -> None:
    """With p = 1 and endless silence the chance is 0."""
    assert posterior_of_silent(1.0, 1e9, PRIOR) == 0.0


def test_own_history_outweighs_the_group_with_time() -> None:
    """Eight alerts weigh as much as the group."""
    chances = accept_probability(0.35, [0, 0, 8, 80], [0, 8, 8, 80])
    assert chances == pytest.approx([0.35, 0.175, 0.675, (2.8 + 80) / 88])


def test_an_answer_counts_half_after_its_half_life() -> None:
    """Counts decay by half in 180 days."""
    assert decay([0.0, HALF_LIFE_DAYS]).tolist() == [1.0, 0.5]


def test_the_delay_starts_at_the_alert() -> None:
    """Nobody leaves before being asked; half have left at the median."""
    assert PRIOR.cdf([-5.0, 0.0, 60.0]).tolist() == [0.0, 0.0, 0.5]
    assert PRIOR.cdf(np.inf) == 1.0
