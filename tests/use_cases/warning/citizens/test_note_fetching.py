"""Recordings of citizens come here in the end, once, and go when their time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
)
from telephony.sound.shelf import Shelf
from tests.fakes.sounds import sound_file, tone
from tests.use_cases.warning.world import World
from warning.citizens.note_desk import NoteDesk
from warning.citizens.note_fetching import NoteFetcher
from warning.citizens.voice_notes import VoiceNote
from warning.errors import VoiceNoteNotFoundError

SPOKEN = sound_file(tone(0.5))
KEPT = timedelta(days=90)


class Carriers:
    """Recordings by name; what is absent is not there yet."""

    def __init__(self) -> None:
        self.known: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def fetch(self, ref: str, *, timeout_s: float) -> bytes:
        self.asked.append(ref)
        self.meanwhile()
        answer = self.known.get(ref, RecordingLateError("not yet"))
        if isinstance(answer, Exception):
            raise answer
        return answer


class Rig:
    """A worker's part, and an operator's."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.carriers = Carriers()
        self.folder = folder
        doors = {
            "new_uow": world.database.unit_of_work,
            "read_uow": world.database.read_only,
        }
        shelf = Shelf(folder)
        self.fetcher = NoteFetcher(
            **doors, recordings=self.carriers, shelf=shelf, now=world.clock
        )
        self.desk = NoteDesk(**doors, find=shelf.find, now=world.clock)

    def note(self, ref: str = "main/RE1", subject: str = "help:1") -> None:
        now = self.world.clock()
        with self.world.database.unit_of_work() as uow:
            uow.voice_notes.note(subject, ref, now=now, forget_at=now + KEPT)
            uow.commit()

    def notes(self, subject: str = "help:1") -> list[VoiceNote]:
        with self.world.read() as uow:
            return list(uow.voice_notes.of(subject))

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.wav"))


@pytest.fixture
def rig(world: World, tmp_path: Path) -> Rig:
    return Rig(world, tmp_path / "voice_notes")


def test_a_recording_is_fetched_when_its_carrier_is_back(rig: Rig) -> None:
    """It is asked for less and less often, and not lost while that lasts."""
    rig.note()
    rig.carriers.known["main/RE1"] = CarrierUnavailableError("down")
    for _ in range(20):
        assert rig.fetcher.run_once() == 0
        rig.world.clock.move(minutes=31)
    (waiting,) = rig.notes()
    assert (waiting.state, waiting.trouble) == ("waiting", "no_answer")
    rig.carriers.known["main/RE1"] = SPOKEN
    assert rig.fetcher.run_once() == 1
    (here,) = rig.notes()
    assert (here.state, here.duration_ms, here.trouble) == ("here", 500, None)
    assert rig.fetcher.run_once() == 0


def test_failures_are_further_and_further_apart(rig: Rig) -> None:
    """Five seconds, ten, twenty … half an hour."""
    rig.note()
    rig.carriers.known["main/RE1"] = CarrierUnavailableError("down")
    for pause_s in (5, 10, 20, 40):
        n_asked = len(rig.carriers.asked)
        rig.fetcher.run_once()
        rig.world.clock.move(seconds=pause_s - 1)
        rig.fetcher.run_once()
        assert len(rig.carriers.asked) == n_asked + 1
        rig.world.clock.move(seconds=1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (RecordingLostError("too large"), "not_to_be_had"),
        (b"<html>not a sound</html>", "no_sound"),
        (b"", "no_sound"),
        (sound_file(tone(0.5, amplitude=0.0)), "no_sound"),
    ],
)
def test_what_will_never_be_a_sound_is_not_asked_for_again(
    rig: Rig, answer: bytes | Exception, why: str
) -> None:
    """Too large, of a wrong kind, empty, or silent; nothing is left behind."""
    rig.note()
    rig.carriers.known["main/RE1"] = answer
    assert rig.fetcher.run_once() == 0
    (lost,) = rig.notes()
    assert (lost.state, lost.trouble) == ("lost", why)
    rig.world.clock.move(days=1)
    rig.fetcher.run_once()
    assert len(rig.carriers.asked) == 1
    assert rig.files() == []


