"""The one format that is played: WAV, 8 kHz, mono, 16 bit.

Every telco plays it, and a telephone carries no more than that.
"""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

from telephony.errors import SoundError

RATE_HZ = 8_000
_FULL_SCALE = 32_767
_BYTES_A_SAMPLE = 2


def write(samples: NDArray[np.float32]) -> bytes:
    """Write samples at 8 kHz, shape (n,), from -1 to 1; what is louder is clipped."""
    scaled = np.round(np.clip(samples, -1.0, 1.0) * _FULL_SCALE).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES_A_SAMPLE)
        file.setframerate(RATE_HZ)
        file.writeframes(scaled.tobytes())
    return out.getvalue()


def read(data: bytes) -> NDArray[np.float32]:
    """Read what ``write`` wrote, shape (n,).

    Raises
    ------
    SoundError
        If it is anything else.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundError("This is not a WAV file.") from error
    if form != (1, _BYTES_A_SAMPLE, RATE_HZ):
        raise SoundError("This WAV file is not 8 kHz, mono, 16 bit.")
    samples = np.frombuffer(frames, "<i2").astype(np.float32)
    samples /= _FULL_SCALE
    return samples
