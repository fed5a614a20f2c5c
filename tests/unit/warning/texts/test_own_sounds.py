"""Sounds that came with an alert, made ready for calls."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from telephony.delivery import OWN_SOUND
from telephony.sound import wave_file
from telephony.sound.shelf import Shelf
from tests.fakes.sounds import sound_file, tone
from tests.unit.warning.texts.test_messages import a_case, an_info
from warning.alert import AlertCase
from warning.cap import Info, Resource
from warning.texts.manner import Manner
from warning.texts.messages import messages_of
from warning.texts.own_sounds import MAX_SOUNDS, AttachedSounds, recording_of

TONE = sound_file(tone(0.2))


def brought(data: bytes, mime_type: str = "audio/x-wav") -> Resource:
    return Resource(
        resource_desc="",
        mime_type=mime_type,
        deref_uri=base64.b64encode(data).decode(),
    )


def speaking(language: str, *resources: Resource) -> Info:
    return an_info(language=language, resources=resources)


def case_of(*infos: Info) -> AlertCase:
    return a_case(*infos)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_sound_is_made_ready_once_and_found_again(shelf: Shelf) -> None:
    """8 kHz, mono, at one loudness; whoever asks later finds the same."""
    case = case_of(speaking("en", brought(TONE)))
    name = AttachedSounds(shelf).of(case.cap, case.cap.infos)
    assert name is not None
    path = shelf.find(name)
    assert path is not None
    made = path.read_bytes()
    assert len(wave_file.read(made)) == 1_600
    path.write_bytes(b"as it lies there")
    assert AttachedSounds(shelf).of(case.cap, case.cap.infos) == name
    assert path.read_bytes() == b"as it lies there"


def test_it_speaks_for_the_language_that_it_came_with(shelf: Shelf) -> None:
    """French has none and is put into words."""
    case = case_of(speaking("en", brought(TONE)), speaking("fr"))
    english, french = messages_of(case, Manner(sounds=AttachedSounds(shelf)))
    assert shelf.find(english.content.variables[OWN_SOUND]) is not None
    assert OWN_SOUND not in french.content.variables
    assert english.content.variables["event"]


def test_one_sound_does_not_speak_for_two_infos(shelf: Shelf) -> None:
    """Of the other nobody would hear."""
    sounds = AttachedSounds(shelf)
    case = case_of(speaking("en", brought(TONE)), speaking("en"))
    assert sounds.of(case.cap, case.cap.infos) is None


@pytest.mark.parametrize("data", [b"\x00\x01", sound_file(tone(0.2, amplitude=0))])
def test_what_cannot_be_played_is_put_into_words(shelf: Shelf, data: bytes) -> None:
    """Broken, or silent; tried once."""
    sounds = AttachedSounds(shelf)
    case = case_of(speaking("en", brought(data)))
    assert sounds.of(case.cap, case.cap.infos) is None
    assert sounds.of(case.cap, case.cap.infos) is None


def test_a_shelf_that_cannot_be_written_leaves_the_words(tmp_path: Path) -> None:
    """A full disk silences no warning."""
    (tmp_path / "file").write_bytes(b"")
    case = case_of(speaking("en", brought(TONE)))
    sounds = AttachedSounds(Shelf(tmp_path / "file" / "below"))
    assert sounds.of(case.cap, case.cap.infos) is None


def test_only_so_many_sounds_of_an_alert_are_played(shelf: Shelf) -> None:
    """A hostile document keeps nobody busy."""
    infos = [speaking(f"x{n}", brought(TONE)) for n in range(MAX_SOUNDS + 1)]
    case, sounds = case_of(*infos), AttachedSounds(shelf)
    assert sounds.of(case.cap, [infos[MAX_SOUNDS - 1]]) is not None
    assert sounds.of(case.cap, [infos[MAX_SOUNDS]]) is None


def test_nothing_is_fetched() -> None:
    """Neither what lies elsewhere nor a picture is a recording."""
    elsewhere = Resource(resource_desc="", mime_type="audio/mpeg", uri="https://a/b")
    picture = brought(b"\x00", "image/png")
    assert recording_of(an_info(resources=(elsewhere, picture))) is None
    own = brought(TONE)
    assert recording_of(an_info(resources=(elsewhere, picture, own))) is own
