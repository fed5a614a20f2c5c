"""Recordings: of which words, kept where, found by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr_scripts.catalogue import Wording
from telephony.errors import SoundError, SoundNotFoundError
from telephony.sound.book import SoundBook, SoundUrls
from telephony.sound.recordings import words_id
from telephony.sound.service import Spoken
from telephony.sound.shelf import Shelf
from tests.fakes.recordings import FakeRecordings, make_recordings
from tests.fakes.sounds import sound_file, tone

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SOUND = sound_file(tone(0.2))
GOODBYE = Spoken(language="en", key="common.goodbye")


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class OneVoice:
    """Speaks Danish."""

    def speaks(self, language: str) -> bool:
        return language == "da"

    def rendered(self, language: str, words: str) -> str | None:
        return "d" * 64 if self.speaks(language) else None


class Desk:
    """A service and a book over one store."""

    def __init__(self, folder: Path) -> None:
        self.rows, self.clock, self.folder = FakeRecordings(), Clock(), folder
        self.service = make_recordings(folder, self.clock, self.rows)
        self.book = SoundBook(
            read_uow=self.rows.unit_of_work,
            shelf=Shelf(folder),
            urls=SoundUrls("https://warn.example/"),
            renderer=OneVoice(),
            now=self.clock,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "recordings")


def test_a_text_is_heard_in_the_voice_that_recorded_it(desk: Desk) -> None:
    """By its words, at an absolute address that ends with the sound's name."""
    kept = desk.service.add(GOODBYE, SOUND, by="anna")
    url = desk.book.recorded(Wording(kept.words, "en"))

    assert url == f"https://warn.example/telephony/audio/{kept.sound}.wav"
    assert desk.service.sound_file(kept.sound).read_bytes().startswith(b"RIFF")
    assert list(desk.service.all()) == [kept]


def test_a_changed_text_is_not_spoken_by_an_old_recording(desk: Desk) -> None:
    """What is heard is always what is shown."""
    kept = desk.service.add(GOODBYE, SOUND, by="anna")

    assert desk.book.recorded(Wording(f"{kept.words} Now.", "en")) is None
    assert desk.book.recorded(Wording(kept.words, "fr")) is None


def test_words_of_an_alert_are_recorded_like_any(desk: Desk) -> None:
    """Blanks and line ends between them do not count."""
    words = Spoken(language="km", words="  Go up\nto the pagoda. ")
    desk.service.add(words, SOUND, by="anna")

    assert desk.book.recorded(Wording("Go up to the pagoda.", "km")) is not None


def test_a_newer_recording_replaces_the_old(desk: Desk) -> None:
    """Calls hear it after a few seconds at most, without asking each time."""
    old = desk.service.add(GOODBYE, SOUND, by="anna")
    wording = Wording(old.words, "en")
    first = desk.book.recorded(wording)
    new = desk.service.add(GOODBYE, sound_file(tone(0.3)), by="ben")
    assert desk.book.recorded(wording) == first
    desk.clock.at += timedelta(seconds=5)

    assert desk.book.recorded(wording) == SoundUrls("https://warn.example").of(
        new.sound
    )
    assert desk.rows.n_read == 2


def test_a_row_whose_sound_is_gone_is_not_played(desk: Desk) -> None:
    """A backup of the database alone must not make calls silent."""
    kept = desk.service.add(GOODBYE, SOUND, by="anna")
    desk.service.sound_file(kept.sound).unlink()

    assert desk.book.recorded(Wording(kept.words, "en")) is None
    with pytest.raises(SoundNotFoundError):
        desk.service.sound_file(kept.sound)


def test_what_is_done_is_noted_without_the_words(desk: Desk) -> None:
    """Who recorded which text, in the same transaction."""
    kept = desk.service.add(GOODBYE, SOUND, by="anna")

    (entry,) = desk.rows.entries
    assert (entry["actor"], entry["action"]) == ("anna", "recording.add")
    assert kept.words not in str(entry)


@pytest.mark.parametrize(
    ("spoken", "error"),
    [
        (Spoken(language="en"), SoundError),
        (Spoken(language="en", key="common.goodbye", words="Bye"), SoundError),
        (Spoken(language="en", words="x" * 3_001), SoundError),
        (Spoken(language="en", key="nothing.here"), SoundNotFoundError),
        (Spoken(language="xx", key="common.goodbye"), SoundNotFoundError),
    ],
)
def test_it_must_be_clear_which_words_are_spoken(
    desk: Desk, spoken: Spoken, error: type[SoundError]
) -> None:
    """Key or words, and the key must exist in the language."""
    with pytest.raises(error):
        desk.service.add(spoken, SOUND, by="anna")
    assert desk.rows.rows == {}


def test_a_hostile_file_leaves_nothing_behind(desk: Desk) -> None:
    """Neither a row nor a file."""
    with pytest.raises(SoundError):
        desk.service.add(GOODBYE, b"\x7fELF", by="anna")
    assert desk.rows.rows == {}
    assert not desk.folder.exists()


@pytest.mark.parametrize("name", ["", "../secret", "A" * 64, "a" * 63, "a" * 65])
def test_names_lead_nowhere_else(desk: Desk, name: str) -> None:
    """A name becomes part of a path: 64 hexadecimal digits, small ones."""
    with pytest.raises(SoundNotFoundError):
        desk.service.sound_file(name)


def test_what_can_be_heard(desk: Desk) -> None:
    """A computer's voice for the language, or a recording of the very words."""
    kept = desk.service.add(GOODBYE, SOUND, by="anna")

    assert desk.book.is_hearable(Wording("Farvel", "da"))
    assert desk.book.is_hearable(Wording(kept.words, "en"))
    assert not desk.book.is_hearable(Wording("other words", "en"))
    assert desk.book.rendered(Wording("other words", "en")) is None


def test_words_are_told_apart_by_language() -> None:
    """The same letters are read otherwise."""
    assert words_id("en", "a  b") == words_id("en", " a\nb ")
    assert words_id("en", "a") != words_id("fr", "a")
