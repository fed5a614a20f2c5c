"""Telephone numbers for the demo: of the shape Cambodia gives out, each once.

They may belong to somebody. They are for the built-in telco alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: First digits of mobile numbers behind +855, digits that follow, and weight.
_MOBILE: tuple[tuple[str, int, float], ...] = (
    *((prefix, 6, 1.0) for prefix in ("10", "15", "16", "69", "70", "81", "86", "87")),
    *((prefix, 6, 1.0) for prefix in ("93", "98", "11", "12", "14", "17", "61", "77")),
    *((prefix, 6, 1.0) for prefix in ("78", "79", "85", "89", "92", "95", "99", "60")),
    *((prefix, 6, 1.0) for prefix in ("66", "67", "68", "90")),
    ("96", 7, 5.0),
    ("97", 7, 5.0),
    ("88", 7, 4.0),
    ("71", 7, 3.0),
    ("76", 7, 1.5),
    ("31", 7, 1.0),
    ("18", 7, 0.3),
    ("38", 7, 0.2),
)
_LANDLINE_DIGITS = 6


def mobile_numbers(n: int, rng: np.random.Generator) -> list[str]:
    """Draw ``n`` different mobile numbers, E.164.

    Parameters
    ----------
    n : int
        At most a few million: there are about a hundred million to draw from.
    """
    starts = np.array([int(prefix) * 10**digits for prefix, digits, _ in _MOBILE])
    sizes = np.array([10**digits for _, digits, _ in _MOBILE])
    weights = np.array([weight for _, _, weight in _MOBILE])
    national = np.empty(0, dtype=np.int64)
    while len(national) < n:
        operator = rng.choice(len(_MOBILE), size=n, p=weights / weights.sum())
        drawn = starts[operator] + rng.integers(0, sizes[operator])
        national = _first_of_each(np.concatenate([national, drawn]))
    return [f"+855{number}" for number in national[:n].tolist()]


def landline_numbers(area_codes: list[str], rng: np.random.Generator) -> list[str]:
    """Draw a landline number for each two-digit area code given, all different.

    Parameters
    ----------
    area_codes : list of str
        At most some ten thousand of one code.
    """
    starts = np.array([int(code) for code in area_codes], dtype=np.int64)
    # Numbers that begin with 2 are landlines in every province.
    lowest = 10**_LANDLINE_DIGITS * starts + 2 * 10 ** (_LANDLINE_DIGITS - 1)
    national = lowest + rng.integers(0, 10 ** (_LANDLINE_DIGITS - 1), len(starts))
    while len(again := _repeated(national)):
        national[again] = lowest[again] + rng.integers(
            0, 10 ** (_LANDLINE_DIGITS - 1), len(again)
        )
    return [f"+855{number}" for number in national.tolist()]


def _first_of_each(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Drop repetitions, keep the order."""
    _, first = np.unique(numbers, return_index=True)
    return numbers[np.sort(first)]


def _repeated(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of numbers that occurred before."""
    _, first = np.unique(numbers, return_index=True)
    return np.setdiff1d(np.arange(len(numbers)), first)
