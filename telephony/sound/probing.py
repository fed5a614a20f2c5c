"""Whether a sound that a stranger sent can be played, found out without playing it.

A document may bring many sounds, and its check must take no time: the head and the
first second are read, not the whole. Stricter than for recordings of our own.
"""

from __future__ import annotations

from telephony.errors import SoundError
from telephony.sound.sound_files import FORMATS, MAX_CHANNELS, opened

#: Nobody is kept on the phone longer before the first key.
MAX_S = 120
_RATES_HZ = range(4_000, 48_001)


def probe(data: bytes) -> None:
    """Refuse a sound file that calls will not play.

    Raises
    ------
    SoundError
        With what is wrong, in a sentence.
    """
    with opened(data, unreadable="It cannot be read as sound.") as file:
        kind, rate_hz = file.format, int(file.samplerate)
        length_s = file.frames / rate_hz
        n_read = 0
        if kind in FORMATS and file.channels <= MAX_CHANNELS:
            n_read = len(file.read(rate_hz, dtype="float32"))
    if kind not in FORMATS:
        raise SoundError(f"It is a {kind} file, not WAV, MP3 or OGG.")
    if n_read == 0:
        raise SoundError("It is empty, or has more than two channels.")
    if rate_hz not in _RATES_HZ:
        raise SoundError(f"Its sampling rate is {rate_hz} Hz.")
    if length_s > MAX_S:
        raise SoundError(f"It takes longer than {MAX_S} seconds.")
