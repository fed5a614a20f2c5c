"""Who is inside is known whatever becomes of the process that is asked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from shapely import Polygon, box

from geofence import PointIndex
from geofence.errors import GeofenceError
from ops.processes import geofence_process
from ops.processes.geofence_process import GeofenceProcess

AREA = box(0.0, 0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people inside the area, one outside."""
    path = tmp_path_factory.mktemp("points") / "people.index"
    PointIndex.build([7, 8, 9], [0.5, 1.0, 3.0], [0.5, 1.0, 3.0]).save(path)
    return path


@pytest.fixture(scope="module")
def process() -> Iterator[GeofenceProcess]:
    """One child for all: it takes a second to start."""
    with GeofenceProcess() as process:
        yield process


def inside(points: PointIndex) -> list[int]:
    return sorted(points.inside(AREA).tolist())


def test_it_answers_as_the_index_itself(process: GeofenceProcess, file: Path) -> None:
    """By ids, the boundary included."""
    assert process.inside(file, AREA) is not None
    assert inside(process.open(file)) == inside(PointIndex.open(file)) == [7, 8]


def resident_kib(path: Path) -> int:
    """KiB of a mapped file that are part of this process."""
    maps = Path("/proc/self/smaps").read_text(encoding="ascii").split("VmFlags")
    ours = (one for one in maps if str(path) in one)
    return sum(int(one.split("Rss:")[1].split()[0]) for one in ours)


def test_pages_that_the_child_asks_are_its_own(
    process: GeofenceProcess, file: Path
) -> None:
    """Here they are read once, for the checksum, and left to those who are asked."""
    apart = process.open(file)
    assert inside(apart) == [7, 8]
    assert resident_kib(file) == 0
    here = PointIndex.open(file)
    assert inside(here) == [7, 8]
    assert resident_kib(file) > 0


def test_a_killed_one_is_started_again(process: GeofenceProcess, file: Path) -> None:
    """The question is repeated; nobody who asks notices."""
    process.load()
    before = process.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    found = process.inside(file, AREA)
    assert found is not None
    assert sorted(found.tolist()) == [7, 8]
    assert process.pid not in {before, None}


def test_a_dead_one_is_revived_before_anybody_asks(process: GeofenceProcess) -> None:
    """A warning does not wait for its start."""
    process.load()
    child = process._child
    assert child is not None
    child.kill()
    child.wait()
    assert process.revive() == 1
    assert process.revive() == 0


def test_a_change_of_the_index_is_seen(
    process: GeofenceProcess, tmp_path: Path
) -> None:
    """The child maps the same file, which another process patches."""
    path = tmp_path / "moving.index"
    PointIndex.build([1], [0.5], [0.5]).save(path)
    points = process.open(path)
    assert inside(points) == [1]
    writer = PointIndex.open(path)
    writer.upsert([2], [0.6], [0.6])
    writer.close()
    assert inside(points) == [1, 2]


def test_a_question_it_cannot_answer_is_answered_here(
    process: GeofenceProcess, file: Path, tmp_path: Path
) -> None:
    """For more memory; a warning goes out all the same."""
    gone = Path(shutil.copy(file, tmp_path / "gone.index"))
    points = process.open(gone)
    gone.unlink()
    assert process.inside(gone, AREA) is None
    assert inside(points) == [7, 8]


def test_what_is_wrong_with_an_area_is_said_here(
    process: GeofenceProcess, file: Path
) -> None:
    """With the error of the geofence itself."""
    with pytest.raises(GeofenceError):
        process.open(file).inside(Polygon())


@pytest.mark.parametrize(
    "program",
    ["pass", "import sys; sys.stdin.read()"],
    ids=["ends at once", "never answers"],
)
def test_one_that_is_of_no_use_is_given_up(
    program: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After bounded time, and the question is answered here."""
    monkeypatch.setattr(geofence_process, "START_S", 0.05)
    started = []

    def start() -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603 - ours, no shell
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        started.append(child)
        return child

    with GeofenceProcess(start=start) as process:
        assert inside(process.open(file)) == [7, 8]
    assert len(started) == 2
    assert all(child.poll() is not None for child in started)


def test_it_ends_with_whoever_asks() -> None:
    """Also when that is killed: its questions end."""
    reader, writer = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-m", "ops.processes.geofence_answers"],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        cwd=Path(geofence_process.__file__).parents[2],
    )
    os.close(reader)
    os.close(writer)
    assert child.wait(60) == 0


#: Asks as the worker does, and says which modules that brought in.
_ASKING = """
import sys
from pathlib import Path
from shapely import box
from ops.processes import worker
from ops.processes.geofence_process import GeofenceProcess
from responders.cases.directory import Directory
Directory.rehearse()
with GeofenceProcess() as process:
    found = process.open(Path(sys.argv[1])).inside(box(0.0, 0.0, 1.0, 1.0))
print(len(found), sorted({"numba", "llvmlite", "geopandas"} & set(sys.modules)))
"""


def test_whoever_asks_stays_small(file: Path) -> None:
    """Compiled code is loaded in the child alone: it is half of a worker's memory."""
    said = subprocess.run(  # noqa: S603 - ours, no shell
        [sys.executable, "-c", _ASKING, str(file)],
        cwd=Path(geofence_process.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert said.stdout.split("\n")[0] == "2 []"


def test_after_the_end_nothing_is_started(file: Path) -> None:
    """A question that comes too late starts no child that nobody ends."""
    process = GeofenceProcess()
    process.close()
    assert process.inside(file, AREA) is None
    assert process.revive() == 0
    assert np.array_equal(np.sort(process.open(file).inside(AREA)), [7, 8])
