"""``tocsin escalation``: what follows a text, out and in again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused

pytestmark = pytest.mark.usefixtures("database")


def test_rules_go_out_and_come_back(tocsin: Run, tmp_path: Path) -> None:
    """What is shown is what is read; nothing has changed then."""
    file = tmp_path / "rules.toml"
    shown = tocsin("escalation", "show").out
    file.write_text(shown, encoding="utf-8")
    assert "say so already" in tocsin("escalation", "set", file).out

    file.write_text(shown.replace("after_min = 3.0", "after_min = 4"), encoding="utf-8")
    assert "are changed" in tocsin("escalation", "set", file).out
    facts = json.loads(tocsin("escalation", "show", "--json").out)
    assert facts["rules"]["Severe"]["steps"][1]["after_min"] == 4
    assert not facts["brought"]
    assert tocsin("escalation", "back").status == 0
    assert tocsin("escalation", "show").out == shown
    assert tocsin("audit", "verify").status == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[Severe", "no TOML"),
        (b"\xff", "no TOML"),
        (b"#" * 100_001, "more than 100,000 bytes"),
        (b"[Minor]\nsteps = [{ channel = 'sms' }]", "Severe is missing"),
        (b"a = " + b"[" * 50_000, "no TOML"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused(
    tocsin: Run, tmp_path: Path, data: bytes, says: str
) -> None:
    """With its name or what is missing."""
    file = tmp_path / "rules.toml"
    file.write_bytes(data)
    assert_refused(tocsin("escalation", "set", file), says)
