"""Everybody as arrays: from a polygon to an audience without asking the database.

The registry is derived from the database and may be thrown away at any time; its
revision says which state of the database it shows. One 32-bit word a person holds what
an audience is counted and filtered by.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geofence import PointIndex
from telephony.delivery import Channel
from warning.recipients import Exclusion
from warning.subscribers import STATUSES, Status

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.ports import AreaRow, PeopleColumns, PlaceColumns


@dataclass(frozen=True, slots=True)
class _Field:
    """Some bits of a person's word."""

    shift: int
    width: int

    def of(self, words: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The field's value in each word."""
        mask = np.uint32((1 << self.width) - 1)
        return (words >> np.uint32(self.shift)) & mask

    def put(self, values: NDArray[np.generic] | int) -> NDArray[np.uint32]:
        """Words that hold the values in this field and nothing else."""
        return np.asarray(values, dtype=np.uint32) << np.uint32(self.shift)


# The layout of the word. 16 bits of areas are enough for every commune of most
# countries; the level that is counted by is chosen when the registry is built.
LANGUAGE = _Field(0, 7)
CHANNELS = _Field(7, 2)
STATUS = _Field(9, 2)
VULNERABLE = _Field(11, 1)
DRILL = _Field(12, 1)
AREA = _Field(13, 16)
#: Set for every person, so that 0 means "no such person".
KNOWN = _Field(31, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceCounts:
    """How many people a polygon concerns, and which."""

    n: int
    by_language: Mapping[str, int]
    #: Area code → people; ``""`` for those in no known area.
    by_area: Mapping[str, int]
    by_channel: Mapping[str, int]
    #: Exclusion → people.
    excluded: Mapping[str, int]
    geofence_ms: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The people inside a polygon, with their words, ascending by id."""

    #: (n,) int64.
    ids: NDArray[np.int64]
    #: (n,) uint32.
    words: NDArray[np.uint32]
    geofence_ms: float


class Registry:
    """Who is where, and how each can be reached.

    Parameters
    ----------
    index : PointIndex
        Every place with coordinates; ids are subscriber ids.
    words : (max id + 1,) uint32 array
        A person's word by subscriber id.
    languages, areas : sequence of str
        What the fields of a word count from 0. ``areas[0]`` is ``""``: none known.
    by_area_only : mapping
        Area geometry's code → people of whom only this area is known.
    area_geometry : mapping
        Area code → geometry, lon and lat in WGS 84 degrees.
    revision : int
        The state of the database this shows.
    """

    def __init__(
        self,
        *,
        index: PointIndex,
        words: NDArray[np.uint32],
        languages: Sequence[str],
        areas: Sequence[str],
        by_area_only: Mapping[str, NDArray[np.int64]],
        area_geometry: Mapping[str, Polygon | MultiPolygon],
        revision: int,
    ) -> None:
        self._index = index
        self._words = words
        self._languages = tuple(languages)
        self._areas = tuple(areas)
        self._by_area_only = dict(by_area_only)
        self._area_geometry = dict(area_geometry)
        self.revision = revision

    @property
    def n_people(self) -> int:
        """How many people are registered, whatever their status."""
        return int(np.count_nonzero(self._words))

    def select(self, geometry: Polygon | MultiPolygon) -> Selection:
        """The people inside, boundary included; each once.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.

        Notes
        -----
        Of whom only an area is known is inside when any of that area is: better one
        person too many than one lost.
        """
        start = time.perf_counter()
        ids = self._index.inside(geometry)
        if self._by_area_only:
            ids = np.union1d(ids, self._known_by_area(geometry))
        else:
            ids = np.sort(ids)
        elapsed_ms = (time.perf_counter() - start) * 1000
        return Selection(ids=ids, words=self._words[ids], geofence_ms=elapsed_ms)

    def counts(self, selection: Selection, *, is_drill: bool = False) -> AudienceCounts:
        """Count a selection by everything an operator asks for."""
        words = selection.words
        channels = CHANNELS.of(words)
        return AudienceCounts(
            n=len(words),
            by_language=_count(LANGUAGE.of(words), self._languages),
            by_area=_count(AREA.of(words), self._areas),
            by_channel={
                channel.word: int(np.count_nonzero(channels & channel.value))
                for channel in Channel
            },
            excluded=_count(
                exclusion_codes(words, is_drill=is_drill), ("", *Exclusion), skip=0
            ),
            geofence_ms=selection.geofence_ms,
        )

    def area_of(self, ids: NDArray[np.int64]) -> list[str]:
        """The area code of each person; ``""`` where none is known.

        Somebody registered after this registry was built has none here.
        """
        words = np.zeros(len(ids), dtype=np.uint32)
        is_here = ids < len(self._words)
        words[is_here] = self._words[ids[is_here]]
        return [self._areas[code] for code in AREA.of(words)]

    def _known_by_area(self, geometry: Polygon | MultiPolygon) -> NDArray[np.int64]:
        touched = [
            ids
            for code, ids in self._by_area_only.items()
            if code in self._area_geometry
            and shapely.intersects(self._area_geometry[code], geometry)
        ]
        return np.concatenate(touched) if touched else np.empty(0, dtype=np.int64)


def exclusion_codes(words: NDArray[np.uint32], *, is_drill: bool) -> NDArray[np.uint8]:
    """Why each person is left out: 0 for no reason, else 1 + place in ``Exclusion``.

    Parameters
    ----------
    words : (n,) uint32 array
        Persons' words.
    is_drill : bool
        Whether only the drill group may be told.

    Returns
    -------
    (n,) uint8 array
    """
    order = list(Exclusion)
    status = STATUS.of(words)
    codes = np.zeros(len(words), dtype=np.uint8)
    # The last rule that fits wins: what the person said outranks what we know.
    rules = (
        (Exclusion.NOT_IN_DRILL, (DRILL.of(words) == 0) & is_drill),
        (Exclusion.NO_CHANNEL, CHANNELS.of(words) == 0),
        (Exclusion.RESTING, status == STATUSES.index(Status.RESTING)),
        (Exclusion.OPTED_OUT, status == STATUSES.index(Status.OPTED_OUT)),
        (Exclusion.GONE, status == STATUSES.index(Status.ERASED)),
    )
    for exclusion, applies in rules:
        codes[applies] = 1 + order.index(exclusion)
    return codes


def sending_order(
    selection: Selection, *, is_drill: bool, seed: int
) -> NDArray[np.int64]:
    """The people of a selection in the order in which they will be told.

    The vulnerable first, then a shuffle that is the same for the same seed, so that no
    village waits for another; those left out last.

    Returns
    -------
    (n,) int64 array
        Subscriber ids.
    """
    shuffle = np.random.default_rng(seed).permutation(len(selection.ids))
    is_excluded = exclusion_codes(selection.words, is_drill=is_drill) > 0
    is_calm = VULNERABLE.of(selection.words) == 0
    return selection.ids[np.lexsort((shuffle, is_calm, is_excluded))]


def build_registry(
    people: PeopleColumns,
    places: PlaceColumns,
    areas: Sequence[AreaRow],
    *,
    revision: int,
) -> Registry:
    """Make the registry of one state of the database.

    Parameters
    ----------
    people, places
        Columns as the store reads them.
    areas : sequence of AreaRow
        The areas of the level that audiences are counted by.
    """
    size = int(people.ids.max()) + 1 if len(people.ids) else 1
    words = np.zeros(size, dtype=np.uint32)
    words[people.ids] = (
        LANGUAGE.put(people.language)
        | CHANNELS.put(people.channels)
        | STATUS.put(people.status)
        | VULNERABLE.put(people.vulnerable)
        | DRILL.put(people.in_drill_group)
        | KNOWN.put(1)
    )
    index = PointIndex.build(places.subscriber_ids, places.lon, places.lat)
    codes = ["", *(area.code for area in areas)]
    for number, area in enumerate(areas, start=1):
        _set_area(words, index.inside(area.geometry), number)
    for code, ids in places.by_area_only.items():
        if code in codes:
            _set_area(words, ids, codes.index(code))
    return Registry(
        index=index,
        words=words,
        languages=people.languages,
        areas=codes,
        by_area_only=places.by_area_only,
        area_geometry={area.code: area.geometry for area in areas},
        revision=revision,
    )


def _set_area(words: NDArray[np.uint32], ids: NDArray[np.int64], number: int) -> None:
    """Give an area to those who have none yet: a person counts once."""
    free = ids[AREA.of(words[ids]) == 0]
    words[free] |= AREA.put(number)


def _count(
    codes: NDArray[np.generic], names: Sequence[str], *, skip: int | None = None
) -> dict[str, int]:
    """Count codes under their names; what nobody has is left out."""
    counts = np.bincount(codes.astype(np.int64), minlength=len(names))
    return {
        str(name): int(count)
        for code, (name, count) in enumerate(zip(names, counts, strict=True))
        if count and code != skip
    }


class CurrentRegistry:
    """The registry that shows the database as it is now.

    Parameters
    ----------
    read_revision : callable
        Asks the database for its revision; cheap, asked at every use.
    build : callable
        Reads the database and builds a registry.
    """

    def __init__(
        self, *, read_revision: Callable[[], int], build: Callable[[], Registry]
    ) -> None:
        self._read_revision = read_revision
        self._build = build
        self._lock = threading.Lock()
        self._registry: Registry | None = None

    def __call__(self) -> Registry:
        """Return it, built anew if the database has moved on."""
        with self._lock:
            registry = self._registry
            if registry is None or registry.revision != self._read_revision():
                registry = self._registry = self._build()
            return registry

    def latest(self) -> Registry:
        """Return the one there is, perhaps of a moment ago; built if there is none."""
        return self._registry or self()
