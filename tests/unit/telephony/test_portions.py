"""How much one transaction takes on."""

from __future__ import annotations

import pytest

from telephony.portions import Portion


@pytest.fixture
def portion() -> Portion:
    return Portion(first=100, least=10, most=1_000, turn_s=0.05)


def test_it_shrinks_at_once(portion: Portion) -> None:
    """To what fits into a turn by what it took."""
    portion.took(100, 0.2)
    assert portion.size == 25


def test_it_at_most_doubles(portion: Portion) -> None:
    """However quick a portion was."""
    portion.took(100, 0.001)
    assert portion.size == 200


def test_it_keeps_to_its_limits(portion: Portion) -> None:
    """Whatever the time, also none at all."""
    portion.took(100, 60.0)
    assert portion.size == 10
    for _ in range(20):
        portion.took(portion.size, 0.0)
    assert portion.size == 1_000


def test_a_small_one_says_nothing_about_a_larger(portion: Portion) -> None:
    """What little there was took mostly what each transaction takes."""
    portion.took(3, 0.001)
    portion.took(0, 0.0)
    assert portion.size == 100


def test_it_does_not_grow_from_what_was_too_slow(portion: Portion) -> None:
    """A larger portion than now that took too long."""
    portion.took(1_000, 0.06)
    assert portion.size == 100
