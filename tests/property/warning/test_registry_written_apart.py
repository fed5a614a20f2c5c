"""A process that lets another write shows what that one wrote, or writes after all."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.use_cases.warning.registry_world import facts, files_of, truth
from tests.use_cases.warning.world import World
from warning.registry.files import RegistryFiles


class Writer:
    """Brings the files up to date as another process would; counts how often."""

    def __init__(self, files: RegistryFiles, *, works: bool = True) -> None:
        self._files = files
        self._works = works
        self.n_asked = 0

    def __call__(self) -> bool:
        self.n_asked += 1
        if self._works:
            self._files.current()
        return self._works


def test_what_another_wrote_is_opened(inhabited: World, folder: Path) -> None:
    """Built at first, patched later; not asked for while nobody changes."""
    writer = Writer(files_of(inhabited, folder))
    files = files_of(inhabited, folder)
    files.write_apart(writer)

    assert facts(files.current()) == truth(inhabited)
    inhabited.register(3, language="en")
    assert facts(files.current()) == truth(inhabited)
    files.current()
    assert writer.n_asked == 2


@pytest.mark.parametrize("lie", [False, True])
def test_who_is_let_down_writes(
    inhabited: World, folder: Path, caplog: pytest.LogCaptureFixture, *, lie: bool
) -> None:
    """Whether the other one says that it failed or only did nothing."""
    files = files_of(inhabited, folder)
    files.write_apart(lambda: lie)
    with caplog.at_level(logging.WARNING):
        assert facts(files.current()) == truth(inhabited)
    assert "registry was not written apart; it is written here" in caplog.messages
