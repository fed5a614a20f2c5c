"""Waves: how many, when again, how far, when to stop, whom to tell."""

import numpy as np
import pytest

from responders.deciding.facts import Bar, Promise, Role, Silent
from responders.deciding.ranking import RankingPolicy
from responders.deciding.waves import (
    Notice,
    Progress,
    Stop,
    WavePolicy,
    decide_wave,
    expected_yes,
)

NEAR = [50.0 * n for n in range(1, 21)]
DIRECT = Promise(91, Role.DIRECT, 100.0)
WITH_AED = Promise(92, Role.VIA_AED, 150.0, 150.0, aed_id=1)


def silent(n: int, silent_s: float) -> tuple[Silent, ...]:
    return tuple(Silent(70 + i, silent_s, 100.0, 0.35) for i in range(n))


def test_the_first_wave_is_eight_to_ten(make_case, make_candidates) -> None:
    """Eight in any case, ten at most, however many stand near."""
    decision = decide_wave(make_case(), make_candidates(NEAR), Progress(0.0))
    assert 8 <= len(decision.choices) <= 10
    assert (decision.stop, decision.notice) == (None, None)
    assert decision.check_again_s == 15.0


def test_few_people_are_all_asked(make_case, make_candidates) -> None:
    """Three eligible are three calls."""
    decision = decide_wave(make_case(), make_candidates([10.0, 20, 30]), Progress(0.0))
    assert len(decision.choices) == 3


def test_while_two_can_be_expected_nobody_more_is_asked(
    make_case, make_candidates
) -> None:
    """Eight people just asked are 2.8 yeses."""
    progress = Progress(5.0, n_asked=8, silent=silent(8, 5.0))
    decision = decide_wave(make_case(), make_candidates(NEAR), progress)
    assert (decision.stop, decision.choices) == (Stop.EXPECTED, ())
    assert decision.expected_yes == pytest.approx(2.8, abs=0.01)


@pytest.mark.parametrize(("silent_s", "n"), [(60.0, 1), (90.0, 4), (120.0, 5)])
def test_silence_calls_for_more(make_case, make_candidates, silent_s, n) -> None:
    """``ceil((2 - m) / 0.35)`` with m from the posterior of eight who are silent."""
    progress = Progress(silent_s, n_asked=8, silent=silent(8, silent_s))
    decision = decide_wave(make_case(), make_candidates(NEAR), progress)
    assert decision.n_wanted == len(decision.choices) == n


def test_a_no_counts_at_once(make_case, make_candidates) -> None:
    """Whoever declines is no longer among the silent, and others are asked."""
    progress = Progress(10.0, n_asked=8, silent=silent(3, 10.0))
    decision = decide_wave(make_case(), make_candidates(NEAR), progress)
    assert len(decision.choices) == 3


def test_two_in_time_are_enough(make_case, make_candidates) -> None:
    """One direct and one with an AED; two direct where there is no AED."""
    people = make_candidates(NEAR)
    second = Promise(93, Role.DIRECT, 120.0)
    for promises, possible, stop in (
        ((DIRECT, WITH_AED), True, Stop.STAFFED),
        ((DIRECT, second), False, Stop.STAFFED),
        ((DIRECT, second), True, Stop.EXPECTED),
    ):
        progress = Progress(30.0, n_asked=8, promises=promises, aed_possible=possible)
        assert decide_wave(make_case(), people, progress).stop is stop


def test_a_yes_that_comes_too_late_does_not_count(make_case, make_candidates) -> None:
    """Two promises after the ambulance are no staff."""
    late = (Promise(91, Role.DIRECT, 700.0), Promise(92, Role.DIRECT, 800.0))
    progress = Progress(30.0, n_asked=8, promises=late)
    case = make_case(ems_eta_s=600.0)
    assert expected_yes(case, progress, WavePolicy()) == 0.0
    assert decide_wave(case, make_candidates(NEAR), progress).choices


