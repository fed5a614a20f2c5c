"""``tocsin operator`` and ``tocsin token``: who may come in, without secrets shown."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run, assert_refused

pytestmark = pytest.mark.usefixtures("database")

PASSWORD = "correct horse battery staple"


def operators(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM operators")]
    connection.close()
    return names


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_operator_without_password_calls_by_token(tocsin: Run) -> None:
    """The token is the only thing on standard output, so that a script can take it."""
    added = tocsin("operator", "add", "anna", "--no-password")
    token = tocsin("token", "create", "anna")

    assert (added.status, added.out) == (
        0,
        "anna may call the API by token as operator.\n",
    )
    assert token.status == 0
    assert token.out.startswith("tocsin_")
    assert token.out.count("\n") == 1


def test_token_for_machines(tocsin: Run) -> None:
    """JSON on request."""
    tocsin("operator", "add", "anna", "--no-password")

    told = json.loads(tocsin("token", "create", "anna", "--json").out)

    assert told["operator"] == "anna"
    assert told["token"].startswith("tocsin_")


def test_password_from_a_pipe(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    """A script gives the password without showing it in the list of processes."""
    pipe(monkeypatch, PASSWORD + "\n")

    result = tocsin("operator", "add", "anna", "--password-stdin", "--role", "admin")

    assert (result.status, result.out) == (0, "anna may sign in as admin.\n")
    assert operators(database) == ["anna"]
    assert PASSWORD.encode() not in database.read_bytes()


def test_weak_password_is_not_repeated(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    """A sentence, no operator, and the password nowhere."""
    pipe(monkeypatch, "hunter2\n")

    result = tocsin("operator", "add", "anna", "--password-stdin")

    assert_refused(result, "assword")
    assert "hunter2" not in result.err
    assert operators(database) == []


def test_nobody_to_ask(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    """Without a terminal the ways out are named, and nothing is added."""
    pipe(monkeypatch, "")

    result = tocsin("operator", "add", "anna")

    assert result.status == 2
    assert "--password-stdin" in result.err
    assert operators(database) == []


def test_two_ways_at_once_are_refused(tocsin: Run) -> None:
    """Which of them would count?"""
    result = tocsin("operator", "add", "anna", "--no-password", "--password-stdin")

    assert result.status == 2


@pytest.mark.parametrize("name", ["", " ", "anna ", "an\nna", "a\u202ebc", "x" * 101])
def test_names_that_nobody_could_tell_apart(
    name: str, tocsin: Run, database: Path
) -> None:
    """Blanks and invisible letters would let one operator look like another."""
    result = tocsin("operator", "add", name, "--no-password")

    assert result.status == 2
    assert operators(database) == []


def test_a_name_is_given_once(tocsin: Run) -> None:
    """The second one is told to choose another."""
    tocsin("operator", "add", "anna", "--no-password")

    assert_refused(tocsin("operator", "add", "anna", "--no-password"), "anna")


def test_a_token_needs_an_operator(tocsin: Run) -> None:
    """The sentence says how to add one."""
    assert_refused(tocsin("token", "create", "nobody"), "tocsin operator add nobody")
