"""Parts of a text message."""

from __future__ import annotations

import pytest

from simulator.segments import n_segments


@pytest.mark.parametrize(
    ("body", "n"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ក" * 70, 1),
        ("ក" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts(body: str, n: int) -> None:
    """160/153 septets, extension characters twice, or 70/67 UTF-16 units."""
    assert n_segments(body) == n
