"""The computer's voice: espeak-ng, a program that needs no network.

It speaks some languages that telcos do not, plainly but understandably. Each text is
rendered once; its sound is named after program, voice and words, so that a new release
of the program makes new sounds and calls never play an old one by mistake.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from telephony.errors import SoundError
from telephony.sound.prompt_sound import made_ready
from telephony.sound.shelf import Shelf

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
#: Words a minute: slower than its usual 175, for people who hear it once, in fear.
WORDS_PER_MINUTE = 145
#: A minute of speech takes it a tenth of a second.
_TIMEOUT_S = 10.0
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+")
#: Control characters would be read as commands of its own.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Shell(Protocol):
    """Runs a program."""

    def __call__(self, arguments: Sequence[str], stdin: bytes) -> bytes:
        """Return what it wrote; raises ``SoundError`` if it failed or is not there."""
        ...


def run(arguments: Sequence[str], stdin: bytes) -> bytes:
    """Run a program that is on the path, with a limit of time.

    Raises
    ------
    SoundError
        If it is not there, fails or does not end.
    """
    program = shutil.which(arguments[0])
    if program is None:
        raise SoundError(f"{arguments[0]} is not installed.")
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the words go to its input
            [program, *arguments[1:]],
            input=stdin,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SoundError(f"{arguments[0]} did not speak.") from error
    return done.stdout


class EspeakRenderer:
    """``book.Renderer`` by espeak-ng; without the program it speaks nothing.

    Parameters
    ----------
    shelf : Shelf
        Keeps what was rendered.
    shell : callable
        Runs the program.
    """

    def __init__(self, shelf: Shelf, shell: Shell = run) -> None:
        self._shelf = shelf
        self._shell = shell

    @cached_property
    def version(self) -> str:
        """Version of the program; empty if it is not installed."""
        try:
            told = self._shell([PROGRAM, "--version"], b"").decode(errors="replace")
        except SoundError:
            return ""
        found = _VERSION.search(told)
        return found.group() if found else "unknown"

    @cached_property
    def voices(self) -> frozenset[str]:
        """Language tags it has voices for, in lower case."""
        if not self.version:
            return frozenset()
        try:
            told = self._shell([PROGRAM, "--voices"], b"").decode(errors="replace")
        except SoundError:
            return frozenset()
        rows = [line.split() for line in told.splitlines()[1:]]
        return frozenset(row[1].lower() for row in rows if len(row) > 1)

    def speaks(self, language: str) -> bool:
        """Whether it has a voice for a language, or for its first part."""
        return self._voice(language) is not None

    def rendered(self, language: str, words: str) -> str | None:
        """Name of the sound that speaks these words; made at the first asking."""
        voice = self._voice(language)
        plain = " ".join(_CONTROL.sub(" ", words).split())
        if voice is None or not plain:
            return None
        name = "\0".join((PROGRAM, self.version, voice, str(WORDS_PER_MINUTE), plain))
        digest = sha256(name.encode()).hexdigest()
        if self._shelf.find(digest) is None:
            try:
                self._shelf.put(digest, self._render(voice, plain))
            except SoundError as error:
                log.warning("not rendered: %s", error)
                return None
        return digest

    def _render(self, voice: str, words: str) -> bytes:
        arguments = [
            PROGRAM, "-v", voice, "-s", str(WORDS_PER_MINUTE), "-b", "1",
            "--stdin", "--stdout",
        ]  # fmt: skip
        return made_ready(self._shell(arguments, words.encode())).wav

    def _voice(self, language: str) -> str | None:
        tag = language.lower()
        for voice in (tag, tag.partition("-")[0]):
            if voice in self.voices:
                return voice
        # Dialects of a language stand for it: it has en-gb and en-us, but no en.
        return min((v for v in self.voices if v.startswith(f"{tag}-")), default=None)
