"""What the views of sound need, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from telephony.sound.prompt_desk import LanguageLine, PromptLine
from telephony.sound.recordings import Recording
from telephony.sound.service import Spoken


class Prompts(Protocol):
    """What calls say; ``telephony.sound.prompt_desk.PromptDesk``."""

    def languages(self) -> Sequence[LanguageLine]:
        """Every language that has texts or borrows them."""
        ...

    def scripts(self) -> Sequence[str]:
        """Names of all scripts."""
        ...

    def prompts(self, language: str, script: str = "") -> Sequence[PromptLine]:
        """Texts of a script, or of all, as calls in a language say them."""
        ...

    def picture(self, script: str, language: str) -> str:
        """A script as SVG."""
        ...

    def rehearse(self, language: str, key: str) -> str:
        """Name of the sound that speaks a text."""
        ...


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
