"""Watching a live alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from telephony.delivery import DeliveryState
from tests.web.fakes import make_progress
from warning.figures.watch import Movement, all_tried_at, curves_of, silent_by_area

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
STEP = timedelta(seconds=10)


def a_move(sent: int | None, moved: int, state: DeliveryState, n: int) -> Movement:
    return Movement(sent_step=sent, state_step=moved, state=state, n=n)


def test_curves_add_up() -> None:
    """Each point is the sum so far; what is confirmed was also heard and reached."""
    moves = [
        a_move(0, 1, DeliveryState.CONFIRMED, 3),
        a_move(0, 0, DeliveryState.REACHED, 2),
        a_move(1, 2, DeliveryState.FAILED, 1),
        a_move(None, 0, DeliveryState.QUEUED, 9),
    ]
    curves = curves_of(moves, since=NOW, step=STEP, n=3)
    assert curves.at == [NOW + STEP, NOW + 2 * STEP, NOW + 3 * STEP]
    assert curves.sent == [5, 6, 6]
    assert curves.reached == [2, 5, 5]
    assert curves.heard == curves.confirmed == [0, 3, 3]
    assert curves.failed == [0, 0, 1]


def test_what_came_after_the_end_counts_at_the_end() -> None:
    """Late receipts of a closed alert are not lost."""
    moves = [a_move(-1, 99, DeliveryState.REACHED, 4)]
    curves = curves_of(moves, since=NOW, step=STEP, n=2)
    assert (curves.sent, curves.reached) == ([4, 4], [0, 4])


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"people_attempted": 520, "messages_per_s": 92.0}, 5.0),
        ({"people_attempted": 980}, None),
        ({"people_attempted": 0, "messages_per_s": None}, None),
    ],
)
def test_when_everybody_was_tried(
    changes: dict[str, object], seconds: float | None
) -> None:
    """Who is left at the pace so far; nothing once nobody is, or before the first."""
    at = all_tried_at(make_progress(**changes), now=NOW)
    assert at == (NOW + timedelta(seconds=seconds) if seconds else None)


def test_the_most_silent_area_stands_first() -> None:
    """Told, and nothing came back that says it was understood; not the failed."""
    progress = make_progress(
        by_area={
            "a": {"attempted": 1, "reached": 2, "confirmed": 50},
            "b": {"heard": 9, "unreachable": 4},
            "c": {"confirmed": 3},
        }
    )
    assert silent_by_area(progress) == [("b", 9), ("a", 3)]
