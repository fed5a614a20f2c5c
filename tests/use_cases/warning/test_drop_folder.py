"""Files that are left in a folder: taken when they rest, moved when taken in."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ops.exchange.drop_folder import DropFolder
from tests.use_cases.warning.source_world import a_desk
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.cap import Resource
from warning.cap_documents import cap_xml
from warning.sources.source_desk import SourceDesk

CAP = cap_xml.write(an_alert())


@pytest.fixture
def desk(world: World) -> SourceDesk:
    return a_desk(world)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "stick"
    path.mkdir()
    return path


@pytest.fixture
def drop(stick: Path, desk: SourceDesk) -> DropFolder:
    return DropFolder(stick, desk=desk)


def look(drop: DropFolder, times: int = 2) -> int:
    return sum(drop.run_once() for _ in range(times))


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_file_becomes_a_draft_and_is_moved(
    world: World, stick: Path, drop: DropFolder
) -> None:
    """Where it came from is kept."""
    (stick / "flood.XML").write_bytes(CAP)

    assert look(drop) == 1
    (case,) = world.board.list()
    assert case.created_by == "drop"
    assert names(stick / "done") == ["flood.XML"]
    assert names(stick) == ["done", "refused"]


def test_what_still_grows_can_wait(world: World, stick: Path, drop: DropFolder) -> None:
    """A half-copied file is not an alert yet."""
    file = stick / "flood.xml"
    file.write_bytes(CAP[:100])
    assert drop.run_once() == 0
    file.write_bytes(CAP)
    assert drop.run_once() == 0
    assert drop.run_once() == 1

    assert len(world.board.list()) == 1


def test_what_cannot_be_used_lies_beside_its_reason(
    stick: Path, drop: DropFolder
) -> None:
    """In a sentence."""
    (stick / "bad.xml").write_bytes(b"<!DOCTYPE a><alert/>")
    (stick / "large.cap").write_bytes(b" " * 5_000_001)
    look(drop)

    refused = stick / "refused"
    assert names(refused) == ["bad.xml", "bad.xml.txt", "large.cap", "large.cap.txt"]
    assert "DOCTYPE" in (refused / "bad.xml.txt").read_text()
    assert "larger than" in (refused / "large.cap.txt").read_text()


def test_the_same_file_again_is_known(
    world: World, stick: Path, drop: DropFolder
) -> None:
    """Nothing in done/ is written over."""
    for _ in range(3):
        (stick / "flood.xml").write_bytes(CAP)
        look(drop)

    assert len(world.board.list()) == 1
    assert names(stick / "done") == ["flood-2.xml", "flood-3.xml", "flood.xml"]


def test_a_kill_before_the_move_costs_a_second_look(
    world: World, stick: Path, drop: DropFolder, desk: SourceDesk
) -> None:
    """A new process takes the same bytes in, and moves them."""
    (stick / "flood.xml").write_bytes(CAP)
    drop._receipt(stick / "flood.xml")
    assert len(world.board.list()) == 1

    look(DropFolder(stick, desk=desk))

    assert len(world.board.list()) == 1
    assert names(stick / "done") == ["flood.xml"]


def test_what_is_no_plain_file_is_left_alone(
    world: World, stick: Path, drop: DropFolder, tmp_path: Path
) -> None:
    """Links, pipes, folders, hidden and half-written ones."""
    (tmp_path / "secret.xml").write_bytes(CAP)
    (stick / "link.xml").symlink_to(tmp_path / "secret.xml")
    os.mkfifo(stick / "pipe.xml")
    (stick / "folder.xml").mkdir()
    for name in (".hidden.xml", "~flood.xml", "flood.xml.part", "readme.txt"):
        (stick / name).write_bytes(CAP)

    assert look(drop, 4) == 0
    assert world.board.list() == []
    assert drop._receipt(stick / "link.xml") is None
    assert drop._receipt(stick / "pipe.xml") is None
    assert drop._receipt(stick / "gone.xml") is None


def test_a_full_folder_is_worked_off_in_portions(stick: Path, drop: DropFolder) -> None:
    """Other jobs have their turn in between."""
    for n in range(25):
        (stick / f"{n:02d}.xml").write_bytes(b"no xml")

    assert [drop.run_once() for _ in range(4)] == [0, 20, 5, 0]


SOUND = Resource(resource_desc="Voice", mime_type="audio/mpeg", uri="voice-km.mp3")


@pytest.mark.parametrize(
    ("uri", "embedded"),
    [
        ("voice-km.mp3", b"sound"),
        ("../voice-km.mp3", None),
        ("https://met.example/voice-km.mp3", None),
        ("link.mp3", None),
        ("missing.mp3", None),
        ("flood.xml", None),
    ],
)
def test_a_sound_beside_an_alert_comes_with_it(
    world: World, stick: Path, drop: DropFolder, uri: str, embedded: bytes | None
) -> None:
    """By its plain name in the same folder; no way leads out of it."""
    (stick.parent / "voice-km.mp3").write_bytes(b"outside")
    (stick / "voice-km.mp3").write_bytes(b"sound")
    (stick / "link.mp3").symlink_to(stick.parent / "voice-km.mp3")
    info = an_info(resources=(replace(SOUND, uri=uri),))
    (stick / "flood.xml").write_bytes(cap_xml.write(an_alert(info)))

    assert look(drop) == 1
    with world.read() as uow:
        (case,) = uow.alerts.all()
    (resource,) = case.cap.infos[0].resources
    assert resource.content() == embedded
    assert (stick / "voice-km.mp3").exists()
