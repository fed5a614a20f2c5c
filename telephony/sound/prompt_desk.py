"""What calls say, text by text: whose voice speaks it, and what nobody has spoken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ivr_scripts.catalogue import PLACEHOLDER, Catalogue
from ivr_scripts.checks import spoken_keys
from ivr_scripts.graph import draw
from ivr_scripts.model import Script
from telephony.calls.twiml import Dialect, speakable
from telephony.errors import SoundNotFoundError
from telephony.sound.book import Renderer
from telephony.sound.recordings import Recording, UnitOfWork, WordsId, words_id

#: Texts that are read and never spoken.
_WRITTEN = "sms."


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptLine:
    """One text of calls in one language."""

    key: str
    words: str
    #: Language that the words are in; another one where a fall-back stands in.
    language: str
    #: Filled by each call anew, so nobody can record it once for all.
    has_gaps: bool
    recording: Recording | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageLine:
    """How far the texts of a language are spoken."""

    language: str
    name: str
    n_texts: int
    n_recorded: int
    #: Whether every carrier that calls has a voice for it.
    is_spoken_by_carriers: bool
    #: Whether this machine has one.
    is_spoken_here: bool
    #: Whose texts stand in where it has none.
    fallback: str

    @property
    def n_missing(self) -> int:
        """Texts that nobody has recorded."""
        return self.n_texts - self.n_recorded

    @property
    def is_hearable(self) -> bool:
        """Whether every text is spoken by somebody or something."""
        voice = self.is_spoken_by_carriers or self.is_spoken_here
        return self.n_texts > 0 and (voice or not self.n_missing)


class PromptDesk:
    """Looks at the texts of calls.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    catalogue : callable
        Scripts and texts; called when something is asked.
    renderer : Renderer
        Speaks where nobody has.
    dialects : collection of Dialect
        Of the carriers that call.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        catalogue: Callable[[], Catalogue],
        renderer: Renderer,
        dialects: Collection[Dialect] = (),
    ) -> None:
        self._read_uow = read_uow
        self._catalogue = catalogue
        self._renderer = renderer
        self._dialects = dialects

    def languages(self) -> Sequence[LanguageLine]:
        """Every language that has texts or borrows them, by tag."""
        recorded = self._recorded()
        texts = self._catalogue().texts
        lines = []
        for tag in self._catalogue().languages:
            prompts = _recordable(texts[tag].prompts)
            n_recorded = sum(words_id(tag, one) in recorded for one in prompts.values())
            lines.append(
                LanguageLine(
                    language=tag,
                    name=texts[tag].name,
                    n_texts=len(prompts),
                    n_recorded=n_recorded,
                    is_spoken_by_carriers=all(
                        speakable(tag, one) for one in self._dialects
                    ),
                    is_spoken_here=self._renderer.speaks(tag),
                    fallback=texts[tag].fallback,
                )
            )
        return lines

    def scripts(self) -> Sequence[str]:
        """Names of all scripts, sorted."""
        return sorted(self._catalogue().scripts)

    def prompts(self, language: str, script: str = "") -> Sequence[PromptLine]:
        """Texts of a script, or of all, as calls in a language say them.

        Raises
        ------
        SoundNotFoundError
            If there is no such script, or no text in the language.
        """
        catalogue = self._catalogue()
        chain = list(catalogue.chain(language))
        if not chain:
            raise SoundNotFoundError(f"There are no texts in {language[:20]!r}.")
        recorded = self._recorded()
        wanted = spoken_keys(self._script(script)) if script else None
        lines: dict[str, PromptLine] = {}
        for tag in chain:
            for key, words in catalogue.texts[tag].prompts.items():
                is_asked = not key.startswith(_WRITTEN) and (
                    wanted is None or key in wanted
                )
                if is_asked and key not in lines:
                    lines[key] = PromptLine(
                        key=key,
                        words=words,
                        language=tag,
                        has_gaps=PLACEHOLDER.search(words) is not None,
                        recording=recorded.get(words_id(tag, words)),
                    )
        return list(lines.values())

    def picture(self, script: str, language: str) -> str:
        """A script as an SVG document, its words in a language.

        Raises
        ------
        SoundNotFoundError
            If there is no such script.
        """
        return draw(self._script(script), self._catalogue(), language)

    def rehearse(self, language: str, key: str) -> str:
        """Return the name of the sound that speaks a text, made now if it must be.

        Raises
        ------
        SoundNotFoundError
            If there is no such text, or nobody here can speak it.
        """
        words = next(
            (
                one
                for one in self.prompts(language)
                if one.key == key and not one.has_gaps
            ),
            None,
        )
        if words is None:
            raise SoundNotFoundError(f"There is no text {key[:60]!r} to be spoken.")
        if words.recording is not None:
            return words.recording.sound
        sound = self._renderer.rendered(words.language, words.words)
        if sound is None:
            raise SoundNotFoundError(
                f"Nobody has recorded {key[:60]!r}, and this machine has no voice for "
                f"{words.language[:20]!r}."
            )
        return sound

    def _script(self, name: str) -> Script:
        script = self._catalogue().scripts.get(name)
        if script is None:
            raise SoundNotFoundError(f"There is no telephone script {name[:40]!r}.")
        return script

    def _recorded(self) -> Mapping[WordsId, Recording]:
        with self._read_uow() as uow:
            return {one.words_id: one for one in uow.prompt_recordings.all()}


def _recordable(prompts: Mapping[str, str]) -> dict[str, str]:
    """Texts that are spoken, and spoken alike in every call."""
    return {
        key: words
        for key, words in prompts.items()
        if not key.startswith(_WRITTEN) and PLACEHOLDER.search(words) is None
    }
