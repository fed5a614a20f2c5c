"""What the two operators do, and how long the demo watches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from ops.config.settings import Settings
from ops.demo.play import DEADLINE_S, Crew, play, report, watch
from ops.demo.result import result_of
from ops.errors import ApiCallError, DemoError
from ops.processes.supervisor import Supervisor
from tests.unit.ops.demo.test_result import PROGRESS


class FakeApi:
    """Answers in turn; remembers who asked what."""

    def __init__(self, who: str, journal: list[str], progress: list[Any]) -> None:
        self.who, self.journal, self.progress = who, journal, progress

    def get(self, path: str) -> Any:
        if path.startswith("/areas"):
            return {"items": [{"code": "KH-1", "name": "Kandal"}]}
        answer = self.progress.pop(0) if len(self.progress) > 1 else self.progress[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def post(
        self, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> Any:
        self.journal.append(f"{self.who} {path} {content_type if body else ''}".strip())
        return {"id": "a1"}


class FakeSupervisor:
    """Whoever died meanwhile."""

    def __init__(self, *died: str) -> None:
        self.died = [list(died)]

    def watch(self) -> list[str]:
        return self.died.pop() if self.died else []


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def watched(progress: list[Any], *died: str) -> tuple[dict[str, Any], float]:
    clock = Clock()
    found = watch(
        FakeApi("anna", [], progress),
        "/alerts/a1",
        cast("Supervisor", FakeSupervisor(*died)),
        clock.monotonic,
        pause=clock.pause,
    )
    return found, clock.now


def test_two_people_are_needed() -> None:
    """One writes and submits, the other approves; in this order."""
    journal: list[str] = []
    crew = Crew(
        author=FakeApi("anna", journal, [PROGRESS]),
        approver=FakeApi("boran", journal, [PROGRESS]),
        password="x",
    )

    found = play(
        crew, b"<alert/>", cast("Supervisor", FakeSupervisor()), 1_000, Settings()
    )

    assert journal == [
        "anna /alerts application/cap+xml",
        "anna /alerts/a1/submit",
        "boran /alerts/a1/approve?accept_fallback=1",
    ]
    assert found["balanced"]
    assert found["subscribers"] == 1_000


def test_watches_until_everybody_is_accounted_for() -> None:
    """Not a moment longer."""
    waiting = PROGRESS | {"settled": False}

    found, seconds = watched([waiting, waiting, PROGRESS])

    assert found["settled"]
    assert seconds < 3


def test_asks_again_and_tells_who_was_restarted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A web server that is killed in the middle does not end the demo."""
    found, _ = watched([ApiCallError("GET: got no answer"), PROGRESS], "web")

    out = capsys.readouterr().out
    assert found["settled"]
    assert "web had ended and was started again." in out
    assert "asking again" in out


def test_gives_up_in_the_end() -> None:
    """Somebody was never accounted for: the last figures are the result."""
    found, seconds = watched([PROGRESS | {"settled": False}])

    assert not found["settled"]
    assert DEADLINE_S <= seconds < DEADLINE_S + 1


def test_a_service_that_never_answers_is_told() -> None:
    """In a sentence, after the same time."""
    with pytest.raises(DemoError, match="never said"):
        watched([ApiCallError("no answer")])


def test_progress_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A line now and then, beside the result."""
    waiting = PROGRESS | {"settled": False}
    watched([waiting] * 40 + [PROGRESS])

    out, err = capsys.readouterr()
    assert out == ""
    assert 4 <= err.count("texts and 80 calls tried") <= 6


def test_the_result_is_written_and_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For machines and for people."""
    result = result_of("a1", 1_000, PROGRESS, {})

    report(result, tmp_path / "result.json")

    assert json.loads((tmp_path / "result.json").read_text()) == result
    assert "everybody accounted for" in capsys.readouterr().out
