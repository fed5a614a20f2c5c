"""Languages are offered in a call only if the call can be heard in them.

Where nobody has recorded a language and no voice speaks it, its own name would be said
in another: "press 6 for English", and whoever pressed it would still hear English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivr_scripts.catalogue import Catalogue, Wording
from ivr_scripts.interpreter import LANGUAGES_LOOKUP
from ivr_scripts.model import Lookup, LookupRequest, Option, Prompt
from telephony.calls.spoken import Sounds
from telephony.calls.twiml import Dialect, speakable


@dataclass(frozen=True, kw_only=True, slots=True)
class AudibleLanguages:
    """The lists of a call without languages that nobody could hear.

    Parameters
    ----------
    lookup : Lookup
        Where lists come from.
    catalogue : Catalogue
        The words by which languages offer themselves.
    sounds : Sounds
        What can be played.
    dialect : Dialect
        Whose voices there are.
    """

    lookup: Lookup
    catalogue: Catalogue
    sounds: Sounds
    dialect: Dialect

    def options(self, request: LookupRequest) -> Sequence[Option]:
        """Choices in the order to offer them; raises as ``lookup``."""
        found = self.lookup.options(request)
        if request.name != LANGUAGES_LOOKUP:
            return found
        return [one for one in found if self._is_audible(one)]

    def name(self, pick: str, value: str, language: str) -> str:
        """Words for a value picked earlier; raises as ``lookup``."""
        return self.lookup.name(pick, value, language)

    def _is_audible(self, option: Option) -> bool:
        words = self._words(option)
        return (
            speakable(words.language, self.dialect)
            or self.sounds.recorded(words) is not None
            or self.sounds.rendered(words) is not None
        )

    def _words(self, option: Option) -> Wording:
        prompt = Prompt(option.language or option.value, option.key, option.text)
        return self.catalogue.wording(prompt, {})
