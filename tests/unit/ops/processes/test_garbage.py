"""How often a process looks for rings of objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ops.processes.garbage import collect_rarely


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process of the tests goes on as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_exists_is_not_looked_at_again() -> None:
    """And what comes after less often than Python would."""
    collect_rarely()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] > 700
    assert gc.isenabled()
