"""``tocsin carrier``: what an operator orders of carriers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_doctor import write_carrier


def test_an_operator_resumes_a_carrier(tocsin: Run, database: Path) -> None:
    """Every worker finds the order, and the audit who gave it."""
    write_carrier("http://127.0.0.1:1")
    result = tocsin("carrier", "resume", "main")

    assert result.status == 0
    assert "use main again" in result.out
    with closing(sqlite3.connect(database)) as connection:
        orders = connection.execute("SELECT carrier FROM carrier_resumes").fetchall()
        entries = connection.execute("SELECT action, subject FROM audit").fetchall()
    assert orders == [("main",)]
    assert entries == [("carrier.resume", "carrier:main")]


def test_a_carrier_that_is_not_there_is_a_sentence(tocsin: Run, database: Path) -> None:
    """With the names there are; nothing is ordered."""
    write_carrier("http://127.0.0.1:1")
    result = tocsin("carrier", "resume", "mian")

    assert result.status == 1
    assert "no carrier 'mian'" in result.err
    assert "there are: main" in result.err
