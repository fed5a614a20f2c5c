"""How long prompts last, and the tone of a recording."""

from __future__ import annotations

import pytest

from simulator.sound import PLAY_S, SoundError, length_s, tone, wav_length_s
from simulator.twiml import Pause, Play, Say


def test_lengths() -> None:
    """Speech lasts by its letters, sound by its file, everything by its repetitions."""
    assert length_s(Say("a" * 140)) == 10.0
    assert length_s(Say("", loop=2)) == 2.0
    assert length_s(Play("x", 3)) == 3 * PLAY_S
    assert length_s(Play("x"), sound_s=1.5) == 1.5
    assert length_s(Pause(4.0)) == 4.0


@pytest.mark.parametrize("seconds", [0, 1, 7])
def test_tone(seconds: int) -> None:
    """A recording is a WAV file of its length."""
    assert wav_length_s(tone(seconds)) == seconds


@pytest.mark.parametrize("content", [b"", b"ID3", b"RIFF"])
def test_no_wav(content: bytes) -> None:
    """What is no WAV file has no length."""
    with pytest.raises(SoundError):
        wav_length_s(content)
