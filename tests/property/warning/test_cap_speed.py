"""Two hundred alerts, a huge one among them, are checked in seconds."""

import math
import time

from tests.unit.warning.cap_documents import PROPER, spoil, with_polygon
from warning.cap_check import check

# Set for a busy build machine; docs/cap.md has what was measured.
ALL_TOGETHER_S = 5.0


def outline(n_points: int) -> str:
    """Return a jagged closed outline of Burkina Faso's size and number of points."""
    turns = (2 * math.pi * n / (n_points - 1) for n in range(n_points - 1))
    pairs = [
        f"{12.5 + (1 + 0.1 * math.sin(40 * turn)) * math.sin(turn):.7f},"
        f"{-1.5 + (1 + 0.1 * math.sin(40 * turn)) * math.cos(turn):.7f}"
        for turn in turns
    ]
    return " ".join([*pairs, pairs[0]])


def test_two_hundred_files_are_checked_in_seconds() -> None:
    """41,000 points in one polygon, 1.7 MB in one file, 198 ordinary ones."""
    large = with_polygon(outline(41_009))
    embedded = "A" * (1_700_000 - len(PROPER))
    resource = (
        "<resource><resourceDesc>Voice</resourceDesc><mimeType>audio/mpeg</mimeType>"
        f"<derefUri>{embedded}</derefUri></resource>"
    )
    heavy = spoil(("<area>", f"{resource}<area>"))
    ordinary = [spoil(("KHM-1", f"KHM-{n}")) for n in range(198)]
    started = time.process_time()
    verdicts = [check(one, filename="a.xml") for one in (large, heavy, *ordinary)]
    assert time.process_time() - started < ALL_TOGETHER_S
    assert all(verdict.usable and verdict.targetable for verdict in verdicts)
