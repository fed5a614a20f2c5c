"""Loudness against the figures of ITU-R BS.1770-4 and EBU Tech 3341."""

from __future__ import annotations

import math

import numpy as np
import pytest

from telephony.errors import SoundError
from telephony.sound.loudness import PEAK, TARGET_LUFS, levelled, loudness_lufs
from tests.fakes.sounds import tone


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
def test_a_full_tone_is_as_loud_as_the_standard_says(rate_hz: int) -> None:
    """997 Hz at full scale in one channel is -3.01 LKFS, at every rate."""
    sound = tone(2.0, rate_hz=rate_hz, amplitude=1.0)

    assert loudness_lufs(sound, rate_hz) == pytest.approx(-3.01, abs=0.03)


def test_the_gate_leaves_out_what_is_soft() -> None:
    """Long pauses do not make speech count as softer: EBU Tech 3341, case 3."""
    loud, soft = 10 ** (-23 / 20), 10 ** (-36 / 20)
    parts = [tone(5.0, amplitude=a) for a in (soft, loud, loud, loud, loud, soft)]

    # A sine of amplitude a in one channel is 20 log10(a) - 3.01.
    assert loudness_lufs(np.concatenate(parts), 8_000) == pytest.approx(-26.0, abs=0.1)


def test_silence_has_no_loudness() -> None:
    """Nothing is above the gate."""
    assert loudness_lufs(np.zeros(8_000, np.float32), 8_000) == -math.inf


@pytest.mark.parametrize("amplitude", [0.002, 0.05, 0.9])
def test_prompts_come_out_equally_loud(amplitude: float) -> None:
    """Whoever spoke too softly or too loudly is heard like the others."""
    done = levelled(tone(1.0, amplitude=amplitude), 8_000)

    assert loudness_lufs(done, 8_000) == pytest.approx(TARGET_LUFS, abs=0.05)


def test_peaks_are_not_clipped() -> None:
    """A click stays below the limit; the words become softer instead."""
    sound = tone(1.0, amplitude=0.01)
    sound[4_000] = 0.9

    assert np.abs(levelled(sound, 8_000)).max() == pytest.approx(PEAK, abs=1e-4)


def test_a_sound_shorter_than_a_block_is_measured_as_a_whole() -> None:
    """A word of a tenth of a second can be recorded too."""
    assert loudness_lufs(tone(0.1, amplitude=1.0), 8_000) == pytest.approx(
        -3.0, abs=0.3
    )


def test_silence_cannot_be_made_loud() -> None:
    """A recording with the microphone off is refused with advice."""
    with pytest.raises(SoundError, match="closer to the microphone"):
        levelled(np.zeros(8_000, np.float32), 8_000)
