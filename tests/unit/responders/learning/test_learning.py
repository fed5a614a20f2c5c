"""The nightly fit: what it learns from, when, and what it changes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from responders.cases.directory import MOST_MEAN, candidates_of
from responders.deciding.group_prior import FEWEST_ALERTS, GroupPrior
from responders.roster.columns import Columns
from tests.fakes.case_world import PATIENT, START, CaseWorld, a_person


def a_history(world: CaseWorld, n_people: int = 6, *, exercise: bool = False) -> None:
    """One case, to which the nearest says yes and the others no."""
    ids = world.people(*(a_person(n, 50.0 * n) for n in range(1, n_people + 1)))
    case_id = world.running(is_exercise=exercise)
    for number in ids[1:]:
        world.press(case_id, int(number), "DECLINED")
    world.press(case_id, int(ids[0]), "ACCEPTED")
    world.services.desk.close(case_id, by="dara")


def test_learns_from_ended_cases_in_earnest() -> None:
    """Everybody who answered counts; an exercise does not."""
    world = CaseWorld()
    a_history(world)
    assert world.services.learning.fit().prior.n == 6
    world = CaseWorld()
    a_history(world, exercise=True)
    assert world.services.learning.fit().prior.n == 0


def test_says_how_good_the_chances_were() -> None:
    """Brier of what people were asked with: 0.35 for each, one yes in six."""
    world = CaseWorld()
    a_history(world)
    fit = world.services.learning.fit()
    expected = (0.65**2 + 5 * 0.35**2) / 6
    np.testing.assert_allclose(fit.calibration.brier, expected)


def test_few_answers_change_nothing() -> None:
    """Under 200 answers the mean stays what was found elsewhere."""
    world = CaseWorld()
    a_history(world)
    fit = world.services.learning.fit()
    assert fit.prior.n < FEWEST_ALERTS
    assert fit.prior.coefficients == ()


def test_once_a_night() -> None:
    """At three o'clock, and not again before the next night; the record says so."""
    world = CaseWorld()  # START is three in the morning.
    a_history(world)
    for hours in (0, 0.5, 1, 5):
        world.time = START + timedelta(hours=hours)
        world.services.learning.run_once()
    with world.new_uow() as uow:
        (entry,) = uow.audit.entries(subject="acceptance")
        assert entry.details["answers"] == 6
    world.time = START + timedelta(days=1)
    world.services.learning.run_once()
    with world.new_uow() as uow:
        assert len(list(uow.audit.entries(subject="acceptance"))) == 2


def test_a_fit_changes_who_is_likely_to_come() -> None:
    """The mean of people like them, within bounds."""
    people = Columns.empty(1)
    people.put(0, a_person(1))
    moment = START, START

    def p_with(constant: float) -> float:
        prior = GroupPrior((constant, *[0.0] * 7), 500)
        near = candidates_of(people, PATIENT, 5_000, moment, prior)
        return float(near.p_accept[0])

    plain = candidates_of(people, PATIENT, 5_000, moment)
    np.testing.assert_allclose(plain.p_accept, 0.35)
    np.testing.assert_allclose(p_with(0.0), 0.5)
    assert p_with(50.0) == MOST_MEAN
