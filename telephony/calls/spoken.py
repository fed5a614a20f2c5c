"""In whose voice a prompt is heard: a person's, the telco's, or a computer's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ivr_scripts.catalogue import Catalogue, Wording
from ivr_scripts.model import Prompt
from telephony.calls.twiml import Audio, Dialect, Sound, Speech, speakable


class Sounds(Protocol):
    """Sounds that speak words; ``sound.book.SoundBook``."""

    def recorded(self, wording: Wording) -> str | None:
        """Absolute address of the words in a person's voice."""
        ...

    def rendered(self, wording: Wording) -> str | None:
        """Absolute address of the words in a computer's voice."""
        ...

    def named(self, name: str) -> str | None:
        """Absolute address of a sound by its name; None if it is not there."""
        ...

    def edition(self) -> object:
        """A value that is another one when sounds may have changed."""
        ...


class NoSounds:
    """Nothing is recorded and no computer speaks: the telco's voices alone."""

    def recorded(self, wording: Wording) -> str | None:
        """Nobody has recorded anything."""
        return None

    def rendered(self, wording: Wording) -> str | None:
        """No computer speaks."""
        return None

    def named(self, name: str) -> str | None:
        """There are no sounds."""
        return None

    def edition(self) -> int:
        """Nothing ever changes."""
        return 0


#: There is nothing in it that could differ.
NO_SOUNDS = NoSounds()


@dataclass(frozen=True, slots=True)
class SpokenSource:
    """The usual source of prompts: a recording if there is one, else words.

    Next after a recording comes the telco's voice, then the computer's, which is
    plainer. Where none of them has the language, the words of the fall-back language
    are spoken: better understood by some than by none.

    Parameters
    ----------
    catalogue : Catalogue
        The words.
    variables : callable
        What the alert or case says, by language tag.
    sounds : Sounds
        What can be played.
    dialect : Dialect
        Whose voices.
    fallback : str
        Language to speak if there is neither recording nor voice.
    """

    catalogue: Catalogue
    variables: Callable[[str], Mapping[str, str]]
    sounds: Sounds = NO_SOUNDS
    dialect: Dialect = Dialect.TWILIO
    fallback: str = "en"

    def __call__(self, prompt: Prompt) -> Sound:
        """Sound for one prompt."""
        if prompt.sound:
            url = self.sounds.named(prompt.sound)
            # What is not there any more is passed over; the menu after it is not.
            return Speech("", prompt.language) if url is None else Audio(url)
        words = self.catalogue.wording(prompt, self.variables(prompt.language))
        url = self._sound_of(words)
        if url is None and not speakable(words.language, self.dialect):
            # A name supplied in one language only is all there is to say.
            other = Prompt(self.fallback, prompt.key, prompt.text)
            words = self.catalogue.wording(other, self.variables(self.fallback))
            url = self._sound_of(words)
        if url is not None:
            return Audio(url)
        is_supplied = not prompt.key or prompt.key.startswith("$")
        text = _sentence(words.text) if is_supplied else words.text
        return Speech(text, words.language)

    def _sound_of(self, words: Wording) -> str | None:
        url = self.sounds.recorded(words)
        if url is None and not speakable(words.language, self.dialect):
            return self.sounds.rendered(words)
        return url


def _sentence(text: str) -> str:
    """End words of an operator with a stop, so that the voice rests after them."""
    text = text.rstrip()
    return f"{text}." if text[-1:].isalnum() else text
