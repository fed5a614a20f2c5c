"""What calls say again and again, as it is written for a telco: worked out once.

A warning is spoken to thousands in the same words, and every step of every call says
some of them. How they are spoken changes only when a recording is made or goes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

#: A text has a few pieces for each language and telco; a page of places has its own.
_MAX_KEPT = 2_000
#: What is longer is rare, and not worth its room.
_MAX_CHARACTERS = 20_000


class KeptSpeech:
    """Keeps speech for as long as the same sounds are there.

    Parameters
    ----------
    edition : callable
        A value that is another one when sounds may have changed.
    """

    def __init__(self, edition: Callable[[], object]) -> None:
        self._edition = edition
        self._of: object = None
        self._kept: dict[Hashable, str] = {}

    def speech(self, key: Hashable, write: Callable[[], str]) -> str:
        """Speech under a key, written now if it is not kept."""
        edition = self._edition()
        if edition != self._of or len(self._kept) >= _MAX_KEPT:
            # A new dictionary: what another thread is writing stays in the old one.
            self._of, self._kept = edition, {}
        kept = self._kept
        found = kept.get(key)
        if found is None:
            found = write()
            if len(found) <= _MAX_CHARACTERS:
                kept[key] = found
        return found
