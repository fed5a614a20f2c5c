"""``tocsin audit``: any change of the record is found, also a cut-off end."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def record(tocsin: Run, database: Path) -> Path:
    """A database in whose record stand four entries."""
    for name in ("anna", "boran", "chan", "dara"):
        tocsin("operator", "add", name, "--no-password", "--role", "admin")
    return database


def tamper(database: Path, *statements: str) -> None:
    with sqlite3.connect(database) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def verdict(tocsin: Run, *arguments: str) -> dict[str, object]:
    result = tocsin("audit", "verify", "--json", *arguments)
    found: dict[str, object] = json.loads(result.out)
    assert result.status == (0 if found["whole"] else 1)
    return found


@pytest.mark.usefixtures("record")
def test_a_whole_record(tocsin: Run) -> None:
    """Says how many entries, and the hash to be written down."""
    found = verdict(tocsin)

    assert (found["whole"], found["entries"]) == (True, 4)
    assert str(found["newest"]).startswith("4:")


@pytest.mark.parametrize(
    ("statements", "kind", "seq"),
    [
        (["UPDATE audit SET actor = 'x' WHERE seq = 2"], "changed", 2),
        (["UPDATE audit SET details = '{}' WHERE seq = 4"], "changed", 4),
        (["DELETE FROM audit WHERE seq = 3"], "missing", 3),
        (["DELETE FROM audit WHERE seq = 1"], "missing", 1),
        (["DELETE FROM audit WHERE seq > 2"], "truncated", 3),
        (
            [
                "UPDATE audit SET seq = 99 WHERE seq = 2",
                "UPDATE audit SET seq = 2 WHERE seq = 3",
                "UPDATE audit SET seq = 3 WHERE seq = 99",
            ],
            "changed",
            2,
        ),
    ],
)
def test_the_first_broken_entry_is_found(
    tocsin: Run, record: Path, statements: list[str], kind: str, seq: int
) -> None:
    """Changed, removed, exchanged, cut off."""
    tamper(record, *statements)

    found = verdict(tocsin)

    assert (found["kind"], found["broken"]) == (kind, seq)


def test_an_end_that_was_cut_off_cleanly_is_found_by_an_anchor(
    tocsin: Run, record: Path, tmp_path: Path
) -> None:
    """Even when the counter was set back as well."""
    anchors = tmp_path / "anchors"
    newest = str(verdict(tocsin, "--anchor", str(anchors))["newest"])
    assert anchors.read_text().strip() == newest
    tamper(
        record,
        "DELETE FROM audit WHERE seq > 2",
        "UPDATE counters SET value = 2 WHERE name = 'audit_seq'",
    )

    assert verdict(tocsin)["whole"] is True
    assert verdict(tocsin, "--anchor", str(anchors))["kind"] == "truncated"
    assert verdict(tocsin, "--expect", newest)["kind"] == "truncated"
    assert verdict(tocsin, "--expect", newest.split(":")[1])["kind"] == "truncated"


def test_an_end_that_was_written_anew_is_found_by_an_anchor(
    tocsin: Run, record: Path
) -> None:
    """The chain is whole again, and another one."""
    newest = str(verdict(tocsin)["newest"])
    tamper(
        record,
        "DELETE FROM audit WHERE seq = 4",
        "UPDATE counters SET value = 3 WHERE name = 'audit_seq'",
    )
    tocsin("operator", "add", "eve", "--no-password")

    assert verdict(tocsin)["whole"] is True
    assert verdict(tocsin, "--expect", newest)["kind"] == "replaced"


@pytest.mark.usefixtures("record")
def test_the_record_can_be_taken_away(tocsin: Run) -> None:
    """One JSON object a line, with every hash."""
    lines = tocsin("audit", "export", "--json").out.splitlines()
    entries = [json.loads(line) for line in lines]

    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4]
    assert entries[1]["previous_hash"] == entries[0]["hash"]
    assert len(tocsin("audit", "export").out.splitlines()) == 4


@pytest.mark.usefixtures("record")
def test_what_is_no_anchor_is_told(tocsin: Run) -> None:
    """Not taken for a hash that is missing."""
    result = tocsin("audit", "verify", "--expect", "abc")

    assert result.status == 1
    assert "no anchor" in result.err


@pytest.mark.usefixtures("record")
def test_tokens_end(tocsin: Run) -> None:
    """Listed without the token itself; revoked by id."""
    token = tocsin("token", "create", "anna", "--days", "30").out.strip()
    listed = json.loads(tocsin("token", "list", "--json").out)["tokens"]

    assert len(listed) == 1
    assert listed[0]["good"] is True
    assert listed[0]["expires_at"]
    assert token not in str(listed)
    assert tocsin("token", "revoke", listed[0]["id"]).status == 0
    assert "no longer good" in tocsin("token", "list").out
    assert tocsin("token", "revoke", "0" * 12).status == 1


@pytest.mark.usefixtures("record")
def test_operators_change(tocsin: Run) -> None:
    """The last admin stays one."""
    assert tocsin("operator", "role", "anna", "viewer").status == 0
    for name in ("boran", "chan"):
        assert tocsin("operator", "disable", name).status == 0
    last = tocsin("operator", "disable", "dara")

    assert last.status == 1
    assert "last active admin" in last.err
    assert tocsin("operator", "enable", "boran").status == 0
    shown = tocsin("operator", "list").out
    assert "anna  viewer" in shown
    assert "chan  admin  (disabled)" in shown
    assert verdict(tocsin)["whole"] is True
