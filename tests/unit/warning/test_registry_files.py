"""Files of a registry show what the database shows, or they are not used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from store.database import Database
from tests.unit.warning.world import START, World, an_area
from warning.registry import Registry
from warning.registry_files import RegistryFiles
from warning.registry_source import RegistrySource
from warning.subscribers import Status

AREAS = [an_area("W", 104.0), an_area("E", 105.0)]
SHAPES = [
    box(104, 11, 105, 12),
    box(104.4, 11.4, 104.6, 11.6),
    box(103, 10, 107, 13),
    box(105, 11, 105.2, 12),
]

point = st.fixed_dictionaries(
    {
        "lon": st.sampled_from([104.0, 104.25, 104.5, 105.0, 105.75]),
        "lat": st.sampled_from([11.0, 11.5, 12.0]),
    }
)
by_area = st.fixed_dictionaries({"area_code": st.sampled_from(["W", "E", "unknown"])})
registered = st.fixed_dictionaries(
    {
        "places": st.lists(st.one_of(point, by_area), max_size=3),
        "language": st.sampled_from(["km", "en", "vi"]),
        "channels": st.integers(0, 3),
        "vulnerable": st.booleans(),
        "groups": st.sampled_from([(), ("drill",)]),
    }
)
who = st.integers(1, 12)
change = st.one_of(
    st.tuples(st.just("register"), who, registered),
    st.tuples(st.just("status"), who, st.sampled_from(list(Status)[:3])),
    st.tuples(st.just("erase"), who, st.none()),
)


def files_of(world: World, folder: Path) -> RegistryFiles:
    source = RegistrySource(world.read)
    return RegistryFiles(folder, source, database=lambda: "this one")


def apply(world: World, verb: str, n: int, value: object) -> None:
    if verb == "register":
        world.register(n, **value)  # type: ignore[arg-type]
        return
    with world.database.unit_of_work() as uow:
        if verb == "status":
            uow.subscribers.set_status([n], str(value), now=START)
        else:
            uow.subscribers.erase(n, now=START)
        uow.commit()


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


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(st.lists(change, max_size=5), min_size=1, max_size=5))
def test_files_that_follow_show_what_a_fresh_build_shows(
    batches: list[list[tuple[str, int, object]]],
    upgraded_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """After any changes, in the process that made them and in one that opens them."""
    folder = tmp_path_factory.mktemp("registry")
    url = f"sqlite:///{shutil.copy(upgraded_file, folder / 'tocsin.db')}"
    with Database(url) as database:
        world = World(database)
        world.add_areas(*AREAS)
        writer, reader = (files_of(world, folder / "registry") for _ in range(2))
        for batch in batches:
            for verb, n, value in batch:
                apply(world, verb, n, value)
            expected = truth(world)
            assert facts(writer.current()) == expected
            assert facts(reader.current()) == expected
        opened = files_of(world, folder / "registry").current()
        assert facts(opened) == truth(world)
