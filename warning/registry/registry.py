"""Everybody as arrays: from a polygon to an audience without asking the database.

The registry is derived from the database and may be thrown away at any time; its
revision says which state of the database it shows. One 32-bit word a person
(``person_words``) holds what an audience is counted and filtered by. How it is made and
kept up to date is told by ``registry_build``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from warning.registry.known_by_area import KnownByArea
from warning.registry.person_words import AREA, KNOWN, PLACED, VULNERABLE
from warning.registry.tally import BY_AREA_TOO, Tally, named

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from geofence import PointIndex
    from warning.registry.area_table import AreaTable

T = TypeVar("T")


class Revision(NamedTuple):
    """Which state of the database something shows."""

    people: int
    areas: int

    def covers(self, other: Revision) -> bool:
        """Whether everything that happened until another has happened by this one."""
        return self.people >= other.people and self.areas >= other.areas


#: What a registry shows that cannot be asked any more.
NOTHING = Revision(-1, -1)


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


@dataclass(frozen=True, slots=True)
class People:
    """All that a registry knows beside its points, of one state of the database."""

    #: (max id + 1,) uint32: a person's word by id.
    words: NDArray[np.uint32]
    by_area: KnownByArea
    revision: Revision


class Registry:
    """Who is where, and how each can be reached.

    Parameters
    ----------
    index : PointIndex
        Every place with coordinates; ids are subscriber ids.
    words : (max id + 1,) uint32 array
        A person's word by subscriber id.
    languages : sequence of str
        What the language of a word counts from 0.
    areas : AreaTable
        What the area of a word counts, and where areas are.
    by_area_only : mapping
        Area code → people with a place of which only this area is known.
    revision : Revision
        The state of the database this shows.

    Notes
    -----
    Any number of threads may ask. The index may follow the database while they do, so
    people whom ``words`` does not know yet are passed over.
    """

    def __init__(
        self,
        *,
        index: PointIndex,
        words: NDArray[np.uint32],
        languages: Sequence[str],
        areas: AreaTable,
        by_area_only: Mapping[str, NDArray[np.int64]],
        revision: Revision,
    ) -> None:
        self.index = index
        self.languages = tuple(languages)
        self.areas = areas
        self._people = People(words, KnownByArea(by_area_only, areas), revision)

    def _ask(self, question: Callable[[People], T]) -> T:
        """Ask people and index; ``registry_files`` sees to it that they agree."""
        return question(self._people)

    @property
    def words(self) -> NDArray[np.uint32]:
        """A person's word by subscriber id."""
        return self._ask(lambda people: people.words)

    @property
    def by_area_only(self) -> Mapping[str, NDArray[np.int64]]:
        """Area code → people with a place of which only this area is known."""
        return self._ask(lambda people: people.by_area.people)

    @property
    def revision(self) -> Revision:
        """The state of the database this shows."""
        return self._ask(lambda people: people.revision)

    @property
    def is_whole(self) -> bool:
        """Whether it can be asked; not if it lies in files that were spoilt since."""
        return self.revision != NOTHING

    @property
    def n_people(self) -> int:
        """How many people are registered, whatever their status; no erased ones."""
        return int(np.count_nonzero(KNOWN.of(self.words)))

    @property
    def n_unplaced(self) -> int:
        """How many of them no polygon can find: no coordinates, no area that is known.

        Nobody would warn them; an import of areas is what is missing, as a rule.
        """
        words = self.words
        return int(np.count_nonzero((KNOWN.of(words) == 1) & (PLACED.of(words) == 0)))

    def select(self, geometry: Polygon | MultiPolygon) -> Selection:
        """The people inside, boundary included; each once.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.

        Notes
        -----
        A place of which only an area is known is inside when any of that area is:
        better one person too many than one lost.
        """
        start = time.perf_counter()
        ids, words = self._ask(lambda people: self._inside(people, geometry))
        elapsed_ms = (time.perf_counter() - start) * 1000
        return Selection(ids=ids, words=words, geofence_ms=elapsed_ms)

    def people(self, ids: NDArray[np.int64]) -> Selection:
        """These people, wherever they are; whoever is not known has an empty word."""
        all_words = self.words
        words = np.zeros(len(ids), dtype=np.uint32)
        is_known = ids < len(all_words)
        words[is_known] = all_words[ids[is_known]]
        return Selection(ids=ids, words=words, geofence_ms=0.0)

    def counts(self, selection: Selection, *, is_drill: bool = False) -> AudienceCounts:
        """Count a selection by everything an operator asks for."""
        tally = Tally.of(selection.words)
        return self._counts(tally, selection.geofence_ms, is_drill=is_drill)

    def count(
        self, geometry: Polygon | MultiPolygon, *, is_drill: bool = False
    ) -> AudienceCounts:
        """Count the people inside as ``counts`` of ``select`` does, but list nobody.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid, lon and lat in WGS 84 degrees.
        is_drill : bool
            Whether only the drill group may be told.
        """
        start = time.perf_counter()
        tally = self._ask(lambda people: self._tally(people, geometry))
        elapsed_ms = (time.perf_counter() - start) * 1000
        return self._counts(tally, elapsed_ms, is_drill=is_drill)

    def area_of(self, ids: NDArray[np.int64]) -> list[str]:
        """The area code of each person; ``""`` where none, or the person, is known."""
        codes = self.areas.counted
        words = self.people(ids).words
        return [codes[number] for number in AREA.of(words).tolist()]

    def _inside(
        self, people: People, geometry: Polygon | MultiPolygon
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        ids = self.index.inside(geometry)
        if people.by_area:
            ids = np.union1d(ids, people.by_area.inside(geometry))
        else:
            ids = np.sort(ids)
        ids = ids[: np.searchsorted(ids, len(people.words))]
        return ids, people.words[ids]

    def _tally(self, people: People, geometry: Polygon | MultiPolygon) -> Tally:
        tally = Tally.by_points(self.index, geometry)
        if people.by_area:
            by_point = self.index.inside(geometry, where=BY_AREA_TOO)
            ids = np.union1d(by_point, people.by_area.inside(geometry))
            tally += Tally.of(people.words[ids[ids < len(people.words)]])
        return tally

    def _counts(
        self, tally: Tally, geofence_ms: float, *, is_drill: bool
    ) -> AudienceCounts:
        return AudienceCounts(
            n=tally.n,
            by_language=named(tally.languages, self.languages),
            by_area=named(tally.areas, self.areas.counted),
            by_channel=tally.by_channel(),
            excluded=tally.excluded(is_drill=is_drill),
            geofence_ms=geofence_ms,
        )


def sending_order(
    words: NDArray[np.uint32],
    *,
    turns: NDArray[np.uint8] | int = 0,
    is_left_out: NDArray[np.bool_],
    seed: int,
) -> NDArray[np.int64]:
    """The order in which people will be told.

    By turn; in each the vulnerable first, then a shuffle that is the same for the same
    seed, so that no village waits for another. Those left out come last.

    Parameters
    ----------
    words : (n,) uint32 array
        Persons' words.
    turns : (n,) uint8 array or int, optional
        Below 64; the lowest first.
    is_left_out : (n,) bool array
    seed : int

    Returns
    -------
    (n,) int64 array
        Places in ``words``.
    """
    shuffle = np.random.default_rng(seed).permutation(len(words))
    is_calm = VULNERABLE.of(words) == 0
    key = (128 * is_left_out + 2 * turns + is_calm).astype(np.uint8)[shuffle]
    order: NDArray[np.int64] = shuffle[np.argsort(key, kind="stable")]
    return order


class CurrentRegistry:
    """The registry that shows the database as it is now.

    Parameters
    ----------
    read_revision : callable
        Asks the database for its revision; cheap, asked at every use.
    build : callable
        Brings the registry up to date, or makes it; may wait for another process.
    try_build : callable, optional
        The same, but returns None instead of waiting.
    """

    def __init__(
        self,
        *,
        read_revision: Callable[[], Revision],
        build: Callable[[], Registry],
        try_build: Callable[[], Registry | None] | None = None,
    ) -> None:
        self._read_revision = read_revision
        self._build = build
        self._try_build = try_build or build
        self._lock = threading.Lock()
        self._registry: Registry | None = None

    def __call__(self) -> Registry:
        """Return it, made anew or brought up to date if the database has moved on."""
        with self._lock:
            registry = self._registry
            if registry is None or registry.revision != self._read_revision():
                registry = self._registry = self._build()
            return registry

    def while_drawing(self) -> Registry:
        """The same; while somebody else brings it up to date, that of a moment ago.

        For counts that follow the pointer, never for what decides who is warned.
        """
        registry = self._registry
        if registry is None or not registry.is_whole:
            return self()
        if not self._lock.acquire(blocking=False):
            return registry
        try:
            if registry.revision != self._read_revision():
                registry = self._registry = self._try_build() or registry
            return registry
        finally:
            self._lock.release()

    def latest(self) -> Registry:
        """Return the one there is, perhaps of a moment ago; built if there is none."""
        registry = self._registry
        return registry if registry is not None and registry.is_whole else self()

    def refresh(self) -> int:
        """Bring up to date what ``latest`` returns; nothing is left to do then."""
        self()
        return 0