def test_after_a_yes_only_who_adds_something_is_asked(
    make_case, make_candidates
) -> None:
    """Before it everybody helps."""
    far = make_candidates([950.0, 960.0])
    with_yes = Progress(60.0, n_asked=8, promises=(DIRECT,))
    without = Progress(60.0, n_asked=8)
    assert decide_wave(make_case(), far, with_yes).stop is Stop.NOBODY_LEFT
    assert len(decide_wave(make_case(), far, without).choices) == 2


def test_thirty_are_asked_at_most(make_case, make_candidates) -> None:
    """The cap holds over all waves."""
    people = make_candidates(NEAR)
    full = Progress(200.0, n_asked=30)
    almost = Progress(200.0, n_asked=28)
    assert decide_wave(make_case(), people, full).stop is Stop.CAP_REACHED
    assert len(decide_wave(make_case(), people, almost).choices) == 2


@pytest.mark.parametrize(
    ("progress", "stop"),
    [
        (Progress(480.0, n_asked=8), Stop.TIME_OVER),
        (Progress(100.0, n_asked=8, ambulance_there=True), Stop.AMBULANCE_THERE),
    ],
)
def test_some_ends_are_final(make_case, make_candidates, progress, stop) -> None:
    """After eight minutes, or once the ambulance is there, nothing is checked again."""
    decision = decide_wave(make_case(), make_candidates(NEAR), progress)
    assert (decision.stop, decision.check_again_s) == (stop, None)


def test_the_radius_grows_while_too_few_are_free(make_case, make_candidates) -> None:
    """Ten are looked for within 1, then 2, then 5 km."""
    spread = [100.0, 500.0] + [1_500.0] * 9
    barred = np.where(np.array(spread) < 1_000.0, int(Bar.QUIET), 0)
    case = make_case()
    assert decide_wave(case, make_candidates(NEAR), Progress(0.0)).radius_m == 1_000.0
    assert decide_wave(case, make_candidates(spread), Progress(0.0)).radius_m == 2_000.0
    tired = make_candidates(spread, bars=barred)
    assert decide_wave(case, tired, Progress(0.0)).radius_m == 5_000.0


def test_people_beyond_the_ambulance_do_not_fill_a_radius(
    make_case, make_candidates
) -> None:
    """Who would come after the ambulance is not counted as free."""
    people = make_candidates([900.0] * 12 + [1_900.0])
    decision = decide_wave(make_case(ems_eta_s=200.0), people, Progress(0.0))
    assert (decision.radius_m, decision.choices) == (5_000.0, ())


def test_the_dispatcher_hears_at_once_that_nobody_can_be_asked(
    make_case, make_candidates
) -> None:
    """At 0 s with nobody eligible, and at 120 s without a yes."""
    nobody = make_candidates(NEAR, bars=int(Bar.QUIET))
    decision = decide_wave(make_case(), nobody, Progress(0.0))
    assert (decision.stop, decision.notice) == (
        Stop.NOBODY_LEFT,
        Notice.NOBODY_ELIGIBLE,
    )
    waited = Progress(120.0, n_asked=8, silent=silent(8, 120.0))
    late = decide_wave(make_case(), make_candidates(NEAR), waited)
    assert late.notice is Notice.NO_YES
    answered = Progress(120.0, n_asked=8, promises=(DIRECT,))
    assert decide_wave(make_case(), make_candidates(NEAR), answered).notice is None


def test_calls_are_started_at_the_pace_of_the_carriers(
    make_case, make_candidates
) -> None:
    """The best first, two a second."""
    policy = WavePolicy(ranking=RankingPolicy(calls_per_s=2.0, explore_share=0.0))
    wave = decide_wave(make_case(), make_candidates(NEAR), Progress(0.0), policy=policy)
    assert [each.start_s for each in wave.choices[:3]] == [0.0, 0.5, 1.0]
    assert [each.responder_id for each in wave.choices[:3]] == [1, 2, 3]
