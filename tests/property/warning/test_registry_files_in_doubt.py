"""Torn, old and foreign files of a registry, and those a crash left, are not used."""

from __future__ import annotations

import json
import pkgutil
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from geofence import PointIndex
from store.database import Database
from tests.use_cases.warning.registry_world import (
    AREAS,
    SHAPES,
    facts,
    files_of,
    names,
    truth,
)
from tests.use_cases.warning.world import World
from warning.registry.build import move
from warning.registry.errors import TornRegistryError
from warning.registry.manifest import _checksum
from warning.registry.registry import CurrentRegistry
from warning.registry.source import RegistrySource


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def cut(path: Path, n: int) -> None:
    path.write_bytes(path.read_bytes()[:n])


def rewrite(path: Path, **changes: object) -> None:
    """A manifest that is whole, and says something else."""
    fields = json.loads(path.read_bytes()) | changes
    del fields["checksum"]
    path.write_text(json.dumps(fields | {"checksum": _checksum(fields)}))


def swap_places(folder: Path) -> None:
    """An index that is whole, and of another state of the database."""
    index = PointIndex.build([1], [104.5], [11.5], revision=1)
    index.save(folder / "people-1.index")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a word": lambda f: flip(f / "people-1.words", 512 + 4),
    "the header of the words": lambda f: flip(f / "people-1.words", 3 * 8),
    "a change of words half done": lambda f: flip(f / "people-1.words", 8),
    "words cut short": lambda f: cut(f / "people-1.words", 70_000),
    "words cut within the header": lambda f: cut(f / "people-1.words", 100),
    "something else for words": lambda f: flip(f / "people-1.words", 0),
    "no words": lambda f: (f / "people-1.words").unlink(),
    "a place": lambda f: flip(f / "people-1.index", 512 + 1),
    "an index cut short": lambda f: cut(f / "people-1.index", 3_000),
    "an index of another day": swap_places,
    "no index": lambda f: (f / "people-1.index").unlink(),
    "a list": lambda f: flip(f / "people-1.by-area-1", 200),
    "no list": lambda f: (f / "people-1.by-area-1").unlink(),
    "a manifest": lambda f: flip(f / "registry.json", 20),
    "half a manifest": lambda f: cut(f / "registry.json", 40),
    "a manifest of text": lambda f: (f / "registry.json").write_text('"text"'),
    "an old format": lambda f: rewrite(f / "registry.json", format=0),
    "another layout": lambda f: rewrite(f / "registry.json", layout="of old"),
    "another database": lambda f: rewrite(f / "registry.json", database="that one"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_in_doubt_is_rebuilt_aloud(
    inhabited: World,
    folder: Path,
    damage: Callable[[Path], object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Torn, old and foreign files are never used, and the log says why."""
    files_of(inhabited, folder).current()
    damage(folder)
    assert facts(files_of(inhabited, folder).current()) == truth(inhabited)
    (said,) = [r for r in caplog.records if r.getMessage() == "registry is rebuilt"]
    assert vars(said)["reason"]
    assert "people-2.words" in names(folder)


def test_files_ahead_of_the_database_are_rebuilt(
    inhabited: World, folder: Path, upgraded_file: Path, tmp_path: Path
) -> None:
    """The database was restored from a backup: it alone decides."""
    files_of(inhabited, folder).current()
    with Database(
        f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'b.db')}"
    ) as older:
        world = World(older)
        world.add_areas(*AREAS)
        world.register(1)
        assert facts(files_of(world, folder).current()) == truth(world)


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "step",
    [
        "geofence.PointIndex.save",
        "warning.registry.files.write_by_area",
        "warning.registry.files.WordFile.create",
        "warning.registry.files.Manifest.write",
        "warning.registry.files.RegistryFiles._sweep",
        "warning.registry.shared.write_by_area",
        "warning.registry.shared.WordFile.put",
        "warning.registry.shared.move",
        "geofence.PointIndex.remove",
        "geofence.PointIndex.upsert",
        "geofence.PointIndex.close",
    ],
)
@pytest.mark.parametrize("language", ["en", "vi"], ids=["patch", "rebuild"])
def test_a_crash_leaves_the_old_state_or_the_new_or_none(
    inhabited: World,
    folder: Path,
    step: str,
    language: str,
    *,
    is_done: bool,
) -> None:
    """Whoever has the files open, and whoever opens them next, is never misled."""
    theirs = files_of(inhabited, folder).current()
    old = facts(theirs)
    inhabited.register(3, language=language)
    with pytest.MonkeyPatch.context() as patch, suppress(Crash):
        patch.setattr(step, crashing(pkgutil.resolve_name(step), is_done=is_done))
        files_of(inhabited, folder).current()
    new = truth(inhabited)
    assert not theirs.is_whole or facts(theirs) in (old, new)
    assert facts(files_of(inhabited, folder).current()) == new
    assert not [name for name in names(folder) if name.startswith(".")]


def crashing(step: Callable[..., object], *, is_done: bool) -> Callable[..., object]:
    """The step, and the end of the process before or after it."""

    def crash(*args: object, **options: object) -> object:
        if is_done:
            step(*args, **options)
        raise Crash

    return staticmethod(crash) if step.__name__ == "create" else crash


def test_a_spoilt_registry_is_replaced_for_everybody(
    inhabited: World, folder: Path
) -> None:
    """Also for those who hold it, and only want a count of a moment ago."""
    files = files_of(inhabited, folder)
    current = CurrentRegistry(
        read_revision=RegistrySource(inhabited.read).revision, build=files.current
    )
    spoilt = current()
    inhabited.register(1)
    with pytest.MonkeyPatch.context() as patch, suppress(Crash):
        patch.setattr("warning.registry.shared.move", crashing(move, is_done=False))
        files_of(inhabited, folder).current()
    assert not spoilt.is_whole
    with pytest.raises(TornRegistryError):
        spoilt.select(SHAPES[0])
    assert facts(current.while_drawing()) == facts(current.latest()) == truth(inhabited)
