"""How long prompts last, and the tone that stands for a recording."""

from __future__ import annotations

import io
import math
import struct
import wave

from simulator.errors import SimulatorError
from simulator.twiml import Pause, Play, Prompt

#: Speech at an easy pace, characters a second.
_CHARS_PER_S = 14.0
_MIN_SPEECH_S = 1.0
#: A sound whose length is not known.
PLAY_S = 5.0

_RATE_HZ = 8000
_TONE_HZ = 440.0
_LOUDNESS = 8000
#: A recording is described in full and rendered up to this length.
_MAX_TONE_S = 60


class SoundError(SimulatorError):
    """A sound file is not one that can be measured."""


def length_s(prompt: Prompt, *, sound_s: float = PLAY_S) -> float:
    """Virtual seconds that one prompt lasts, repetitions included.

    Parameters
    ----------
    prompt : Say, Play or Pause
        What is heard.
    sound_s : float
        Length of the file a `Play` names.
    """
    if isinstance(prompt, Pause):
        return prompt.seconds
    if isinstance(prompt, Play):
        return sound_s * prompt.loop
    return max(_MIN_SPEECH_S, len(prompt.text) / _CHARS_PER_S) * prompt.loop


def wav_length_s(content: bytes) -> float:
    """Length of a WAV file, seconds.

    Raises
    ------
    SoundError
        If it is no WAV file.
    """
    try:
        with wave.open(io.BytesIO(content)) as sound:
            n_frames, rate = sound.getnframes(), sound.getframerate()
            return float(n_frames / rate)
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise SoundError(f"not a WAV file: {error}") from error


def tone(duration_s: int, *, is_silent: bool = False) -> bytes:
    """WAV file (8 kHz, mono, 16 bit) of so many seconds, at most 60.

    With a tone in it, or with nothing to be heard.
    """
    loudness = 0 if is_silent else _LOUDNESS
    period = b"".join(
        struct.pack(
            "<h", round(loudness * math.sin(2 * math.pi * _TONE_HZ * n / _RATE_HZ))
        )
        for n in range(_RATE_HZ)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE_HZ)
        sound.writeframes(period * min(max(duration_s, 0), _MAX_TONE_S))
    return out.getvalue()
