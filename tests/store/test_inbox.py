"""The inbox keeps callbacks beside the database, and nothing is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from store.database import Database
from store.dispatch.inbox import Inbox
from store.errors import StoreUnavailableError
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import AttemptId, CarrierEvent, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def event(number: int) -> CarrierEvent:
    return CarrierEvent(
        kind=EventKind.MESSAGE_STATUS,
        received_at=NOW,
        carrier="main",
        attempt_id=AttemptId(number),
        form=(("MessageStatus", "delivered"), ("Body", "ទឹក")),
        answers=("CONFIRMED",),
    )


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path / "inbox")
    yield inbox
    inbox.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'tocsin.db'}") as database:
        database.upgrade()
        yield database


def folded(database: Database) -> list[int | None]:
    with database.read_only() as uow:
        return [e.attempt_id for e in uow.events.unfolded(limit=1_000)]


def test_comes_back_as_it_went_in(inbox: Inbox) -> None:
    """Every field of a callback survives, whatever its script."""
    inbox.append([event(7)])
    [(_, back)] = inbox.after(0, limit=10)
    assert back.form == [("MessageStatus", "delivered"), ("Body", "ទឹក")]
    assert (back.kind, back.received_at, back.carrier, back.attempt_id) == (
        EventKind.MESSAGE_STATUS,
        NOW,
        "main",
        7,
    )
    assert list(back.answers) == ["CONFIRMED"]


def test_numbers_never_come_twice(inbox: Inbox) -> None:
    """A number is not used again after its callback is forgotten."""
    inbox.append([event(1), event(2)])
    numbers = [number for number, _ in inbox.after(0, limit=10)]
    inbox.forget(numbers[-1])
    inbox.append([event(3)])
    [(newer, _)] = inbox.after(0, limit=10)
    assert newer > numbers[-1]


def test_is_on_disk_for_another_process(tmp_path: Path, inbox: Inbox) -> None:
    """What was kept is seen by whoever opens the file."""
    inbox.append([event(1)])
    other = Inbox(tmp_path / "inbox")
    assert other.count_after(0) == 1
    other.close()


def test_says_what_to_do_when_it_cannot_write(tmp_path: Path) -> None:
    """A file that cannot be opened is told in a sentence."""
    inbox = Inbox(tmp_path / "no-such-folder" / "inbox")
    with pytest.raises(StoreUnavailableError, match="disk has room"):
        inbox.append([event(1)])


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    """A carrier that is told no sends again; a file that was spoilt is named."""
    (tmp_path / "inbox").write_bytes(b"not a database at all, whatever its name" * 99)
    inbox = Inbox(tmp_path / "inbox")
    with pytest.raises(StoreUnavailableError, match=r"inbox now .*whole SQLite"):
        inbox.append([event(1)])
    inbox.close()


def test_a_full_disk_keeps_nothing_and_goes_on_when_there_is_room(
    tmp_path: Path, inbox: Inbox
) -> None:
    """All of a batch or none of it, and no restart is needed."""
    inbox.append([event(1)])
    connection = inbox._connection
    assert connection is not None
    (n_pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {n_pages}")
    with pytest.raises(StoreUnavailableError, match="full"):
        inbox.append([event(n) for n in range(1_000)])
    assert inbox.count_after(0) == 1
    connection.execute("PRAGMA max_page_count = 100000")
    inbox.append([event(n) for n in range(1_000)])
    assert inbox.count_after(0) == 1_001


def test_moves_in_order_and_once(database: Database) -> None:
    """Collecting moves the oldest first, and each callback once."""
    database.keep_callbacks([event(n) for n in range(5)])
    assert database.collect_callbacks(limit=3) == 3
    assert database.collect_callbacks(limit=3) == 2
    assert database.collect_callbacks(limit=3) == 0
    assert folded(database) == [0, 1, 2, 3, 4]


def test_crash_before_forgetting_moves_nothing_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill between moving and forgetting leaves rows behind that stay behind."""
    database.keep_callbacks([event(1)])
    with monkeypatch.context() as patched:
        patched.setattr(Inbox, "forget", lambda *_: None)
        database.collect_callbacks()
    assert database.collect_callbacks() == 0
    database.keep_callbacks([event(2)])
    assert database.collect_callbacks() == 1
    assert folded(database) == [1, 2]


def test_crash_before_committing_moves_everything_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is forgotten before the rows are there."""
    database.keep_callbacks([event(1), event(2)])
    with monkeypatch.context() as patched:
        patched.setattr(SqlUnitOfWork, "commit", _killed)
        with pytest.raises(KeyboardInterrupt):
            database.collect_callbacks()
    assert folded(database) == []
    assert database.collect_callbacks() == 2
    assert folded(database) == [1, 2]


def _killed(_: SqlUnitOfWork) -> None:
    raise KeyboardInterrupt


def test_counts_what_waits_on_both_sides(database: Database) -> None:
    """Callbacks wait whether they have been moved or not."""
    database.keep_callbacks([event(1), event(2), event(3)])
    database.collect_callbacks(limit=1)
    assert database.n_callbacks_waiting() == 3


def test_keeping_does_not_wait_for_a_writer(database: Database) -> None:
    """A long transaction of the worker does not hold up a callback."""
    with database.unit_of_work() as uow:
        uow.subscribers.set_status([1], "active", now=NOW)
        database.keep_callbacks([event(1)])
    assert database.n_callbacks_waiting() == 1
