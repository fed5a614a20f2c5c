"""A sound file as somebody sent it, made into one that is played in calls."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.errors import SoundError
from telephony.sound import wave_file
from telephony.sound.decoding import decode
from telephony.sound.loudness import levelled

#: Full scale is 1: a telephone line at rest is louder.
_INAUDIBLE = 1e-3


@dataclass(frozen=True, slots=True)
class PromptSound:
    """Sound that can be played; its name is what it holds, for telcos cache by URL."""

    wav: bytes
    duration_ms: int

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal."""
        return sha256(self.wav).hexdigest()


def made_ready(data: bytes) -> PromptSound:
    """Decode, bring to 8 kHz mono, bring to one loudness.

    The same file always gives the same sound.

    Raises
    ------
    SoundError
        If it cannot be used, with a sentence for who sent it.
    """
    return _written(levelled(_at_8_khz(data), wave_file.RATE_HZ))


def as_spoken(data: bytes) -> PromptSound:
    """The same for what somebody said who cannot be asked to say it again.

    Nothing that can be heard at all is refused: where there is nothing to level, it
    stays as soft as it is.

    Raises
    ------
    SoundError
        If it is no sound, or silence.
    """
    samples = _at_8_khz(data)
    if np.abs(samples).max() < _INAUDIBLE:
        raise SoundError("Nothing was said.")
    try:
        return _written(levelled(samples, wave_file.RATE_HZ))
    except SoundError:
        return _written(samples)


def _at_8_khz(data: bytes) -> NDArray[np.float32]:
    sound = decode(data)
    low = soxr.resample(sound.samples, sound.rate_hz, wave_file.RATE_HZ)
    return np.asarray(low, dtype=np.float32)


def _written(samples: NDArray[np.float32]) -> PromptSound:
    duration_ms = round(1_000 * len(samples) / wave_file.RATE_HZ)
    return PromptSound(wave_file.write(samples), duration_ms)
