"""Sound files of every kind become the one that is played; hostile ones are refused."""

from __future__ import annotations

import io
import wave
from contextlib import suppress

import numpy as np
import pytest

from telephony.errors import SoundError
from telephony.sound import decoding, wave_file
from telephony.sound.decoding import decode
from telephony.sound.prompt_sound import made_ready
from tests.fakes.sounds import sound_file, tone


@pytest.mark.parametrize(
    ("kind", "subtype", "rate_hz"),
    [
        ("WAV", "PCM_16", 44_100),
        ("WAV", "PCM_24", 48_000),
        ("WAV", "ULAW", 8_000),
        ("WAV", "FLOAT", 16_000),
        ("MP3", None, 44_100),
        ("OGG", "VORBIS", 22_050),
    ],
)
def test_every_kind_becomes_telephone_sound(
    kind: str, subtype: str | None, rate_hz: int
) -> None:
    """8 kHz, mono, 16 bit, of the same length and pitch."""
    stereo = np.stack([tone(0.5, rate_hz=rate_hz)] * 2, axis=1)
    ready = made_ready(sound_file(stereo, rate_hz=rate_hz, kind=kind, subtype=subtype))
    with wave.open(io.BytesIO(ready.wav)) as file:
        assert file.getparams()[:3] == (1, 2, 8_000)
    samples = wave_file.read(ready.wav)
    assert ready.duration_ms == pytest.approx(500, abs=60)
    pitch = np.argmax(np.abs(np.fft.rfft(samples))) * 8_000 / len(samples)
    assert pitch == pytest.approx(997, abs=5)


def test_the_same_file_gives_the_same_name() -> None:
    """Telcos cache by address; another sound has another name."""
    first, again = (made_ready(sound_file(tone())) for _ in range(2))
    other = made_ready(sound_file(tone(hz=500.0)))

    assert first.digest == again.digest != other.digest
    assert len(first.digest) == 64


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"ID3\x04\x00" + bytes(100),
        b"OggS" + bytes(60),
        b"<?xml version='1.0'?><svg/>",
        b"\x7fELF" + bytes(200),
    ],
)
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    """With a sentence that says what to send."""
    with pytest.raises(SoundError, match="WAV, MP3 or OGG"):
        made_ready(data)


def test_broken_files_are_refused_or_read() -> None:
    """Whatever is cut off or turned over: a sound or a sentence, never a crash."""
    whole = sound_file(tone(0.1), kind="OGG", subtype="VORBIS")
    for place in range(0, len(whole), 97):
        for data in (whole[:place], whole[:place] + b"\xff\x00" + whole[place + 2 :]):
            with suppress(SoundError):
                assert made_ready(data).duration_ms > 0


def test_other_formats_are_named() -> None:
    """Fewer readers are fewer doors."""
    with pytest.raises(SoundError, match="This is a FLAC file"):
        decode(sound_file(tone(), kind="FLAC"))


def test_files_that_are_too_large_are_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes are bounded."""
    monkeypatch.setattr(decoding, "MAX_BYTES", 100)
    with pytest.raises(SoundError, match="larger than"):
        decode(sound_file(tone()))


def test_a_small_file_cannot_become_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence packs well: reading stops at the limit, whatever the header says."""
    monkeypatch.setattr(decoding, "MAX_S", 1)
    with pytest.raises(SoundError, match="longer than 1 seconds"):
        decode(sound_file(tone(1.5), kind="OGG", subtype="VORBIS"))


def test_values_that_are_no_numbers_are_refused() -> None:
    """A float file may hold them."""
    samples = tone()
    samples[5] = np.nan
    with pytest.raises(SoundError, match="no sound"):
        decode(sound_file(samples, subtype="FLOAT"))


@pytest.mark.parametrize(
    ("samples", "rate_hz", "sentence"),
    [
        (np.zeros((100, 3), np.float32), 8_000, "3 channels"),
        (np.zeros((100, 1), np.float32), 192_000, "192000 Hz"),
        (tone(), 300_000, "300000 Hz"),
        (tone(0.0), 8_000, "empty"),
    ],
)
def test_unusual_files_are_refused(
    samples: np.ndarray, rate_hz: int, sentence: str
) -> None:
    """Channels, rate and length have bounds."""
    with pytest.raises(SoundError, match=sentence):
        decode(sound_file(samples, rate_hz=rate_hz))


def test_telephone_sound_comes_back_as_it_was_written() -> None:
    """Apart from rounding."""
    samples = tone()
    assert wave_file.read(wave_file.write(samples)) == pytest.approx(samples, abs=1e-4)


@pytest.mark.parametrize(
    "data", [b"no", sound_file(tone(), rate_hz=16_000), b"RIFF\x00\x00\x00\x00WAVE"]
)
def test_only_telephone_sound_is_read_as_such(data: bytes) -> None:
    """Another rate would be heard at another pitch."""
    with pytest.raises(SoundError):
        wave_file.read(data)
