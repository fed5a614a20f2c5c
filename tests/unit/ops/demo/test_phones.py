"""Numbers of the demo: of the shape Cambodia gives out, each once."""

from __future__ import annotations

import numpy as np
import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from ops.demo.phones import landline_numbers, mobile_numbers
from ops.demo.provinces import PROVINCES


def is_valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_mobile_numbers_are_valid_and_different() -> None:
    """Every operator's numbers can be dialled."""
    numbers = mobile_numbers(3_000, np.random.default_rng(3))

    assert len(set(numbers)) == 3_000
    assert all(map(is_valid, numbers))


def test_landlines_of_every_province_are_valid() -> None:
    """Every province's area code is one that exists."""
    codes = [province.landline for province in PROVINCES] * 5

    numbers = landline_numbers(codes, np.random.default_rng(3))

    assert len(set(numbers)) == len(codes)
    assert all(map(is_valid, numbers))
    assert [number[4:6] for number in numbers] == codes


@given(st.integers(0, 2**32 - 1))
def test_numbers_do_not_repeat(seed: int) -> None:
    """Also where many are drawn out of few."""
    numbers = landline_numbers(["23"] * 2_000, np.random.default_rng(seed))

    assert len(set(numbers)) == 2_000
