"""Files of a registry show what the database shows, whoever has them open."""

from __future__ import annotations

import fcntl
import multiprocessing
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from tests.use_cases.warning.registry_world import (
    AREAS,
    SHAPES,
    facts,
    files_of,
    names,
    truth,
)
from tests.use_cases.warning.world import START, World, an_area
from warning.people.subscribers import Status
from warning.registry import files as registry_files
from warning.registry.files import LOCK, RegistryFiles
from warning.registry.person_words import KNOWN
from warning.registry.registry import CurrentRegistry
from warning.registry.source import RegistrySource

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


def apply(world: World, verb: str, n: int, value: Any) -> None:
    if verb == "register":
        world.register(n, **value)
        return
    with world.database.unit_of_work() as uow:
        if verb == "status":
            uow.subscribers.set_status([n], str(value), now=START)
        else:
            uow.subscribers.erase(n, now=START)
        uow.commit()


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


def test_files_are_opened_and_not_written_while_they_are_current(
    inhabited: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Web processes only open what the worker keeps."""
    files_of(inhabited, folder).current()
    monkeypatch.setattr(RegistryFiles, "_written", None)
    files = files_of(inhabited, folder)
    assert facts(files.current()) == truth(inhabited)
    assert files.current() is files.current()


def test_a_change_is_followed_in_place(inhabited: World, folder: Path) -> None:
    """Every process that has the files open sees it, and no file is written anew."""
    first, second = files_of(inhabited, folder), files_of(inhabited, folder)
    theirs = second.current()
    before = names(folder)
    inhabited.set_status(1, Status.OPTED_OUT)
    assert first.current().revision == theirs.revision
    assert facts(theirs) == truth(inhabited)
    assert second.current() is theirs
    assert names(folder) == before | {"people-1.index.lock"}


def test_who_leaves_an_area_is_taken_off_its_list(
    inhabited: World, folder: Path
) -> None:
    """The list is written anew under the next number; the earlier one goes."""
    files = files_of(inhabited, folder)
    theirs = files_of(inhabited, folder).current()
    files.current()
    inhabited.register(3)
    assert facts(files.current()) == facts(theirs) == truth(inhabited)
    lists = {name for name in names(folder) if "by-area" in name}
    assert lists == {"people-1.by-area-2"}


@pytest.mark.parametrize(
    "happens",
    [
        lambda world: world.register(9, language="vi"),
        lambda world: world.add_areas(an_area("N", 106.0)),
    ],
    ids=["a language without a number", "an import of areas"],
)
def test_what_cannot_be_followed_makes_a_new_generation(
    inhabited: World, folder: Path, happens: Callable[[World], object]
) -> None:
    """Whoever has the old files open keeps what they showed; they are swept away."""
    files = files_of(inhabited, folder)
    old = files.current()
    before = facts(old)
    happens(inhabited)
    assert facts(files.current()) == truth(inhabited)
    assert facts(old) == before
    assert {name for name in names(folder) if "people-1." in name} == set()


def test_while_another_process_writes_counts_go_on_and_approvals_wait(
    inhabited: World, folder: Path
) -> None:
    """A count may be of a moment ago; who is warned is decided by the database."""
    files = files_of(inhabited, folder)
    current = CurrentRegistry(
        read_revision=RegistrySource(inhabited.read).revision,
        build=files.current,
        try_build=files.try_current,
    )
    before = current()
    of_before = facts(before)
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        inhabited.register(4)
        assert facts(current.while_drawing()) == of_before
        with ThreadPoolExecutor(1) as pool:
            approval = pool.submit(lambda: facts(current()))
            assert facts(before) == of_before
            assert not approval.done()
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert approval.result() == truth(inhabited)
    assert facts(current.while_drawing()) == truth(inhabited)


def test_a_process_that_hangs_with_the_lock_does_not_hold_up_a_warning(
    inhabited: World,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Waited for as long as any registry takes; then it is kept in memory."""
    monkeypatch.setattr(registry_files, "LOCK_TIMEOUT_S", 0.02)
    folder.mkdir()
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        registry = files_of(inhabited, folder).current()
    assert facts(registry) == truth(inhabited)
    assert "has held" in caplog.text


def test_without_a_folder_the_registry_is_kept_in_memory(
    inhabited: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full or read-only disk must not hold up a warning."""
    folder.write_text("a file where the folder should be")
    files = files_of(inhabited, folder)
    for asked in (files.current, files.try_current):
        registry = asked()
        assert registry is not None
        assert facts(registry) == truth(inhabited)
    assert "cannot be written" in caplog.text


def ask_again_and_again(url: str, folder: Path, done: Event, asked: Queue[int]) -> None:
    """A process that reads: everybody is always somewhere in the two provinces."""
    with Database(url) as database:
        source = RegistrySource(database.read_only)
        files = RegistryFiles(folder, source, database=lambda: "this one")
        registry = files.current()
    n = 0
    while not done.is_set() or not n:
        inside = registry.select(SHAPES[2])
        counted = registry.count(SHAPES[2])
        if inside.ids.tolist() != list(range(1, 41)) or counted.n != 40:
            n = -1_000_000
        if sum(counted.by_area.values()) != 40 or (KNOWN.of(inside.words) == 0).any():
            n = -1_000_000
        n += 1
        asked.put(n)


def test_two_processes_read_while_a_third_moves_people(
    world: World, folder: Path
) -> None:
    """Nobody is missed in the moment in which they move, however they are known."""
    spots = [
        [{"lon": 104.5, "lat": 11.5}],
        [{"lon": 105.5, "lat": 11.5}, {"lon": 104.1, "lat": 11.5}],
        [{"area_code": "E"}],
        [{"area_code": "W"}, {"lon": 105.5, "lat": 11.9}],
    ]
    world.add_areas(*AREAS)
    for n in range(1, 41):
        world.register(n)
    files = files_of(world, folder)
    files.current()
    context = multiprocessing.get_context("spawn")
    done, asked = context.Event(), context.Queue()
    url = f"sqlite:///{folder.parent / 'tocsin.db'}"
    readers = [
        context.Process(target=ask_again_and_again, args=(url, folder, done, asked))
        for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    assert asked.get(timeout=60) == 1
    for turn in range(60):
        world.register(1 + turn % 40, places=spots[turn % 4])
        files.current()
    done.set()
    answers = [asked.get(timeout=60)]
    for reader in readers:
        reader.join(timeout=60)
        assert reader.exitcode == 0
    while not asked.empty():
        answers.append(asked.get())
    assert min(answers) > 0
    assert facts(files_of(world, folder).current()) == truth(world)
    assert "people-2.words" not in names(folder)
