"""The demo's result: every figure that was promised, and none that does not add up."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from ops.demo.result import final_table, live_view, plain_line, result_of

CHANNEL = {
    "attempted": 80,
    "reached": 70,
    "heard": 60,
    "confirmed": 50,
    "failed": {"30003": 6, "no-answer": 4},
    "open": 3,
}
#: As ``GET /alerts/{id}/progress`` answers.
PROGRESS: dict[str, Any] = {
    "state": "live",
    "affected": 100,
    "planned": 100,
    "people_attempted": 90,
    "by_state": {"confirmed": 50, "needs_help": 2},
    "by_area": {"KH-1": {"confirmed": 60, "reached": 30}, "": {"queued": 10}},
    "by_language": {"km": 90, "en": 10},
    "excluded": {"opted_out": 10},
    "sms": CHANNEL,
    "voice": CHANNEL,
    "confirmed": 52,
    "needs_help": 2,
    "first_message_s": 0.5,
    "last_message_s": 9.25,
    "messages_per_s": 1234.5,
    "geofence_ms": 1.5,
    "settled": True,
}
NOBODY = {"by_state": {}, "by_area": {}, "by_language": {}, "excluded": {}}


def result(**changes: object) -> dict[str, Any]:
    return result_of("a1", 1_000, PROGRESS | changes, {"KH-1": "Kandal"})


def printed(thing: Any) -> str:
    console = Console(width=120, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(thing)
    return capture.get()


def test_every_promised_key_is_there() -> None:
    """What scripts rely on."""
    found = result()

    assert set(found) >= {
        "alert",
        "subscribers",
        "affected",
        "geofence_ms",
        "by_language",
        "by_area",
        "sms",
        "voice",
        "confirmed",
        "excluded",
        "first_message_s",
        "last_message_s",
        "messages_per_s",
        "balanced",
    }
    assert set(found["sms"]) >= {"attempted", "reached", "failed"}
    assert set(found["voice"]) >= {"attempted", "reached", "failed", "heard"}
    assert found["by_area"] == {"Kandal": 90, "": 10}


def test_balanced_when_everybody_is_tried_or_left_out_for_a_reason() -> None:
    """One person more or less, and it does not hold."""
    assert result()["balanced"]
    assert not result(people_attempted=89)["balanced"]
    assert not result(excluded={"opted_out": 11})["balanced"]


def test_the_table_says_it_in_words() -> None:
    """No code of a carrier, no underscore."""
    text = printed(final_table(result()))

    assert "90 tried + 10 left out = 100" in text
    assert "switched off or out of reach 6" in text
    assert "nobody answered 4" in text
    assert "opted out 10" in text
    assert "elsewhere 10" in text
    assert "30003" not in text
    assert "_" not in text


def test_an_imbalance_cannot_be_overlooked() -> None:
    """In capitals."""
    assert "NO: 89 tried" in printed(final_table(result(people_attempted=89)))


def test_before_anything_was_sent_there_is_no_time() -> None:
    """A dash instead of a fault."""
    unsent = dict.fromkeys(
        ("first_message_s", "last_message_s", "messages_per_s", "geofence_ms")
    )

    assert "first message - s" in printed(final_table(result(**unsent)))


@pytest.mark.parametrize("progress", [PROGRESS, PROGRESS | NOBODY | {"affected": 0}])
def test_figures_while_they_move(progress: dict[str, Any]) -> None:
    """On a terminal and without one."""
    assert "confirmed 52" in printed(live_view(progress, 12.3))
    assert plain_line(progress, 12.3).startswith("12 s: 80 texts and 80 calls tried")
