"""A callback is answered when it is on disk, and never before."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from telephony.callbacks.group_commit import GroupCommit
from telephony.delivery import AttemptId, CarrierEvent, EventKind
from telephony.errors import CallbackNotKeptError
from tests.unit.telephony.virtual_time import START


def event(n: int) -> CarrierEvent:
    return CarrierEvent(
        kind=EventKind.MESSAGE_STATUS,
        received_at=START,
        carrier="main",
        attempt_id=AttemptId(n),
        form=(),
    )


class Disk:
    """Where callbacks are kept; can refuse some, all, or hang until told."""

    def __init__(self) -> None:
        self.commits: list[list[int]] = []
        self.refused: set[int] = set()
        self.is_broken = False
        self.may_write = threading.Event()
        self.may_write.set()
        self.is_writing = threading.Event()

    def keep(self, events: Sequence[CarrierEvent]) -> None:
        numbers = [int(one.attempt_id or 0) for one in events]
        self.is_writing.set()
        assert self.may_write.wait(10)
        if self.is_broken or self.refused & set(numbers):
            raise OSError("no room")
        self.commits.append(numbers)

    @property
    def kept(self) -> list[int]:
        return sorted(n for commit in self.commits for n in commit)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def requests() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def gather(
    disk: Disk, commit: GroupCommit, requests: ThreadPoolExecutor, n_behind: int
) -> list[object]:
    """Hold the disk with event 0 until the others wait behind it; their outcomes."""
    disk.may_write.clear()
    futures = [requests.submit(commit.keep, event(0))]
    assert disk.is_writing.wait(10)
    futures += [requests.submit(commit.keep, event(n)) for n in range(1, n_behind + 1)]
    with commit._changed:
        assert commit._changed.wait_for(lambda: len(commit._waiting) == n_behind, 10)
    disk.may_write.set()
    return [future.exception(10) for future in futures]


def test_an_event_is_on_disk_when_keep_returns(disk: Disk) -> None:
    """Nothing is promised that a crash could take back."""
    commit = GroupCommit(disk.keep)
    commit.keep(event(1))
    assert disk.kept == [1]
    commit.close()


def test_what_gathers_meanwhile_is_one_commit(
    disk: Disk, requests: ThreadPoolExecutor
) -> None:
    """While one commit runs the next one fills, up to its size."""
    commit = GroupCommit(disk.keep, max_batch=4)
    assert gather(disk, commit, requests, 5) == [None] * 6
    assert [len(numbers) for numbers in disk.commits] == [1, 4, 1]
    commit.close()


def test_one_that_cannot_be_written_does_not_harm_the_others(
    disk: Disk, requests: ThreadPoolExecutor
) -> None:
    """Its carrier is told so; those it shared a commit with are kept."""
    commit = GroupCommit(disk.keep)
    disk.refused = {2}
    outcomes = gather(disk, commit, requests, 4)
    assert [isinstance(outcome, CallbackNotKeptError) for outcome in outcomes] == [
        n == 2 for n in range(5)
    ]
    assert disk.kept == [0, 1, 3, 4]
    commit.close()


def test_a_database_that_refuses_is_told_to_everybody(
    disk: Disk, requests: ThreadPoolExecutor
) -> None:
    """Nobody is answered 2xx; and when it is back, so is the service."""
    commit = GroupCommit(disk.keep)
    disk.is_broken = True
    outcomes = gather(disk, commit, requests, 3)
    assert all(isinstance(outcome, CallbackNotKeptError) for outcome in outcomes)
    assert len({id(outcome) for outcome in outcomes}) == 4
    disk.is_broken = False
    commit.keep(event(7))
    assert disk.kept == [7]
    commit.close()


def test_a_database_that_hangs_is_not_waited_for(
    disk: Disk, requests: ThreadPoolExecutor
) -> None:
    """The request ends in time, and what nobody waits for is forgotten."""
    commit = GroupCommit(disk.keep, timeout_s=0.01)
    disk.may_write.clear()
    held = requests.submit(commit.keep, event(0))
    assert disk.is_writing.wait(10)
    with pytest.raises(CallbackNotKeptError, match="within"):
        commit.keep(event(1))
    assert not commit._waiting
    assert isinstance(held.exception(10), CallbackNotKeptError)
    commit.close()
    disk.may_write.set()
    assert commit._thread is not None
    commit._thread.join(10)
    # Taken down after all: twice is harmless, never is not.
    assert disk.kept == [0]


def test_a_service_that_stops_takes_nothing_more(disk: Disk) -> None:
    """What came before is kept; what comes now is for the carrier to bring again."""
    commit = GroupCommit(disk.keep)
    commit.keep(event(1))
    commit.close()
    commit.close()
    with pytest.raises(CallbackNotKeptError, match="stopping"):
        commit.keep(event(2))
    assert disk.kept == [1]


def test_closing_what_never_began_is_harmless(disk: Disk) -> None:
    """No thread before the first event: the server forks after building the app."""
    commit = GroupCommit(disk.keep)
    assert commit._thread is None
    commit.close()


def test_a_writer_that_died_is_replaced(disk: Disk) -> None:
    """One accident in the thread must not silence every callback after it."""
    commit = GroupCommit(disk.keep)
    dead = threading.Thread(target=lambda: None)
    dead.start()
    dead.join()
    commit._thread = dead
    commit.keep(event(1))
    assert disk.kept == [1]
    commit.close()
