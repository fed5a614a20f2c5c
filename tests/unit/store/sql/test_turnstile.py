"""The lock between processes that lets them in turn by turn."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import StoreUnavailableError
from store.sql.turnstile import Turnstile

Pair = tuple[Turnstile, Turnstile]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pair]:
    """Two processes' turnstiles: locks of one file opened twice exclude each other."""
    pair = Turnstile(tmp_path / "tocsin.db"), Turnstile(tmp_path / "tocsin.db")
    yield pair
    for turnstile in pair:
        turnstile.close()


def is_taken(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def wait_until_taken(path: Path) -> None:
    while not is_taken(path):
        threading.Event().wait(0.001)


def test_one_process_writes_at_a_time(two: Pair, tmp_path: Path) -> None:
    """Who comes second waits until the first lets go, and then has it."""
    first, second = two
    first.acquire()
    waiting = threading.Thread(target=second.acquire)
    waiting.start()
    wait_until_taken(tmp_path / "tocsin.db-gate")
    assert waiting.is_alive()
    first.release()
    waiting.join()
    assert is_taken(tmp_path / "tocsin.db-writer")
    second.release()
    assert not is_taken(tmp_path / "tocsin.db-writer")


def test_whoever_has_just_written_queues_behind_who_waits(
    two: Pair, tmp_path: Path
) -> None:
    """A process that writes without a pause does not starve the other."""
    busy, patient = two
    order: list[str] = []

    def write_once(turnstile: Turnstile, name: str) -> None:
        turnstile.acquire()
        order.append(name)
        turnstile.release()

    busy.acquire()
    waiting = threading.Thread(target=write_once, args=(patient, "patient"))
    waiting.start()
    wait_until_taken(tmp_path / "tocsin.db-gate")
    busy.release()
    write_once(busy, "busy")
    waiting.join()
    assert order == ["patient", "busy"]


def test_a_process_that_hangs_does_not_hang_the_others(tmp_path: Path) -> None:
    """They are told who holds what, and whoever comes later may try as well."""
    hanging, other = (
        Turnstile(tmp_path / "tocsin.db", timeout_s=0.02) for _ in range(2)
    )
    hanging.acquire()
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match=r"tocsin\.db-writer"):
            other.acquire()
        assert not is_taken(tmp_path / "tocsin.db-gate")
    hanging.release()
    other.acquire()
    other.release()
    for turnstile in (hanging, other):
        turnstile.close()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    """What cannot be locked cannot be written."""
    turnstile = Turnstile(tmp_path / "none" / "tocsin.db")
    with pytest.raises(StoreUnavailableError, match="none"):
        turnstile.acquire()


def test_it_can_be_used_again_after_closing(tmp_path: Path) -> None:
    """Closing lets go of files, not of the right to write."""
    turnstile = Turnstile(tmp_path / "tocsin.db")
    for _ in range(2):
        turnstile.acquire()
        turnstile.release()
        turnstile.close()
        turnstile.close()
