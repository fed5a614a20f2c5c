"""A stranger's sound, judged without playing it."""

from __future__ import annotations

import numpy as np
import pytest

from telephony.errors import SoundError
from telephony.sound import probing
from tests.fakes.sounds import sound_file, tone

WAV = sound_file(tone(0.2))


@pytest.mark.parametrize(
    "data",
    [
        WAV,
        sound_file(tone(0.2, rate_hz=22_050), rate_hz=22_050, kind="MP3"),
        sound_file(tone(0.2), kind="OGG"),
        sound_file(np.stack([tone(0.2), tone(0.2)], axis=1)),
    ],
)
def test_what_calls_play_passes(data: bytes) -> None:
    """The formats of recordings of our own."""
    probing.probe(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01\x02", "cannot be read"),
        (b"", "cannot be read"),
        (WAV[:44], "is empty"),
        (sound_file(tone(0.2), kind="FLAC"), "FLAC"),
        (sound_file(np.zeros((800, 3), np.float32)), "more than two channels"),
        (sound_file(tone(0.01), rate_hz=96_000), "96000 Hz"),
        (sound_file(np.zeros(4_000 * 121, np.float32), rate_hz=4_000), "120 seconds"),
    ],
)
def test_what_is_not_played_is_named(data: bytes, why: str) -> None:
    """One sentence says what it is instead."""
    with pytest.raises(SoundError, match=why):
        probing.probe(data)
