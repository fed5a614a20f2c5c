"""SQLite files for tests: each is copied from one that was upgraded once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from store.database import Database


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of this release."""
    path = tmp_path_factory.mktemp("sqlite") / "upgraded.db"
    with Database(f"sqlite:///{path}") as database:
        database.upgrade()
    return path


def play(
    machine: Callable[[Database], RuleBasedStateMachine],
    upgraded_file: Path,
    folder: Path,
    *,
    n_examples: int,
    n_steps: int,
) -> None:
    """Play a state machine, each time on an empty database of its own."""
    numbers = itertools.count()

    def with_its_own() -> RuleBasedStateMachine:
        path = shutil.copy(upgraded_file, folder / f"{next(numbers)}.db")
        return machine(Database(f"sqlite:///{path}"))

    run_state_machine_as_test(
        with_its_own,
        settings=settings(
            max_examples=n_examples,
            stateful_step_count=n_steps,
            deadline=None,
            database=None,
        ),
    )
