"""Sounds made for tests."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from numpy.typing import NDArray


def tone(
    seconds: float = 1.0,
    *,
    rate_hz: int = 8_000,
    hz: float = 997.0,
    amplitude: float = 0.1,
) -> NDArray[np.float32]:
    """A sine, shape (n,)."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def sound_file(
    samples: NDArray[np.float32],
    *,
    rate_hz: int = 8_000,
    kind: str = "WAV",
    subtype: str | None = None,
) -> bytes:
    """A file of that kind; samples of shape (n,) or (n, channels)."""
    out = io.BytesIO()
    soundfile.write(out, samples, rate_hz, format=kind, subtype=subtype)
    return out.getvalue()
