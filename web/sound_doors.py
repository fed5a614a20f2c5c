"""What the views of sound need, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from telephony.sound.recordings import Recording
from telephony.sound.service import Spoken


class Recordings(Protocol):
    """Recordings of what calls say; ``telephony.sound.service.RecordingService``."""

    def add(self, spoken: Spoken, data: bytes, *, by: str) -> Recording:
        """Keep a sound file as the recording of words."""
        ...

    def all(self) -> Sequence[Recording]:
        """Every recording."""
        ...

    def sound_file(self, digest: str) -> Path:
        """Return the file of a sound, or raise ``SoundNotFoundError``."""
        ...
