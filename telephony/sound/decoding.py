"""Reads sound files that people send: WAV, MP3 and OGG, and nothing else.

The file is not trusted: its bytes, its length when played, its channels and its rate
are bounded, and a small file cannot become a large one in memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from telephony.errors import SoundError
from telephony.sound.sound_files import FORMATS, MAX_CHANNELS, opened

MAX_BYTES = 20 * 1024 * 1024
#: A warning that takes longer is not listened to.
MAX_S = 180
#: Three minutes of two channels at the most take 140 MB while they are read.
_RATES_HZ = range(4_000, 96_001)
_UNREADABLE = "This file cannot be read as sound. Send WAV, MP3 or OGG."


class Decoded(NamedTuple):
    """What a file holds."""

    #: Mono, shape (n,), from -1 to 1.
    samples: NDArray[np.float32]
    rate_hz: int


def decode(data: bytes) -> Decoded:
    """Read a sound file; several channels become their mean.

    Raises
    ------
    SoundError
        If it is none that we read, too large, too long, or empty.
    """
    if len(data) > MAX_BYTES:
        limit_mb = MAX_BYTES // (1024 * 1024)
        raise SoundError(f"The sound file is larger than {limit_mb} MB.")
    with opened(data, unreadable=_UNREADABLE) as file:
        _require_usable(file.format, file.channels, file.samplerate)
        rate_hz = int(file.samplerate)
        # The header may lie about the length: what is read is bounded instead.
        frames = file.read(MAX_S * rate_hz + 1, dtype="float32", always_2d=True)
    return Decoded(_mono(frames, rate_hz), rate_hz)


def _require_usable(kind: str, n_channels: int, rate_hz: int) -> None:
    """Refuse what libsndfile would read and we do not want.

    Raises
    ------
    SoundError
        With what it is instead.
    """
    if kind not in FORMATS:
        raise SoundError(f"This is a {kind} file. Send WAV, MP3 or OGG.")
    if not 1 <= n_channels <= MAX_CHANNELS:
        raise SoundError(f"The sound has {n_channels} channels; send one or two.")
    if rate_hz not in _RATES_HZ:
        raise SoundError(f"A sampling rate of {rate_hz} Hz is not read here.")


def _mono(frames: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """One channel of what was read.

    Raises
    ------
    SoundError
        If it is too long, empty, or no sound.
    """
    if len(frames) > MAX_S * rate_hz:
        raise SoundError(f"The recording is longer than {MAX_S} seconds.")
    if not len(frames):
        raise SoundError("The sound file is empty.")
    if not np.isfinite(frames).all():
        raise SoundError("The file holds values that are no sound.")
    mono: NDArray[np.float32] = frames.mean(axis=1, dtype=np.float32)
    return mono
