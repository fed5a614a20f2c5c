"""One worker on one database, and what the second one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from ops.config.settings import Settings
from ops.errors import AlreadyRunningError
from ops.processes.single_instance import (
    database_file,
    require_no_worker,
    single_instance,
    single_worker,
)


def on(database: Path, data_dir: Path) -> Settings:
    return Settings(database_url=SecretStr(f"sqlite:///{database}"), data_dir=data_dir)


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    """What, which process, and what to do."""
    lock = tmp_path / "deep" / "x.lock"
    with (
        single_instance(lock, what="The demo"),
        pytest.raises(AlreadyRunningError) as caught,
        single_instance(lock, what="The demo"),
    ):
        pass

    message = str(caught.value)
    assert "The demo is already running" in message
    assert f"process {os.getpid()}" in message
    assert "TOCSIN_DATABASE_URL" in message


def test_free_again_afterwards(tmp_path: Path) -> None:
    """Also when the block failed; and the file names nobody then."""
    lock = tmp_path / "x.lock"
    with pytest.raises(KeyError), single_instance(lock, what="x"):
        {}["the block fails"]

    assert lock.read_text() == ""
    with single_instance(lock, what="x"):
        assert lock.read_text() == str(os.getpid())


def test_leavings_of_a_dead_process_are_no_obstacle(tmp_path: Path) -> None:
    """The lock counts, not what the file says."""
    lock = tmp_path / "x.lock"
    lock.write_text("99999999")

    with single_instance(lock, what="x"):
        pass


def test_the_database_decides_not_the_data_folder(tmp_path: Path) -> None:
    """Two data folders, one database: still one worker."""
    database = tmp_path / "tocsin.db"
    with (
        single_worker(on(database, tmp_path / "a")),
        pytest.raises(AlreadyRunningError),
        single_worker(on(database, tmp_path / "b")),
    ):
        pass


def test_looking_does_not_hold(tmp_path: Path) -> None:
    """Asking whether a worker runs leaves the place free."""
    settings = on(tmp_path / "tocsin.db", tmp_path)
    require_no_worker(settings)

    with single_worker(settings), pytest.raises(AlreadyRunningError):
        require_no_worker(settings)


def test_any_number_on_postgresql(tmp_path: Path) -> None:
    """There workers share the work; nothing is locked, nothing written."""
    settings = Settings(database_url=SecretStr("postgresql://h/x"), data_dir=tmp_path)
    with single_worker(settings), single_worker(settings):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/x.db", Path("var/x.db")),
        ("sqlite:////abs/x.db", Path("/abs/x.db")),
        ("sqlite:///x.db?timeout=5", Path("x.db")),
        ("postgresql://h/x", None),
    ],
)
def test_file_of_a_database(url: str, file: Path | None) -> None:
    """Read from the address."""
    assert database_file(Settings(database_url=SecretStr(url))) == file
