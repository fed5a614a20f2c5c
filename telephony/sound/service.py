"""What operators do with recordings: add one, and see which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr_scripts.catalogue import Catalogue
from telephony.errors import SoundError, SoundNotFoundError
from telephony.sound.prompt_sound import made_ready
from telephony.sound.recordings import Origin, Recording, UnitOfWork, keep_and_note
from telephony.sound.shelf import Shelf

#: More than any text that a call speaks.
MAX_WORDS_CHARACTERS = 3_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """Which words a sound speaks: of a text of ours, or an alert's own."""

    language: str
    #: Key of a text of ours, or empty.
    key: str = ""
    #: The words themselves, if they are not of a text of ours.
    words: str = ""


class RecordingService:
    """Keeps recordings.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    shelf : Shelf
        Where the sounds are.
    catalogue : callable
        The texts of ours; called when a key is given.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        shelf: Shelf,
        catalogue: Callable[[], Catalogue],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._shelf = shelf
        self._catalogue = catalogue
        self._now = now

    def add(
        self, spoken: Spoken, data: bytes, *, by: str, origin: Origin = Origin.UPLOADED
    ) -> Recording:
        """Keep a sound file as the recording of words.

        Raises
        ------
        SoundError
            If the file cannot be used, or it is not clear which words it speaks.
        SoundNotFoundError
            If there is no text of this key in this language.
        """
        words = self.words_of(spoken)
        sound = made_ready(data)
        # The file first: a row whose sound is missing would be worse than a file that
        # nobody asks for.
        self._shelf.put(sound.digest, sound.wav)
        recording = Recording(
            language=spoken.language,
            words=words,
            key=spoken.key,
            sound=sound.digest,
            duration_ms=sound.duration_ms,
            origin=origin,
            made_by=by,
            made_at=self._now(),
        )
        with self._new_uow() as uow:
            keep_and_note(uow, recording)
            uow.commit()
        return recording

    def all(self) -> Sequence[Recording]:
        """Every recording, by language, key and words."""
        with self._read_uow() as uow:
            return uow.prompt_recordings.all()

    def sound_file(self, digest: str) -> Path:
        """Return the file of a sound.

        Raises
        ------
        SoundNotFoundError
            If there is none of this name.
        """
        path = self._shelf.find(digest)
        if path is None:
            raise SoundNotFoundError("There is no sound of this name.")
        return path

    def words_of(self, spoken: Spoken) -> str:
        """Return the words that are to be spoken.

        Raises
        ------
        SoundError
            If none are given, or too many.
        SoundNotFoundError
            If there is no text of this key in this language.
        """
        if bool(spoken.key) == bool(spoken.words.strip()):
            raise SoundError("Say which words it speaks: give either key or words.")
        if len(spoken.words) > MAX_WORDS_CHARACTERS:
            limit = f"{MAX_WORDS_CHARACTERS:,}"
            raise SoundError(f"The words have more than {limit} characters.")
        if not spoken.key:
            return spoken.words.strip()
        texts = self._catalogue().texts.get(spoken.language)
        words = texts.prompts.get(spoken.key) if texts is not None else None
        if words is None:
            raise SoundNotFoundError(
                f"There is no text {spoken.key[:60]!r} in {spoken.language[:20]!r}; "
                "ivr_scripts/texts has them all."
            )
        if "{" in words:
            raise SoundError(
                f"The text {spoken.key!r} has gaps that each call fills; give the "
                "words as they will be spoken instead of the key."
            )
        return words
