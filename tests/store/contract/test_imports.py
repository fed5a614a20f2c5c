"""How far files of people are, asked of any process that shares the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from store.database import Database
from tests.store.rows import NOW, after
from warning.people.import_book import (
    N_KEPT,
    REMEMBERED,
    SILENCE,
    FileImport,
    ImportBook,
    outcome_of,
)
from warning.people.registration import ImportReport
from warning.people.subscriber_batches import Note, Rejected

REPORT = ImportReport(
    read=500,
    added=1,
    updated=2,
    places=3,
    rejected=[Rejected(n, "phone", "Not a phone number.", "x") for n in range(250)],
    notes=[Note(7, "", "ទីកន្លែង", "y")],
)


class Process:
    """One of several that share a database."""

    def __init__(self, database: Database) -> None:
        self.now: datetime = NOW
        self.book = ImportBook(
            new_uow=database.unit_of_work,
            read_uow=database.read_only,
            now=lambda: self.now,
        )

    def begin(self) -> FileImport | None:
        return self.book.begin(name="a.csv", is_dry=True, by="anna", n_bytes=100)


@pytest.fixture
def one(database: Database) -> Process:
    return Process(database)


@pytest.fixture
def other(database: Database) -> Process:
    return Process(database)


def test_another_process_knows_how_far_a_file_is(one: Process, other: Process) -> None:
    """What one reads the other can tell; and begins with no second file meanwhile."""
    begun = one.begin()
    assert begun is not None
    noted = one.book.note(begun, 1_000, 50)

    assert other.book.find(begun.number) == noted
    assert noted.percent == 50
    assert other.begin() is None

    done = one.book.finish(begun, REPORT)
    found = other.book.find(begun.number)
    assert found == replace(done, outcome=outcome_of(REPORT))
    assert found is not None
    assert found.outcome is not None
    assert (found.outcome.n_rejected, len(found.outcome.rejected)) == (250, N_KEPT)
    assert other.begin() is not None


def test_a_process_that_died_holds_up_nobody(one: Process, other: Process) -> None:
    """After a minute without a sign of life its file counts as cut off."""
    begun = one.begin()
    assert begun is not None
    other.now = after(seconds=SILENCE.total_seconds() + 1)

    assert begun.is_cut_off(other.now)
    second = other.begin()
    assert second is not None
    assert second.number > begun.number


def test_why_a_file_was_refused_is_kept_for_a_week(one: Process) -> None:
    """Then it is forgotten with the next one."""
    begun = one.begin()
    assert begun is not None
    one.book.fail(begun, "There is no line below the header.", is_refused=True)
    found = one.book.find(begun.number)
    assert found is not None
    assert (found.is_over, found.is_refused) == (True, True)

    one.now = NOW + REMEMBERED + timedelta(seconds=1)
    one.begin()
    assert one.book.find(begun.number) is None
