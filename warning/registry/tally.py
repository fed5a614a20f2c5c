"""How many people have which word: all that the counts of an audience need.

Language, area, and all that decides whether and how somebody is told are counted apart;
the last is one field of six bits, so that a drill and a warning come from one count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofence import Field, Mask, PointIndex
from geofence.repair import AreaGeometry
from telephony.delivery import Channel
from warning.recipients import Exclusion
from warning.registry import person_words as word

_LANGUAGE = Field("language", word.LANGUAGE.shift, word.LANGUAGE.width)
_AREA = Field("area", word.AREA.shift, word.AREA.width)
#: Channels, status, vulnerable and drill group lie side by side.
_KIND = Field("kind", word.CHANNELS.shift, word.AREA.shift - word.CHANNELS.shift)
_FIELDS = (_LANGUAGE, _AREA, _KIND)

#: In the index the bit that says that somebody exists says instead that some place of
#: theirs is known by its area alone: no query of points can tell if it is inside.
_BY_AREA_TOO = 1 << word.KNOWN.shift
_PLACED = int(word.PLACED.put(1))
#: Whoever the points alone decide.
BY_POINTS = Mask(all_of=_PLACED, none_of=_BY_AREA_TOO)
#: Whoever an area may decide as well.
BY_AREA_TOO = Mask(all_of=_PLACED | _BY_AREA_TOO)

_KINDS = (np.arange(_KIND.size, dtype=np.uint32) << np.uint32(_KIND.shift)) | (
    word.KNOWN.put(1)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of people by the fields of their words."""

    #: By the number of a language, of an area, of a kind (``_KINDS``).
    languages: NDArray[np.int64]
    areas: NDArray[np.int64]
    kinds: NDArray[np.int64]
    #: People without a word: erased since.
    n_gone: int = 0

    @classmethod
    def of(cls, words: NDArray[np.uint32]) -> Tally:
        """Count people by their words, (n,) uint32."""
        known = words[word.KNOWN.of(words) == 1]
        languages, areas, kinds = (
            np.bincount(field.of(known), minlength=field.size) for field in _FIELDS
        )
        return cls(languages, areas, kinds, n_gone=len(words) - len(known))

    @classmethod
    def by_points(cls, index: PointIndex, geometry: AreaGeometry) -> Tally:
        """Count the people inside whom the points alone decide, without their ids.

        Parameters
        ----------
        index : PointIndex
            Its attributes are ``index_words``.
        geometry : Polygon or MultiPolygon
            Lon and lat in WGS 84 degrees.
        """
        counts = index.breakdown(geometry, _FIELDS, where=BY_POINTS).counts
        return cls(counts["language"], counts["area"], counts["kind"])

    def __add__(self, other: Tally) -> Tally:
        """Count two groups of different people together."""
        return Tally(
            self.languages + other.languages,
            self.areas + other.areas,
            self.kinds + other.kinds,
            self.n_gone + other.n_gone,
        )

    @property
    def n(self) -> int:
        """How many people."""
        return int(self.kinds.sum()) + self.n_gone

    def by_channel(self) -> dict[str, int]:
        """Channel → people who can be reached by it."""
        channels = word.CHANNELS.of(_KINDS)
        return {
            channel.word: int(self.kinds[channels & channel.value > 0].sum())
            for channel in Channel
        }

    def excluded(self, *, is_drill: bool) -> dict[str, int]:
        """Exclusion → people left out for it."""
        codes = word.exclusion_codes(_KINDS, is_drill=is_drill)
        names = list(Exclusion)
        counts = np.zeros(1 + len(names), dtype=np.int64)
        np.add.at(counts, codes, self.kinds)
        counts[1 + names.index(Exclusion.GONE)] += self.n_gone
        return named(counts[1:], names)


def index_words(
    words: NDArray[np.uint32],
    ids: NDArray[np.int64],
    by_area_only: Mapping[str, NDArray[np.int64]],
) -> NDArray[np.uint32]:
    """What the index carries of each person.

    Parameters
    ----------
    words : (n,) uint32 array
        Words by id. Whoever is beyond its end, or has none, is not counted.
    ids : (k,) int64 array
        Whose are wanted.
    by_area_only : mapping
        Area code → people with a place of which only this area is known.

    Returns
    -------
    (k,) uint32 array
    """
    carried = np.zeros(len(ids), dtype=np.uint32)
    is_here = ids < len(words)
    carried[is_here] = words[ids[is_here]] & ~word.KNOWN.put(1)
    for known in by_area_only.values():
        carried[np.isin(ids, known)] |= np.uint32(_BY_AREA_TOO)
    return carried


def named(counts: NDArray[np.int64], names: Sequence[str]) -> dict[str, int]:
    """Counts under their names; what nobody has is left out."""
    return {
        str(names[number]): int(counts[number])
        for number in np.flatnonzero(counts).tolist()
    }
