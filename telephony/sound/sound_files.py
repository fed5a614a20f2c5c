"""The one door to libsndfile: which sound files are read, and how they are opened."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from telephony.errors import SoundError

if TYPE_CHECKING:
    from soundfile import SoundFile

#: As libsndfile calls WAV, MP3 and OGG; it would read forty others.
FORMATS = frozenset({"WAV", "WAVEX", "MP3", "OGG"})
MAX_CHANNELS = 2


@contextmanager
def opened(data: bytes, *, unreadable: str) -> Iterator[SoundFile]:
    """Open a sound file that nobody has looked at yet.

    Parameters
    ----------
    data : bytes
    unreadable : str
        What is said of a file that cannot be opened, or not be read to its end.

    Raises
    ------
    SoundError
        With that sentence.
    """
    import soundfile  # noqa: PLC0415 - loads a library: a fifth of a second

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            yield file
    except (soundfile.SoundFileError, ValueError, ArithmeticError) as error:
        raise SoundError(unreadable) from error
