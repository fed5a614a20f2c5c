"""The main job, whole: from a CAP file to confirmed phones, as in ``make demo``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenario.installation import ROOT

KEYS = {
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


@pytest.mark.scenario
@pytest.mark.enable_socket
def test_everybody_is_told_and_accounted_for(tmp_path: Path) -> None:
    """Exit 0, a table, a result file whose figures add up; nobody left running."""
    command = [sys.executable, str(ROOT / "app.py"), "demo", "--once"]
    options = [
        "--people",
        "2000",
        "--call-after",
        "2",
        "--folder",
        str(tmp_path / "demo"),
    ]

    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [*command, *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "everybody accounted for" in done.stdout
    result = json.loads((tmp_path / "demo" / "result.json").read_text("utf-8"))
    assert set(result) >= KEYS
    assert result["subscribers"] == 2_000
    n_excluded = sum(result["excluded"].values())
    assert 100 < result["affected"] == result["attempted"] + n_excluded
    assert sum(result["by_language"].values()) == result["affected"]
    assert sum(result["by_area"].values()) == result["attempted"]
    assert result["sms"]["attempted"] > 0
    assert result["voice"]["heard"] <= result["voice"]["reached"]
    assert 0 < result["confirmed"] <= result["attempted"]
    assert result["first_message_s"] <= result["last_message_s"]
    assert result["balanced"]
    assert result["settled"]
    assert is_private(tmp_path / "demo")


def is_private(folder: Path) -> bool:
    """Whether nobody else can read what is about people."""
    return not any(file.stat().st_mode & 0o077 for file in folder.rglob("*"))
