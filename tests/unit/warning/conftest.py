"""An empty database for each test, copied from one that was upgraded once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from tests.unit.warning.world import World


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of this release."""
    path = tmp_path_factory.mktemp("sqlite") / "upgraded.db"
    with Database(f"sqlite:///{path}") as database:
        database.upgrade()
    return path


@pytest.fixture
def world(upgraded_file: Path, tmp_path: Path) -> Iterator[World]:
    """Everything of public warning on an empty database."""
    url = f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'tocsin.db')}"
    with Database(url) as database:
        yield World(database)
