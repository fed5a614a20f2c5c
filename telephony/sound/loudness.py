"""Loudness as ITU-R BS.1770-4 measures it, and sound brought to one loudness.

The filter for the ear is applied in the spectrum: the standard gives its coefficients
for 48 kHz, and their response holds at any rate that way (``docs/adr/0077``).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from telephony.errors import SoundError

#: What prompts are brought to: easy to follow beside traffic, and not clipped.
TARGET_LUFS = -20.0
#: Samples are never above this, so that a codec does not clip them.
PEAK = 10 ** (-1.0 / 20)
#: Below this nobody has spoken.
SILENT_LUFS = -60.0

_STANDARD_RATE_HZ = 48_000
#: (b, a) of the shelf for the head and of the high-pass; tables 1 and 2.
_STAGES = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_OFFSET_DB = -0.691
_BLOCK_S = 0.4
_STEP_S = 0.1
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_DB = -10.0
_TINY = 1e-12


def loudness_lufs(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Integrated loudness of mono sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
    rate_hz : int

    Returns
    -------
    float
        LUFS; ``-inf`` if no block is above the gate.
    """
    energies = _block_energies(_weighted(samples, rate_hz), rate_hz)
    heard = energies[_lufs(energies) > _ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return -math.inf
    gate = float(_lufs(heard.mean())) + _RELATIVE_GATE_DB
    return float(_lufs(heard[_lufs(heard) > gate].mean()))


def levelled(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Bring sound to the loudness of all prompts; softer where a peak would clip.

    Raises
    ------
    SoundError
        If there is nothing to hear.
    """
    now = loudness_lufs(samples, rate_hz)
    if now < SILENT_LUFS:
        raise SoundError("The recording is silent. Speak closer to the microphone.")
    gain = 10 ** ((TARGET_LUFS - now) / 20)
    peak = float(np.abs(samples).max())
    return (samples * min(gain, PEAK / peak)).astype(np.float32)


def _weighted(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """As the ear weighs it; a second of silence takes up what the filter rings."""
    n = len(samples) + rate_hz
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(n, 1 / rate_hz) / _STANDARD_RATE_HZ)
    response = np.ones_like(turn)
    for b, a in _STAGES:
        response *= np.polyval(b[::-1], turn) / np.polyval(a[::-1], turn)
    spectrum = np.fft.rfft(samples, n) * response
    return np.fft.irfft(spectrum, n)[: len(samples)]


def _block_energies(weighted: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Mean square of each 400 ms, every 100 ms; of all if it is shorter."""
    length = min(round(_BLOCK_S * rate_hz), len(weighted))
    sums = np.concatenate(([0.0], np.cumsum(weighted**2)))
    starts = np.arange(0, len(weighted) - length + 1, round(_STEP_S * rate_hz))
    energies: NDArray[np.float64] = (sums[starts + length] - sums[starts]) / length
    return energies


def _lufs(energy: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    return np.asarray(_OFFSET_DB + 10 * np.log10(np.maximum(energy, _TINY)))
