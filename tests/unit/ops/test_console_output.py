"""What commands print: results on standard output, progress beside them."""

from __future__ import annotations

import json

import pytest

from ops.console_output import emit, progress


def test_result_for_people_or_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """One of the two, and letters of every script as they are."""
    emit({"name": "សុខ"}, "one person", as_json=False)
    emit({"name": "សុខ"}, "one person", as_json=True)

    first, rest = capsys.readouterr().out.split("\n", 1)
    assert first == "one person"
    assert json.loads(rest) == {"name": "សុខ"}
    assert "សុខ" in rest


def test_progress_without_a_terminal_is_plain_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line for every tenth, on standard error."""
    with progress("Importing", 100) as show:
        for done in range(1, 101):
            show(done, f"{done} lines")

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert 10 <= len(lines) <= 11
    assert lines[-1] == "Importing: 100% 100 lines"


def test_progress_of_nothing_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file is done at once, without dividing by its size."""
    with progress("Importing", 0) as show:
        show(0, "")

    assert capsys.readouterr().err == "Importing: 100%\n"


def test_progress_on_a_terminal_is_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It shows what, how far, and a word on it."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress("Importing", 10) as show:
        show(10, "ten lines")

    err = capsys.readouterr().err
    assert "Importing" in err
    assert "ten lines" in err
