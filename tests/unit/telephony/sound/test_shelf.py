"""Sounds in folders: found by name, kept or swept away."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telephony.sound.shelf import Shelf

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
NEW, OLD = "a" * 64, "b" * 64


def put_at(shelf: Shelf, name: str, at: datetime) -> Path:
    """A sound that lies there since a time."""
    shelf.put(name, b"RIFF")
    path = shelf.find(name)
    assert path is not None
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_what_is_old_is_swept_away_and_the_rest_left(tmp_path: Path) -> None:
    """What somebody is listening to now is not taken from under them."""
    shelf = Shelf(tmp_path / "takes")
    put_at(shelf, NEW, NOW - timedelta(minutes=5))
    put_at(shelf, OLD, NOW - timedelta(hours=2))
    assert shelf.sweep(NOW - timedelta(hours=1)) == 1
    assert (shelf.find(NEW) is None, shelf.find(OLD) is None) == (False, True)


def test_a_folder_that_was_never_made_needs_no_sweeping(tmp_path: Path) -> None:
    """Nobody has spoken anything yet."""
    shelf = Shelf(tmp_path / "takes")
    assert shelf.sweep(NOW) == 0
    assert not (tmp_path / "takes").exists()


def test_what_lies_behind_is_found_and_not_swept(tmp_path: Path) -> None:
    """A take is played like any sound; what is kept stays when takes go."""
    takes = Shelf(tmp_path / "takes")
    shelf = Shelf(tmp_path / "recordings", behind=takes)
    take = put_at(takes, OLD, NOW - timedelta(hours=2))
    assert shelf.find(OLD) == take
    shelf.put(OLD, b"RIFF")
    assert takes.sweep(NOW) == 1
    kept = shelf.find(OLD)
    assert kept == tmp_path / "recordings" / f"{OLD}.wav"
