"""What the tests of registry files share: a small land, and everything one may ask."""

from __future__ import annotations

from pathlib import Path

from shapely import box

from tests.use_cases.warning.world import World, an_area
from warning.registry.files import RegistryFiles
from warning.registry.registry import Registry
from warning.registry.source import RegistrySource

AREAS = [an_area("W", 104.0), an_area("E", 105.0)]
SHAPES = [
    box(104, 11, 105, 12),
    box(104.4, 11.4, 104.6, 11.6),
    box(103, 10, 107, 13),
    box(105, 11, 105.2, 12),
]


def files_of(world: World, folder: Path) -> RegistryFiles:
    source = RegistrySource(world.read)
    return RegistryFiles(folder, source, database=lambda: "this one")


def facts(registry: Registry) -> list[object]:
    """Everything that anybody may ask, with languages and areas by name."""
    told: list[object] = [registry.revision, registry.n_people, registry.n_unplaced]
    for shape in SHAPES:
        inside = registry.select(shape)
        told += [inside.ids.tolist(), registry.area_of(inside.ids)]
        for is_drill in (False, True):
            listed = registry.counts(inside, is_drill=is_drill)
            counted = registry.count(shape, is_drill=is_drill)
            for counts in (listed, counted):
                told += [counts.n, counts.by_language, counts.by_area]
                told += [counts.by_channel, counts.excluded]
    return told


def truth(world: World) -> list[object]:
    return facts(RegistrySource(world.read).build())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
