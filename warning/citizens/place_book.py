"""Places that people name by words or choose from a menu: the imported areas.

Names without outlines, so that a call's next words never wait for geometry.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

#: What may travel in the address of a call.
_PICKABLE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
#: Areas may have been imported since; nobody notices a second.
_LOOK_AGAIN = timedelta(seconds=1)
#: Accents from here on belong to other scripts, where they are letters.
_AFTER_LATIN = "\u0370"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceEntry:
    """An administrative area without its outline."""

    code: str
    name: str
    #: BCP 47 → name.
    names: Mapping[str, str] = field(default_factory=dict)
    #: 0 country, 1 province, 2 district, 3 commune.
    level: int
    parent: str | None = None

    def name_in(self, language: str) -> str:
        """The name in a language, else the one it is imported with."""
        wanted = language.partition("-")[0]
        return self.names.get(language) or self.names.get(wanted) or self.name


class PlaceBook:
    """Every place, by code, by name, and by what lies in it.

    Parameters
    ----------
    entries : sequence of PlaceEntry
    """

    def __init__(self, entries: Sequence[PlaceEntry]) -> None:
        self._by_code = {one.code: one for one in entries}
        self._parts: dict[str, list[PlaceEntry]] = defaultdict(list)
        self._by_words: dict[str, list[PlaceEntry]] = defaultdict(list)
        for one in sorted(entries, key=lambda one: (one.name.casefold(), one.code)):
            parent = one.parent if one.parent in self._by_code else ""
            self._parts[parent or ""].append(one)
            known = {one.code, one.name, *one.names.values()}
            squeezed = _plain(one.code).replace(" ", "")
            for words in {squeezed, *map(_plain, known)}:
                self._by_words[words].append(one)

    def __len__(self) -> int:
        """How many places."""
        return len(self._by_code)

    def get(self, code: str) -> PlaceEntry | None:
        """The place of a code."""
        return self._by_code.get(code)

    def parts(self, code: str = "") -> Sequence[PlaceEntry]:
        """What lies in a place; without one the provinces.

        A single country above them is not worth a question, and a code that cannot
        travel in a call's address cannot be offered.
        """
        found = self._parts.get(code, [])
        if not code and len(found) == 1 and self._parts.get(found[0].code):
            found = self._parts[found[0].code]
        return [one for one in found if _PICKABLE.fullmatch(one.code)]

    def find(self, words: str) -> PlaceEntry | None:
        """The one place that words mean; None if there is none, or more than one.

        Of two places of one name of which one lies in the other, the larger is meant:
        whoever is warned for it is warned for the smaller one as well.
        """
        plain = _plain(words)
        found = self._by_words.get(plain, [])
        if not found and set(plain) <= set("0123456789"):
            return self.by_digits(plain)
        outer = [one for one in found if not self._is_within_any(one, found)]
        return outer[0] if len(outer) == 1 else None

    def like(self, words: str, *, limit: int) -> Sequence[PlaceEntry]:
        """Places whose name or code has these words in it.

        Those that begin so come first, the larger before the smaller.
        """
        plain = _plain(words)
        if not plain:
            return []
        found: dict[str, tuple[bool, int, str]] = {}
        for known, places in self._by_words.items():
            if plain not in known:
                continue
            for one in places:
                rank = (not known.startswith(plain), one.level, one.name.casefold())
                found[one.code] = min(rank, found.get(one.code, rank))
        best = sorted(found, key=lambda code: (found[code], code))[:limit]
        return [self._by_code[code] for code in best]

    def by_digits(self, digits: str) -> PlaceEntry | None:
        """The one place whose code has these digits, whatever stands between them."""
        if not digits:
            return None
        found = [
            one
            for one in self._by_code.values()
            if _digits(one.code) == digits and _PICKABLE.fullmatch(one.code)
        ]
        return found[0] if len(found) == 1 else None

    def by_seal(self, seal_of: Callable[[str], str], seal: str) -> PlaceEntry | None:
        """The one place of a code that came sealed, as every text of few digits does.

        Parameters
        ----------
        seal_of : callable
            Digits → seal; raises ``ValueError`` for so many digits as are never sealed.
        """
        found = [
            one
            for one in self._by_code.values()
            if _sealed(_digits(one.code), seal_of) == seal
            and _PICKABLE.fullmatch(one.code)
        ]
        return found[0] if len(found) == 1 else None

    def _is_within_any(self, place: PlaceEntry, others: Sequence[PlaceEntry]) -> bool:
        codes = {one.code for one in others if one.code != place.code}
        seen: set[str] = set()
        above = place.parent
        while above is not None and above not in seen:
            if above in codes:
                return True
            seen.add(above)
            entry = self._by_code.get(above)
            above = entry.parent if entry else None
        return False


class PlaceSource(Protocol):
    """Where places are read from."""

    def revision(self) -> int:
        """A number that grows with every change of areas."""
        ...

    def entries(self) -> Sequence[PlaceEntry]:
        """Every area without its outline."""
        ...


class CurrentPlaces:
    """The book of places, read again when areas have changed.

    Parameters
    ----------
    source : PlaceSource
    now : callable
        Aware UTC.
    """

    def __init__(self, source: PlaceSource, *, now: Callable[[], datetime]) -> None:
        self._source = source
        self._now = now
        self._book = PlaceBook(())
        self._revision = -1
        self._looked_at: datetime | None = None

    def __call__(self) -> PlaceBook:
        """Return the places of this moment, at most a second old."""
        now = self._now()
        if self._looked_at is None or abs(now - self._looked_at) >= _LOOK_AGAIN:
            revision = self._source.revision()
            if revision != self._revision:
                self._book = PlaceBook(self._source.entries())
                self._revision = revision
            self._looked_at = now
        return self._book


def _plain(words: str) -> str:
    """Words without accents of Latin letters, capitals, and doubled blanks."""
    spread = unicodedata.normalize("NFKD", words.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(
        sign
        for sign in spread
        if not (unicodedata.combining(sign) and sign < _AFTER_LATIN)
    )
    return " ".join(re.sub(r"[\s.,;:!?_-]+", " ", kept).split()).casefold()


def _sealed(digits: str, seal_of: Callable[[str], str]) -> str | None:
    try:
        return seal_of(digits)
    except ValueError:
        return None


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign in "0123456789")
