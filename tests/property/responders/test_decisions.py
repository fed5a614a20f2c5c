"""What holds of every decision, whoever stands where."""

import json
import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.cases.explain import replay_wave, wave_record
from responders.deciding.eta import grid_s, nobody_by
from responders.deciding.facts import Candidates, CaseFacts, Promise, Role, Silent
from responders.deciding.gains import Gains
from responders.deciding.ranking import RankingPolicy, Turns, rank
from responders.deciding.roles import Acceptor, AedSites, assign_role
from responders.deciding.waves import Progress, WavePolicy, decide_wave

TIMES = grid_s(600.0)
SEEDS = st.integers(0, 2**32 - 1)
CALM = RankingPolicy(explore_share=0.0)


def people(seed: int, n: int, *, radius_m: float = 1_500.0) -> Candidates:
    """Anybody anywhere, some with bars."""
    rng = np.random.default_rng(seed)
    return Candidates(
        ids=rng.permutation(10 * n)[:n],
        lon=np.full(n, 4.9),
        lat=np.full(n, 52.4),
        distance_m=radius_m * np.sqrt(rng.random(n)),
        mode=rng.integers(0, 4, n),
        position_age_s=rng.choice([0.0, 3_600.0, 90_000.0], n),
        p_accept=rng.beta(1, 2, n),
        channel=rng.integers(0, 3, n),
        skills=rng.integers(0, 128, n),
        alerts_30d=rng.poisson(1.0, n).astype(float),
        bars=np.where(rng.random(n) < 0.2, rng.integers(1, 512, n), 0),
    )


def cases() -> st.SearchStrategy[CaseFacts]:
    """With and without an ambulance, at homes and with CPR going on."""
    return st.builds(
        CaseFacts,
        st.just(4.9),
        st.just(52.4),
        elapsed_s=st.floats(0, 600),
        ems_eta_s=st.none() | st.floats(0, 1_500),
        cpr_in_progress=st.booleans(),
        private_home=st.booleans(),
    )


silents = st.builds(
    Silent,
    st.integers(0, 99),
    st.floats(-20, 400),
    st.floats(0, 900),
    st.floats(0, 1),
    st.integers(0, 2),
)


@given(SEEDS, st.integers(0, 900), cases(), st.integers(0, 10), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_the_shortlist_chooses_as_everybody_would(seed, n, case, least, more) -> None:
    """Looking at a part only is never seen in the choices."""
    crowd = people(seed, n)
    ranking = rank(
        case, crowd, at_least=least, at_most=least + more, policy=CALM, seed=seed
    )
    free = np.flatnonzero(ranking.bars == 0)
    turns = Turns(Gains(case, crowd), CALM, free, random.Random(seed))
    while len(turns.choices) < least + more:
        gain, score = turns.look()
        if score < 0 or (len(turns.choices) >= least and gain < CALM.min_gain):
            break
        turns.take()
    assert ranking.choices == tuple(turns.choices)


@given(SEEDS, st.integers(0, 300), cases())
@settings(max_examples=40, deadline=None)
def test_only_the_free_are_asked_and_nobody_twice(seed, n, case) -> None:
    """Choices are eligible, different, and as many as are free if too few are."""
    crowd = people(seed, n)
    ranking = rank(case, crowd, at_least=8, at_most=10, seed=seed)
    asked = [choice.responder_id for choice in ranking.choices]
    free = set(crowd.ids[ranking.bars == 0].tolist())
    assert len(set(asked)) == len(asked)
    assert set(asked) <= free
    assert len(asked) >= min(8, len(free))


@given(SEEDS, cases(), st.lists(silents, max_size=8))
@settings(max_examples=40, deadline=None)
def test_every_turn_adds_less_than_alone(seed, case, silent) -> None:
    """The value of a set is submodular: nobody gains from company."""
    crowd = people(seed, 40)
    ranking = rank(
        case, crowd, at_least=10, at_most=10, silent=tuple(silent), policy=CALM
    )
    alone = dict(zip(crowd.ids.tolist(), ranking.gain.tolist(), strict=True))
    for choice in ranking.choices:
        assert choice.gain <= alone[choice.responder_id] + 1e-12


@given(st.lists(silents, max_size=10), silents)
@settings(max_examples=100, deadline=None)
def test_asking_one_more_never_delays_anybody(asked, one_more) -> None:
    """P(first arrival by t) never falls by an alert more."""
    before, after = nobody_by(TIMES, asked), nobody_by(TIMES, [*asked, one_more])
    assert (after <= before + 1e-12).all()
    assert ((after >= 0) & (after <= 1)).all()


@given(
    SEEDS,
    st.integers(0, 600),
    cases(),
    st.builds(
        Progress,
        st.floats(0, 600),
        st.integers(0, 30),
        st.lists(silents, max_size=10).map(tuple),
        aed_possible=st.booleans(),
    ),
)
@settings(max_examples=80, deadline=None)
def test_every_wave_replays(seed, n, case, progress) -> None:
    """From its record, through JSON, to the last bit; and never beyond the cap."""
    policy = WavePolicy()
    decision = decide_wave(
        case, people(seed, n, radius_m=6_000.0), progress, policy=policy, seed=seed
    )
    record = wave_record(case, progress, decision, policy=policy, seed=seed)
    again = replay_wave(json.loads(json.dumps(record, allow_nan=False)))
    assert again.choices == decision.choices
    assert again.radius_m == decision.radius_m
    assert (again.stop, again.expected_yes) == (decision.stop, decision.expected_yes)
    n_asked = progress.n_asked
    assert n_asked + len(decision.choices) <= max(policy.most_in_all, n_asked)


@given(SEEDS, cases(), st.integers(0, 12), st.integers(0, 6))
@settings(max_examples=80, deadline=None)
def test_every_yes_gets_a_role_and_no_closed_aed(seed, case, n_aeds, n_before) -> None:
    """A role or a stand-down for everybody; AEDs open at pick-up and claimed once."""
    rng = np.random.default_rng(seed)
    opens = rng.uniform(-600.0, 600.0, n_aeds)
    aeds = AedSites(
        np.arange(n_aeds),
        4.9 + rng.normal(0, 0.005, n_aeds),
        52.4 + rng.normal(0, 0.005, n_aeds),
        rng.choice([40.0, 90.0], n_aeds),
        opens,
        opens + rng.choice([300.0, np.inf], n_aeds),
    )
    promises: tuple[Promise, ...] = ()
    for turn in range(n_before + 1):
        east, north = rng.normal(0, 0.006, 2)
        acceptor = Acceptor(turn, 4.9 + float(east), 52.4 + float(north), 1)
        choice = assign_role(case, acceptor, aeds, promises)
        promise = choice.promise()
        assert (promise is None) == (choice.role is Role.TOO_LATE)
        if choice.role is Role.VIA_AED:
            assert choice.route is not None
            pick_up = choice.route.pick_up_s
            assert opens[choice.route.aed_id] <= pick_up
            assert pick_up <= aeds.open_until_s[choice.route.aed_id]
        if promise is not None:
            promises += (promise,)
    claimed = [each.aed_id for each in promises if each.aed_id is not None]
    assert len(set(claimed)) == len(claimed)
