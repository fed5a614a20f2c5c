"""Whether a sound that a stranger sent can be played, found out without playing it.

A document may bring many sounds, and its check must take no time: the head and the
first second are read, not the whole. Stricter than for recordings of our own.
"""

from __future__ import annotations

import io

from telephony.errors import SoundError

#: Nobody is kept on the phone longer before the first key.
MAX_S = 120
_MAX_CHANNELS = 2
_RATES_HZ = range(4_000, 48_001)
_FORMATS = frozenset({"WAV", "WAVEX", "MP3", "OGG"})


def probe(data: bytes) -> None:
    """Refuse a sound file that calls will not play.

    Raises
    ------
    SoundError
        With what is wrong, in a sentence.
    """
    import soundfile  # noqa: PLC0415 - loads a library

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            kind, rate_hz = file.format, int(file.samplerate)
            length_s = file.frames / rate_hz
            n_read = 0
            if kind in _FORMATS and file.channels <= _MAX_CHANNELS:
                n_read = len(file.read(rate_hz, dtype="float32"))
    except (soundfile.SoundFileError, ValueError, OverflowError, ZeroDivisionError):
        raise SoundError("It cannot be read as sound.") from None
    if kind not in _FORMATS:
        raise SoundError(f"It is a {kind} file, not WAV, MP3 or OGG.")
    if n_read == 0:
        raise SoundError("It is empty, or has more than two channels.")
    if rate_hz not in _RATES_HZ:
        raise SoundError(f"Its sampling rate is {rate_hz} Hz.")
    if length_s > MAX_S:
        raise SoundError(f"It takes longer than {MAX_S} seconds.")
