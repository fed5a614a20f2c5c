"""Which sound speaks given words, asked for every prompt of every call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from ivr_scripts.catalogue import Wording
from telephony.sound.recordings import UnitOfWork, WordsId, words_id
from telephony.sound.shelf import Shelf

#: A new recording is heard in calls after at most so long.
_FRESH_FOR = timedelta(seconds=5)


class Renderer(Protocol):
    """Speaks words into a sound, where it has the voice."""

    def speaks(self, language: str) -> bool:
        """Whether it has a voice for a language."""
        ...

    def rendered(self, language: str, words: str) -> str | None:
        """Name of the sound that speaks these words; None if it could not be made."""
        ...


class SoundUrls:
    """Where carriers fetch sounds."""

    def __init__(self, public_url: str) -> None:
        self._base = f"{public_url.rstrip('/')}/telephony/audio"

    def of(self, digest: str) -> str:
        """Address of a sound: nobody can guess it who does not have the sound."""
        return f"{self._base}/{digest}.wav"


class SoundBook:
    """Finds recordings by words; keeps what it read for a few seconds.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    shelf : Shelf
        Where the sounds are.
    urls : SoundUrls
    renderer : Renderer
        Asked where nobody has recorded the words.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        shelf: Shelf,
        urls: SoundUrls,
        renderer: Renderer,
        now: Callable[[], datetime],
    ) -> None:
        self._read_uow = read_uow
        self._shelf = shelf
        self._urls = urls
        self._renderer = renderer
        self._now = now
        self._sounds: Mapping[WordsId, str] = {}
        self._read_at: datetime | None = None

    def recorded(self, wording: Wording) -> str | None:
        """Address of a recording of these words; None if nobody has spoken them."""
        sound = self._recordings().get(words_id(wording.language, wording.text))
        # A backup may have brought rows back without the files.
        if sound is None or self._shelf.find(sound) is None:
            return None
        return self._urls.of(sound)

    def rendered(self, wording: Wording) -> str | None:
        """Address of these words in a computer's voice; None if there is no voice."""
        sound = self._renderer.rendered(wording.language, wording.text)
        return None if sound is None else self._urls.of(sound)

    def named(self, name: str) -> str | None:
        """Address of a sound by its name; None if it is not there."""
        return None if self._shelf.find(name) is None else self._urls.of(name)

    def edition(self) -> object:
        """The time at which the list was read; again every few seconds."""
        self._recordings()
        return self._read_at

    def is_hearable(self, wording: Wording) -> bool:
        """Whether words can be played, by a person's or a computer's voice."""
        return (
            self._renderer.speaks(wording.language)
            or self.recorded(wording) is not None
        )

    def _recordings(self) -> Mapping[WordsId, str]:
        now = self._now()
        if self._read_at is None or now - self._read_at >= _FRESH_FOR:
            with self._read_uow() as uow:
                found = uow.prompt_recordings.all()
            self._sounds = {one.words_id: one.sound for one in found}
            self._read_at = now
        return self._sounds
