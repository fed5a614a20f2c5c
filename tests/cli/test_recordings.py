"""``tocsin recording``: what people have spoken for calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused
from tests.fakes.sounds import sound_file, tone

pytestmark = pytest.mark.usefixtures("database")

OPENING = ("--language", "km", "--key", "warning.opening")


def test_a_file_is_kept_and_listed(tocsin: Run, tmp_path: Path) -> None:
    """With its words, its length, and where it came from."""
    file = tmp_path / "opening.wav"
    file.write_bytes(sound_file(tone(0.5)))
    assert "Kept, 0.5 s" in tocsin("recording", "add", file, *OPENING).out
    listed = json.loads(tocsin("recording", "list", "--json").out)["recordings"]
    assert [(one["key"], one["origin"]) for one in listed] == [
        ("warning.opening", "uploaded")
    ]


def test_a_number_is_called_to_speak_a_text(tocsin: Run) -> None:
    """The command tells the call's number and words, and not whom it calls."""
    done = tocsin("recording", "call", "+85512345678", *OPENING)
    assert done.status == 0
    assert done.out.startswith("Call 1 is on its way:")
    assert "12345678" not in done.out
    again = tocsin("recording", "call", "+85512345678", *OPENING, "--json")
    assert json.loads(again.out)["state"] == "calling"


@pytest.mark.parametrize(
    "arguments",
    [
        ("12", *OPENING),
        ("+85512345678", "--language", "km", "--key", "no.such.text"),
        ("+85512345678", "--language", "km"),
    ],
)
def test_a_call_that_leads_to_nothing_is_refused(
    tocsin: Run, arguments: tuple[str, ...]
) -> None:
    """With a sentence, before any phone rings."""
    assert_refused(tocsin("recording", "call", *arguments))
