"""Decisions as records: through JSON and back to the same decision."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from responders.cases.explain import (
    replay_role,
    replay_wave,
    role_record,
    wave_record,
    without_positions,
)
from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import Bar, Promise, Role, Silent
from responders.deciding.outlook import Hoped
from responders.deciding.roles import RolePolicy, assign_role
from responders.deciding.waves import Progress, WavePolicy, decide_wave


def through_json(record: dict) -> dict:
    return json.loads(json.dumps(record, allow_nan=False))


@pytest.fixture
def wave(make_case, make_candidates) -> Callable[..., tuple]:
    """A wave of some case, and its record after a way through JSON."""

    def make(progress: Progress, n: int = 40, seed: int = 3, **columns) -> tuple:
        rng = np.random.default_rng(n)
        people = make_candidates(
            rng.uniform(10.0, 990.0, n), p_accept=rng.beta(2, 4, n), **columns
        )
        case, policy = make_case(ems_eta_s=700.0), WavePolicy()
        decision = decide_wave(case, people, progress, policy=policy, seed=seed)
        record = wave_record(case, progress, decision, policy=policy, seed=seed)
        return decision, through_json(record)

    return make


@pytest.mark.parametrize("n", [0, 3, 40, 900])
@pytest.mark.parametrize(
    "progress",
    [
        Progress(0.0),
        Progress(60.0, n_asked=8, silent=(Silent(9_001, 60.0, 100.0, 0.35),)),
        Progress(60.0, n_asked=8, promises=(Promise(9_001, Role.DIRECT, 90.0),)),
        Progress(500.0, n_asked=8),
    ],
)
def test_a_wave_replays_to_the_last_bit(wave, progress, n) -> None:
    """The record alone gives the same choices, stop, notice and radius."""
    decision, record = wave(progress, n)
    again = replay_wave(record)
    assert again.choices == decision.choices
    assert (again.stop, again.notice) == (decision.stop, decision.notice)
    assert (again.radius_m, again.expected_yes) == (
        decision.radius_m,
        decision.expected_yes,
    )


def test_a_wave_says_who_was_barred_and_why(wave) -> None:
    """Reasons by name, with the people they kept away."""
    bars = np.zeros(40, dtype=np.int64)
    bars[:3], bars[1] = int(Bar.QUIET), int(Bar.QUIET | Bar.BUSY)
    _, record = wave(Progress(0.0), bars=bars)
    assert record["barred"]["quiet"] == {"n": 3, "ids": [1, 2, 3]}
    assert record["barred"]["busy"] == {"n": 1, "ids": [2]}


def test_a_wave_knows_no_position_of_anybody(wave) -> None:
    """Only distances of the people weighed are kept."""
    _, record = wave(Progress(0.0))
    assert "lon" not in record["weighed"]
    assert {"ids", "distance_m", "p_accept", "gain"} <= set(record["weighed"])


@pytest.fixture
def role(make_case, make_acceptor, make_aeds) -> tuple:
    """A role with everything that can be told to the rule."""
    case, acceptor = make_case(ems_eta_s=600.0, elapsed_s=40.0), make_acceptor(200)
    aeds = make_aeds([150.0, 400.0], open_until_s=np.array([np.inf, 900.0]))
    promises = (Promise(5, Role.VIA_AED, 400.0, 400.0, aed_id=102),)
    facts = {
        "hoped": (Hoped(6, acceptor.lon, acceptor.lat, 1, 20.0, 0.4),),
        "nobody_on_scene": True,
        "policy": RolePolicy(),
    }
    choice = assign_role(case, acceptor, aeds, promises, **facts)
    return choice, role_record(case, acceptor, aeds, promises, choice, **facts)


def test_a_role_replays_to_the_last_bit(role) -> None:
    """Infinite opening, promises and hopes included."""
    choice, record = role
    assert replay_role(through_json(record)) == choice


def test_positions_can_be_deleted_and_the_reasons_stay(role) -> None:
    """After 24 h nobody's place is left, and a replay says so."""
    choice, record = role
    kept = without_positions(record)
    assert "hoped" not in kept
    assert not {"lon", "lat"} & (set(kept["case"]) | set(kept["acceptor"]))
    assert kept["choice"]["role"] == choice.role.value
    with pytest.raises(DecisionInputError, match="positions"):
        replay_role(kept)


def test_a_record_of_another_kind_is_refused(role) -> None:
    """And so is one of an unknown form."""
    _, record = role
    with pytest.raises(DecisionInputError, match="no record of a wave"):
        replay_wave(record)
    with pytest.raises(DecisionInputError, match="form"):
        replay_role({**record, "form": 99})
