"""Saved indexes are shared, patched, replaced whole, and never trusted when torn."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from geofence import PointIndex
from geofence.errors import (
    ForeignIndexError,
    IndexLockedError,
    OldIndexError,
    TornIndexError,
)
from geofence.pages import FORMAT, HEADER_BYTES, VERSION
from tests.unit.geofence.brute_force import population

WORLD = box(-180, -90, 180, 90)
ROOT = Path(__file__).parents[3]
N = 3_000


@pytest.fixture
def path(tmp_path):
    """A saved index of three thousand people."""
    lon, lat = population(N, seed=8)
    file = tmp_path / "points.index"
    PointIndex.build(np.arange(N), lon, lat, revision=7).save(file)
    return file


def flip(path, at):
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


@pytest.mark.parametrize("share", np.linspace(0, 0.9999, 23).tolist())
def test_one_wrong_byte_anywhere_is_detected(path, share):
    """Header, points or tree: a corrupted file is never opened."""
    flip(path, int(path.stat().st_size * share))
    with pytest.raises((TornIndexError, ForeignIndexError, OldIndexError)):
        PointIndex.open(path)


@pytest.mark.parametrize("size", [0, 4, 100, HEADER_BYTES, HEADER_BYTES + 1, -1])
def test_a_truncated_file_is_detected(path, size):
    """A file that ends too early is torn."""
    data = path.read_bytes()
    path.write_bytes(data[:size])
    with pytest.raises(TornIndexError, match="Rebuild"):
        PointIndex.open(path)


def test_foreign_and_old_files_are_refused(path):
    """Something else is foreign; another format version is old."""
    words = np.fromfile(path, dtype=np.int64)
    words[FORMAT] += 1
    words.tofile(path)
    with pytest.raises(OldIndexError, match="format 2"):
        PointIndex.open(path)
    path.write_text("phone,language\n" * 100)
    with pytest.raises(ForeignIndexError):
        PointIndex.open(path)
    with pytest.raises(FileNotFoundError):
        PointIndex.open(path.with_name("nothing"))


def test_a_change_that_was_not_finished_is_detected(path):
    """A writer killed in the middle of a change leaves a torn index."""
    reader = PointIndex.open(path)
    reader._snapshot.store.header[VERSION] += 1
    with pytest.raises(TornIndexError, match="not finished"):
        PointIndex.open(path)
    with pytest.raises(TornIndexError, match="not finished"):
        reader.count(WORLD)
    with pytest.raises(TornIndexError, match="not finished"):
        reader.remove([1])


def test_readers_see_the_changes_of_the_writer_at_once(path):
    """Two opened indexes and a writer share one copy."""
    one, two, writer = (PointIndex.open(path) for _ in range(3))
    writer.upsert([1, N + 5], [0.5, 0.6], [0.5, 0.6], revision=8)
    for reader in (one, two):
        assert sorted(reader.inside(box(0, 0, 1, 1))) == [1, N + 5]
        assert reader.revision == 8
        assert len(reader) == N + 1
    writer.close()
    assert PointIndex.open(path).count(WORLD) == N + 1


def test_only_one_may_write(path):
    """A second writer is refused until the first gives up the right."""
    one, two = PointIndex.open(path), PointIndex.open(path)
    one.upsert([1], [0.5], [0.5])
    with pytest.raises(IndexLockedError):
        two.upsert([2], [0.5], [0.5])
    with pytest.raises(IndexLockedError):
        PointIndex.build([1], [0], [0]).save(path)
    one.close()
    two.remove([1])
    assert one.count(WORLD) == N - 1


def test_readers_follow_a_file_that_was_rebuilt(path):
    """After a rebuild the next question is answered from the new file."""
    reader = PointIndex.open(path)
    PointIndex.build([1, 2], [0.5, 0.6], [0.5, 0.6], revision=9).save(path)
    assert reader.count(WORLD) == 2
    assert reader.revision == 9


def test_readers_keep_the_old_index_while_the_new_one_is_unusable(path):
    """A torn or missing replacement does not stop the answers."""
    reader = PointIndex.open(path)
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[:-5])
    other.replace(path)
    assert reader.count(WORLD) == N
    path.unlink()
    assert reader.count(WORLD) == N


def test_growing_a_saved_index_replaces_its_file(path):
    """When the free slots are used up the file is packed anew, and readers follow."""
    reader, writer = PointIndex.open(path), PointIndex.open(path)
    more = np.arange(N, 2 * N)
    writer.upsert(more, np.full(N, 0.5), np.full(N, 0.5), revision=10)
    assert reader.count(WORLD) == 2 * N
    writer.remove(more)
    writer.repack()
    assert reader.count(WORLD) == N
    assert reader.revision == 10


def test_a_file_that_may_only_be_read_can_be_read(path):
    """Readers need no right to write."""
    snapshot = PointIndex.open(path)._snapshot
    assert snapshot.block.flags.writeable
    readonly = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    assert not readonly.flags.writeable
    assert len(readonly) == snapshot.layout.n_bytes


def test_a_save_that_fails_leaves_the_old_file(path, monkeypatch):
    """A full disk leaves the old index and no remains."""
    index = PointIndex.open(path)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geofence.snapshot._write_whole", full_disk)
    with pytest.raises(OSError, match="space"):
        index.save(path)
    monkeypatch.undo()
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "points.index",
        "points.index.lock",
    ]
    assert PointIndex.open(path).count(WORLD) == N


def test_questions_during_changes_are_answered_from_whole_states(path):
    """While pairs move together, no reader ever sees half of a move."""
    writer, reader = PointIndex.open(path), PointIndex.open(path)
    couple = np.arange(500)
    left, right = box(0, 0, 1, 1), box(10, 0, 11, 1)
    writer.upsert(couple, np.full(500, 0.5), np.full(500, 0.5))
    seen, done = set(), threading.Event()

    def watch():
        while not done.is_set():
            seen.update(reader.count_many([left, right]).tolist())

    thread = threading.Thread(target=watch)
    thread.start()
    for turn in range(40):
        lon = 10.5 if turn % 2 else 0.5
        writer.upsert(couple, np.full(500, lon), np.full(500, 0.5))
    done.set()
    thread.join()
    assert seen <= {0, 500}


READER = """
import sys
from shapely.geometry import box
from geofence import PointIndex
index = PointIndex.open(sys.argv[1])
for line in sys.stdin:
    print(index.count(box(0, 0, 1, 1)), index.revision, flush=True)
"""


def test_two_processes_share_one_index_while_a_third_patches_it(path):
    """Readers in other processes see each change of the writer, without reopening."""
    command = [sys.executable, "-c", READER, str(path)]
    readers = [
        subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(2)
    ]
    try:
        writer = PointIndex.open(path)
        for turn in range(1, 4):
            some = np.arange(turn * 10)
            writer.upsert(some, some * 0.01, some * 0.01, revision=100 + turn)
            for reader in readers:
                reader.stdin.write("ask\n")
                reader.stdin.flush()
                answer = reader.stdout.readline().split()
                assert answer == [str(turn * 10), str(100 + turn)]
    finally:
        for reader in readers:
            reader.communicate()
