"""The bench against what theory knows, within three standard errors."""

import math

import numpy as np
import pytest

from bench.responders.figures import Figures, arrived_if_all_asked, gini, interval
from bench.responders.ours import ours
from bench.responders.play import play
from bench.responders.rules import Maker, everybody, nearest
from bench.responders.world import World, events
from responders.deciding.travel import DETOUR, SPEED_M_S

N = 500


def played(world: World, make: Maker, n: int = N) -> Figures:
    each = events(world, range(n), 7)
    return Figures.of(
        np.array([Figures.row(play(event, make(event))) for event in each]), world
    )


def is_close(seen: np.ndarray, theory: float) -> bool:
    return abs(seen.mean() - theory) <= 3 * max(seen.std(), 0.01) / math.sqrt(len(seen))


@pytest.mark.parametrize("k", [3, 5, 10])
def test_somebody_of_k_accepts(k: int) -> None:
    """``1 - (1 - p)^k`` where k are always there."""
    seen = played(World.named("reference-10"), nearest(k)).anyone
    assert is_close(seen, 1 - 0.65**k)


def test_who_leaves_at_once_arrives_by_distance_alone() -> None:
    """With p = 1 and no delay, ``1 - exp(-lambda pi (v t / kappa)²)``."""
    world = World.named("reference-5", p_accept=1.0, median_s=1e-6)
    reach_km = SPEED_M_S[world.mode] * 240.0 / DETOUR / 1e3
    theory = 1 - math.exp(-5 * math.pi * reach_km**2)
    assert is_close(played(world, everybody()).within_4_min, theory)


def test_everybody_asked_is_the_poisson_field() -> None:
    """``1 - exp(-Lambda(t))`` within four and six minutes."""
    world = World.named("reference-5")
    seen = played(world, everybody())
    in_4, in_6 = arrived_if_all_asked(world)(np.array([240.0, 360.0]))
    assert is_close(seen.within_4_min, in_4)
    assert is_close(seen.within_6_min, in_6)


def test_if_nobody_ever_accepts_nobody_comes() -> None:
    """With p = 0 the ambulance is first, whatever is asked."""
    seen = played(World.named("reference-10", p_accept=0.0), ours(), n=10)
    assert np.isinf(seen.arrival_s).all()
    assert (seen.n_asked <= 30).all()


def test_asking_more_people_changes_nobodys_luck() -> None:
    """Ten of the nearest are never later than five of them, case by case."""
    world = World.named("held-out-town")
    five, ten = played(world, nearest(5), 60), played(world, nearest(10), 60)
    assert (ten.arrival_s <= five.arrival_s).all()


def test_the_same_seed_is_the_same_world() -> None:
    """Ours plays out the same, second by second."""
    world = World.named("held-out-town")
    first, again = played(world, ours(), 20), played(world, ours(), 20)
    assert first.arrival_s.tolist() == again.arrival_s.tolist()
    assert first.n_asked.tolist() == again.n_asked.tolist()


def test_the_interval_holds_the_mean() -> None:
    """A bootstrap of coin throws is as wide as theory says."""
    throws = (np.random.default_rng(3).random(2_000) < 0.5).astype(float)
    seen = interval(throws)
    assert seen.low < throws.mean() < seen.high
    assert seen.high - seen.low == pytest.approx(2 * 1.96 * 0.5 / 2_000**0.5, rel=0.15)


@pytest.mark.parametrize(
    ("loads", "inequality"), [([3.0, 3, 3], 0.0), ([0.0, 0, 9], 2 / 3), ([], 0.0)]
)
def test_gini_of_known_loads(loads: list[float], inequality: float) -> None:
    """0 for equals, (n - 1) / n if one bears it all."""
    assert gini(np.array(loads)) == pytest.approx(inequality)
