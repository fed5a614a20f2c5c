"""The computer's voice: which languages, made once, never needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from telephony.errors import SoundError
from telephony.sound import wave_file
from telephony.sound.espeak import EspeakRenderer, run
from telephony.sound.shelf import Shelf
from tests.fakes.sounds import sound_file, tone

VOICES = b"""Pty Language       Age/Gender VoiceName          File
 5  da              --/M      Danish             gmq/da
 2  en-gb           --/M      English_(GB)       gmw/en
 2  en-us           --/M      English_(US)       gmw/en-US
 5  vi              --/M      Vietnamese         aav/vi
"""


class FakeProgram:
    """Speaks a tone, and remembers what it was asked for."""

    def __init__(self, version: str = "1.51") -> None:
        self.version = version
        self.spoken: list[tuple[str, bytes]] = []
        self.is_broken = False

    def __call__(self, arguments: Sequence[str], stdin: bytes) -> bytes:
        if self.is_broken:
            raise SoundError("espeak-ng did not speak.")
        if "--version" in arguments:
            return f"eSpeak NG text-to-speech: {self.version}  Data at: /usr".encode()
        if "--voices" in arguments:
            return VOICES
        self.spoken.append((arguments[arguments.index("-v") + 1], stdin))
        return sound_file(tone(0.2, rate_hz=22_050), rate_hz=22_050)


@pytest.fixture
def program() -> FakeProgram:
    return FakeProgram()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.mark.parametrize(
    ("language", "speaks"),
    [("da", True), ("da-DK", True), ("VI", True), ("en", True), ("km", False)],
)
def test_it_speaks_the_languages_it_has_voices_for(
    program: FakeProgram, shelf: Shelf, language: str, *, speaks: bool
) -> None:
    """By tag, by its first part, or in a dialect of it; Khmer it has not."""
    renderer = EspeakRenderer(shelf, program)

    assert renderer.speaks(language) is speaks
    assert (renderer.rendered(language, "Farvel") is not None) is speaks


def test_words_are_rendered_once(program: FakeProgram, shelf: Shelf) -> None:
    """Also after a restart; other words and other releases make other sounds."""
    name = EspeakRenderer(shelf, program).rendered("da", "Gå  op\x07")
    again = EspeakRenderer(shelf, program).rendered("da", "Gå op")
    other = EspeakRenderer(shelf, program).rendered("da", "Gå ned")
    newer = EspeakRenderer(shelf, FakeProgram("1.52")).rendered("da", "Gå op")

    assert name == again
    assert len({name, other, newer}) == 3
    assert program.spoken == [("da", "Gå op".encode()), ("da", "Gå ned".encode())]
    assert name is not None
    path = shelf.find(name)
    assert path is not None
    assert len(wave_file.read(path.read_bytes())) == 1_600


def test_a_program_that_fails_takes_only_its_voice_away(
    program: FakeProgram, shelf: Shelf
) -> None:
    """The call goes on in the language fallen back on."""
    renderer = EspeakRenderer(shelf, program)
    assert renderer.speaks("da")
    program.is_broken = True

    assert renderer.rendered("da", "Farvel") is None
    assert not EspeakRenderer(shelf, program).speaks("da")
    assert renderer.rendered("da", "  ") is None


def test_a_program_that_is_not_there_says_so() -> None:
    """Nothing depends on it."""
    with pytest.raises(SoundError, match="not installed"):
        run(["tocsin-no-such-program"], b"")


def test_a_program_that_fails_is_not_believed() -> None:
    """What it wrote before is no sound."""
    with pytest.raises(SoundError, match="did not speak"):
        run(["false"], b"")
    assert run(["cat"], b"words") == b"words"
