"""Whom to ask next: by what each adds, and why not the others."""

import numpy as np
import pytest

from responders.deciding.acceptance import DELAYS
from responders.deciding.facts import Bar, Promise, Role, Silent, Skill
from responders.deciding.gains import Gains, benefit_of_first_arrival
from responders.deciding.ranking import RankingPolicy, rank

ALWAYS_BEST = RankingPolicy(explore_share=0.0)


def chosen(ranking) -> list[int]:
    return [choice.responder_id for choice in ranking.choices]


def test_equals_are_asked_nearest_first(make_case, make_candidates) -> None:
    """With one chance for all, the nearest add most."""
    people = make_candidates([900.0, 100.0, 500.0, 300.0])
    ranking = rank(make_case(), people, at_least=4, at_most=4, policy=ALWAYS_BEST)
    assert chosen(ranking) == [2, 4, 3, 1]


def test_a_willing_person_beats_a_nearer_one_who_never_comes(
    make_case, make_candidates
) -> None:
    """Chance to accept counts as much as distance."""
    people = make_candidates([100.0, 200.0], p_accept=np.array([0.02, 0.7]))
    ranking = rank(make_case(), people, at_least=1, at_most=1, policy=ALWAYS_BEST)
    assert chosen(ranking) == [2]


def test_the_gain_is_the_integral_of_the_specification(
    make_case, make_candidates
) -> None:
    """One candidate alone adds the sum of ``-b'(t) G(t)`` over time."""
    case, people = make_case(ems_eta_s=900.0), make_candidates([250.0])
    edges = np.arange(0.0, 901.0, 1.0)
    middle = edges[:-1] + 0.5
    arrived = 0.35 * DELAYS[0].cdf(middle - people.travel_s[0])
    expected = (-np.diff(benefit_of_first_arrival(case, edges)) * arrived).sum()
    assert Gains(case, people).alone()[0] == pytest.approx(expected, rel=1e-3)


def test_the_second_adds_less_than_alone(make_case, make_candidates) -> None:
    """What one adds shrinks with those asked before."""
    people = make_candidates([200.0, 200.0])
    first, second = rank(make_case(), people, at_least=2, at_most=2).choices
    assert first.gain == pytest.approx(Gains(make_case(), people).alone()[0])
    assert second.gain < first.gain


def test_nobody_adds_after_a_promise_that_is_sooner(make_case, make_candidates) -> None:
    """Once somebody will be there in a minute, a kilometre away adds nothing."""
    promise = Promise(9, Role.DIRECT, 60.0)
    people = make_candidates([1000.0])
    ranking = rank(make_case(), people, at_least=0, at_most=5, promises=(promise,))
    assert chosen(ranking) == []
    assert ranking.passed_gain < 1e-6


def test_silence_leaves_more_to_add(make_case, make_candidates) -> None:
    """The longer those asked are silent, the more one more adds."""
    people = make_candidates([400.0])
    gains = [
        Gains(make_case(), people, (Silent(9, silent_s, 100.0, 0.6),)).alone()[0]
        for silent_s in (0.0, 60.0, 120.0)
    ]
    assert gains == sorted(gains)


def test_small_gains_end_the_wave_once_enough_are_asked(
    make_case, make_candidates
) -> None:
    """Beyond the least number somebody must add 0.001."""
    people = make_candidates([50.0, 60.0, 1_300.0, 1_300.0])
    ranking = rank(make_case(), people, at_least=1, at_most=4)
    assert chosen(ranking) == [1, 2]
    assert 0 < ranking.passed_gain < 0.001


def test_who_comes_after_the_ambulance_is_not_asked(make_case, make_candidates) -> None:
    """Way plus median delay must beat the ambulance by all but a minute."""
    people = make_candidates([100.0, 2_000.0])
    ranking = rank(make_case(ems_eta_s=300.0), people, at_least=2, at_most=2)
    assert chosen(ranking) == [1]
    assert ranking.bars.tolist() == [0, Bar.TOO_SLOW]


def test_a_private_home_asks_the_verified_only(make_case, make_candidates) -> None:
    """Unless the organisation says otherwise."""
    people = make_candidates([100.0, 200.0], skills=np.array([16, 16 | 64]))
    home = make_case(private_home=True)
    open_homes = RankingPolicy(homes_verified_only=False)
    assert chosen(rank(home, people, at_least=2, at_most=2)) == [2]
    assert (
        len(rank(home, people, at_least=2, at_most=2, policy=open_homes).choices) == 2
    )


def test_a_case_may_ask_for_a_skill(make_case, make_candidates) -> None:
    """Who has none of the skills is not asked, and the reason is kept."""
    people = make_candidates([100.0, 200.0], skills=np.array([32, 1]))
    doctors = make_case(any_skill=int(Skill.DOCTOR | Skill.NURSE))
    ranking = rank(doctors, people, at_least=2, at_most=2)
    assert chosen(ranking) == [2]
    assert ranking.bars[0] == Bar.SKILL


@pytest.mark.parametrize("bar", list(Bar))
def test_nobody_with_a_bar_is_asked(make_case, make_candidates, bar: Bar) -> None:
    """Every single bar of the roster keeps a person out."""
    people = make_candidates([100.0, 200.0], bars=np.array([int(bar), 0]))
    assert chosen(rank(make_case(), people, at_least=2, at_most=2)) == [2]


def test_the_tired_are_spared_while_others_are_there(
    make_case, make_candidates
) -> None:
    """Four alerts in a month halve a turn, unless fewer than five may be asked."""
    tired = np.array([8.0, 0, 0, 0, 0])
    many = make_candidates([200.0, 210.0, 220.0, 230.0, 240.0], alerts_30d=tired)
    few = make_candidates([200.0, 210.0], alerts_30d=tired[:2])
    one = {"at_least": 1, "at_most": 1, "policy": ALWAYS_BEST}
    assert chosen(rank(make_case(), many, **one)) == [2]
    assert chosen(rank(make_case(), few, **one)) == [1]


def test_calls_start_at_the_carriers_pace(make_case, make_candidates) -> None:
    """The best first, one every two seconds at half a call a second."""
    slow = RankingPolicy(calls_per_s=0.5, explore_share=0.0)
    people = make_candidates([300.0, 100.0, 200.0])
    ranking = rank(make_case(), people, at_least=3, at_most=3, policy=slow)
    assert [(c.responder_id, c.start_s) for c in ranking.choices] == [
        (2, 0.0),
        (3, 2.0),
        (1, 4.0),
    ]


def test_now_and_then_one_nearly_as_good_is_asked(make_case, make_candidates) -> None:
    """Exploration is drawn from the seed, and its chance is written down."""
    people = make_candidates([200.0, 202.0, 900.0])
    policy = RankingPolicy(explore_share=0.5)
    firsts = {
        rank(
            make_case(), people, at_least=1, at_most=1, policy=policy, seed=seed
        ).choices[0]
        for seed in range(40)
    }
    assert {(each.responder_id, each.propensity) for each in firsts} == {
        (1, 0.75),
        (2, 0.25),
    }


def test_with_cpr_going_on_the_shock_is_what_counts(make_case) -> None:
    """The benefit then falls as Valenzuela's with no time to CPR."""
    times = np.array([0.0, 360.0])
    plain = benefit_of_first_arrival(make_case(), times)
    going_on = benefit_of_first_arrival(make_case(cpr_in_progress=True), times)
    assert (going_on > plain).all()


def test_nobody_around_is_an_empty_choice(make_case, make_candidates) -> None:
    """An empty list of candidates is no error."""
    assert chosen(rank(make_case(), make_candidates([]), at_least=8, at_most=10)) == []
