"""An empty database for each test, copied from one that was upgraded once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from tests.sqlite_files import upgraded_file
from tests.use_cases.warning.registry_world import AREAS
from tests.use_cases.warning.world import World

__all__ = ["folder", "inhabited", "upgraded_file", "world"]


@pytest.fixture
def world(upgraded_file: Path, tmp_path: Path) -> Iterator[World]:
    """Everything of public warning on an empty database."""
    url = f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'tocsin.db')}"
    with Database(url) as database:
        yield World(database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where registry files lie."""
    return tmp_path / "registry"


@pytest.fixture
def inhabited(world: World) -> World:
    """Three people: at a point, at two, and by a point and an area."""
    world.add_areas(*AREAS)
    world.register(1)
    world.register(2, places=[{"lon": 104.5, "lat": 11.5}, {"lon": 105.5, "lat": 11.5}])
    world.register(3, places=[{"lon": 104.25, "lat": 11.5}, {"area_code": "E"}])
    return world
