"""What the views need around our texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from warning.intake.text_samples import Sample
    from warning.texts.message_templates import MessageTemplates
    from warning.texts.text_changes import TextChange
    from warning.texts.text_exchange import Taken
    from warning.texts.text_lines import LanguageLines


class TextDesk(Protocol):
    """What is done with our texts; ``by`` is an operator's name."""

    def languages(self) -> Sequence[LanguageLines]:
        """Every language that has texts, by its tag."""
        ...

    def language(self, language: str) -> LanguageLines:
        """The texts of one language, or raise ``UnknownTextError``."""
        ...

    def seen_after(self, language: str, *, seen: int, by: str) -> int:
        """The revision with which somebody may go on who has just changed texts."""
        ...

    def changes(self, language: str, path: str) -> Sequence[TextChange]:
        """What was done to a text, the newest first."""
        ...

    def save(
        self, language: str, texts: Mapping[str, str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Let texts say something else; return the names of those that do."""
        ...

    def bring_back(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Go back to what comes with the release."""
        ...

    def review(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Note that a speaker has read texts."""
        ...

    def doubt(
        self, language: str, paths: Iterable[str], *, seen: int, by: str
    ) -> Sequence[str]:
        """Take that back."""
        ...


class TextExchange(Protocol):
    """Texts as files."""

    def written(self, language: str) -> str:
        """The texts of a language as TOML."""
        ...

    def take(self, data: bytes, *, name: str, by: str, is_over: bool = False) -> Taken:
        """Let a file say what is said from now on."""
        ...


class TextSamples(Protocol):
    """Puts texts that are being written into warnings."""

    def of(
        self, language: str, group: str, typed: Mapping[str, str], *, place: str
    ) -> Sequence[Sample]:
        """What people would read."""
        ...


class TextServices(Protocol):
    """Our texts, and which are in force."""

    @property
    def desk(self) -> TextDesk:
        """What is done with them."""
        ...

    @property
    def exchange(self) -> TextExchange:
        """Texts as files."""
        ...

    @property
    def samples(self) -> TextSamples:
        """What people would read."""
        ...

    def templates(self) -> MessageTemplates:
        """The texts that are in force now."""
        ...