def test_one_that_its_carrier_never_has_is_given_up(rig: Rig) -> None:
    """404 may mean "not yet", but not for days."""
    rig.note()
    for _ in range(40):
        rig.fetcher.run_once()
        rig.world.clock.move(hours=1)
    (lost,) = rig.notes()
    assert (lost.state, lost.trouble) == ("lost", "not_there")
    assert 10 < len(rig.carriers.asked) < 20


def test_whispers_are_kept_as_soft_as_they_are(rig: Rig) -> None:
    """Who hides cannot speak up, and cannot be asked to say it again."""
    rig.note()
    rig.carriers.known["main/RE1"] = sound_file(tone(0.5, amplitude=0.0015))
    assert rig.fetcher.run_once() == 1


def test_a_silent_carrier_does_not_hold_up_the_others(rig: Rig) -> None:
    """It is asked once a round; the rest of its recordings wait."""
    for n in (1, 2, 3):
        rig.note(f"down/RE{n}")
        rig.carriers.known[f"down/RE{n}"] = CarrierUnavailableError("down")
    rig.note("main/RE4")
    rig.carriers.known["main/RE4"] = SPOKEN
    assert rig.fetcher.run_once() == 1
    assert rig.carriers.asked == ["down/RE1", "main/RE4"]


def test_a_repeated_callback_is_one_recording(rig: Rig) -> None:
    """Also when it comes after the recording."""
    rig.note()
    rig.note()
    rig.carriers.known["main/RE1"] = SPOKEN
    assert rig.fetcher.run_once() == 1
    rig.note()
    assert rig.fetcher.run_once() == 0
    assert len(rig.files()) == len(rig.notes()) == 1


def test_equal_sounds_of_two_people_are_two_files(rig: Rig) -> None:
    """Forgetting one leaves the other."""
    for n in (1, 2):
        rig.note(f"main/RE{n}")
        rig.carriers.known[f"main/RE{n}"] = SPOKEN
    assert rig.fetcher.run_once() == 2
    assert len(rig.files()) == 2


def test_a_recording_is_forgotten_with_its_file(rig: Rig) -> None:
    """After the time of the settings, not before."""
    rig.note()
    rig.carriers.known["main/RE1"] = SPOKEN
    rig.fetcher.run_once()
    rig.world.clock.move(days=89)
    assert rig.fetcher.forget() == 0
    rig.world.clock.move(days=1)
    assert rig.fetcher.forget() == 1
    assert (rig.notes(), rig.files()) == ([], [])
    assert rig.fetcher.forget() == 0


def test_what_is_forgotten_while_it_is_fetched_stays_forgotten(rig: Rig) -> None:
    """An erased person's voice does not come back."""
    rig.note()
    rig.carriers.known["main/RE1"] = SPOKEN

    def erase() -> None:
        with rig.world.database.unit_of_work() as uow:
            uow.voice_notes.forget([one.number for one in rig.notes()])
            uow.commit()

    rig.carriers.meanwhile = erase
    assert rig.fetcher.run_once() == 0
    assert rig.files() == []


def test_who_listens_is_written_down(rig: Rig) -> None:
    """Operators hear what is here; for the rest they are told why not."""
    rig.note()
    (waiting,) = rig.desk.of_request(1)
    with pytest.raises(VoiceNoteNotFoundError, match="not come"):
        rig.desk.listen(waiting.number, by="anna")
    rig.carriers.known["main/RE1"] = SPOKEN
    rig.fetcher.run_once()

    path = rig.desk.listen(waiting.number, by="anna")

    assert path == rig.files()[0]
    with rig.world.read() as uow:
        entries = list(uow.audit.entries(subject="help:1"))
    assert [(one.actor, one.action) for one in entries] == [
        ("anna", "voice_note.listen")
    ]
    path.unlink()
    for number in (waiting.number, 99):
        with pytest.raises(VoiceNoteNotFoundError):
            rig.desk.listen(number, by="anna")
