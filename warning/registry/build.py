"""Making a registry of everybody, and letting it follow the few who change.

During an alert somebody says STOP every second; reading a million people anew for each
of them would stop everything that asks who is where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geofence import PointIndex
from warning.people.subscribers import STATUSES, Status
from warning.registry.area_table import AreaTable
from warning.registry.person_words import (
    AREA,
    CHANNELS,
    DRILL,
    KNOWN,
    LANGUAGE,
    PLACED,
    STATUS,
    VULNERABLE,
)
from warning.registry.registry import Registry, Revision
from warning.registry.tally import index_words

if TYPE_CHECKING:
    from warning.ports import PeopleColumns, PersonRow, PlaceColumns

Ids = NDArray[np.int64]
Words = NDArray[np.uint32]


def build_registry(
    people: PeopleColumns,
    places: PlaceColumns,
    areas: AreaTable,
    *,
    revision: Revision,
) -> Registry:
    """Make the registry of one state of the database.

    Parameters
    ----------
    people, places
        Columns as the store reads them.
    areas : AreaTable
    revision : Revision
    """
    words = words_of_everybody(people, places, areas)
    return Registry(
        index=index_of(places, words, revision),
        words=words,
        languages=people.languages,
        areas=areas,
        by_area_only=places.by_area_only,
        revision=revision,
    )


def index_of(places: PlaceColumns, words: Words, revision: Revision) -> PointIndex:
    """Index all places, each with what is counted of its person."""
    ids = places.subscriber_ids
    return PointIndex.build(
        ids,
        places.lon,
        places.lat,
        attributes=index_words(words, ids, places.by_area_only),
        revision=revision.people,
    )


def words_of_everybody(
    people: PeopleColumns, places: PlaceColumns, areas: AreaTable
) -> Words:
    """The word of each person by id; 0 for ids of nobody and of the erased."""
    words = np.zeros(_size(people.ids), dtype=np.uint32)
    is_here = people.status != STATUSES.index(Status.ERASED)
    words[people.ids[is_here]] = (
        LANGUAGE.put(people.language)
        | CHANNELS.put(people.channels)
        | STATUS.put(people.status)
        | VULNERABLE.put(people.vulnerable)
        | DRILL.put(people.in_drill_group)
        | KNOWN.put(1)
    )[is_here]
    _set_places(words, places, areas)
    return words


def words_of_changed(
    ids: Ids,
    people: Mapping[int, PersonRow],
    places: PlaceColumns,
    areas: AreaTable,
    languages: Sequence[str],
) -> Words | None:
    """The words of the people who changed.

    Parameters
    ----------
    ids : (n,) int64 array
        Of them.
    people : mapping of int to PersonRow
        Those of them who are not erased.
    places : PlaceColumns
        Their places.
    areas : AreaTable
    languages : sequence of str
        What the language of a word counts.

    Returns
    -------
    (n,) uint32 array or None
        None if somebody speaks a language without a number.
    """
    numbers = {tag: number for number, tag in enumerate(languages)}
    if any(person.language not in numbers for person in people.values()):
        return None
    # By id, hence long; but memory that nobody touches is free.
    words = np.zeros(_size(ids), dtype=np.uint32)
    for person in people.values():
        words[person.subscriber_id] = _word(person, numbers[person.language])
    _set_places(words, places, areas)
    return words[ids]


def follow(
    registry: Registry,
    changed: Sequence[int],
    people: Mapping[int, PersonRow],
    places: PlaceColumns,
    *,
    revision: Revision,
) -> Registry | None:
    """Bring a registry up to date with the people who changed since.

    Parameters
    ----------
    registry : Registry
        Its index is changed; otherwise it stays what it is.
    changed : sequence of int
        Ids of everybody who changed, or whose places did.
    people : mapping of int to PersonRow
        Those of them who are not erased.
    places : PlaceColumns
        Their places.
    revision : Revision
        What is shown then.

    Returns
    -------
    Registry or None
        None if somebody speaks a language it has no number for: build a new one.
    """
    ids = np.array(sorted(changed), dtype=np.int64)
    new = words_of_changed(ids, people, places, registry.areas, registry.languages)
    if new is None:
        return None
    words = np.zeros(max(len(registry.words), _size(ids)), dtype=np.uint32)
    words[: len(registry.words)] = registry.words
    words[ids] = new
    move(registry.index, ids, places, words, revision)
    return Registry(
        index=registry.index,
        words=words,
        languages=registry.languages,
        areas=registry.areas,
        by_area_only=moved(registry.by_area_only, ids, places.by_area_only),
        revision=revision,
    )


def move(
    index: PointIndex,
    changed: Ids,
    places: PlaceColumns,
    words: Words,
    revision: Revision,
) -> None:
    """Let an index follow: ``places`` are all that ``changed`` have now."""
    ids = places.subscriber_ids
    index.remove(np.setdiff1d(changed, ids), revision=revision.people)
    carried = index_words(words, ids, places.by_area_only)
    index.upsert(
        ids, places.lon, places.lat, attributes=carried, revision=revision.people
    )


def _word(person: PersonRow, language: int) -> np.uint32:
    return np.uint32(
        LANGUAGE.put(language)
        | CHANNELS.put(int(person.usable))
        | STATUS.put(STATUSES.index(Status(person.status)))
        | VULNERABLE.put(person.vulnerable)
        | DRILL.put(person.in_drill_group)
        | KNOWN.put(1)
    )


def _set_places(words: Words, places: PlaceColumns, areas: AreaTable) -> None:
    """Note for people with these places that they have one, and their area."""
    # On PostgreSQL somebody may have registered after the people were read.
    is_here = places.subscriber_ids < len(words)
    ids = places.subscriber_ids[is_here]
    words[ids] |= PLACED.put(1)
    _set_areas(words, ids, areas.numbers_at(places.lon[is_here], places.lat[is_here]))
    for code, known in sorted(places.by_area_only.items()):
        if areas.geometry(code) is not None:
            here = known[known < len(words)]
            words[here] |= PLACED.put(1)
            _set_areas(words, here, np.full(len(here), areas.number_of(code)))


def _set_areas(words: Words, ids: Ids, numbers: NDArray[np.int64]) -> None:
    """Give an area to those who have none yet: a person counts once."""
    is_free = (AREA.of(words[ids]) == 0) & (numbers > 0)
    free, first = np.unique(ids[is_free], return_index=True)
    words[free] |= AREA.put(numbers[is_free][first])


def moved(
    before: Mapping[str, Ids], changed: Ids, now: Mapping[str, Ids]
) -> dict[str, Ids]:
    """People by area once some of them have changed."""
    nobody = np.empty(0, dtype=np.int64)
    moved = {
        code: np.union1d(
            np.setdiff1d(before.get(code, nobody), changed), now.get(code, nobody)
        )
        for code in dict.fromkeys((*before, *now))
    }
    return {code: ids for code, ids in moved.items() if len(ids)}


def _size(ids: Ids) -> int:
    return int(ids.max()) + 1 if len(ids) else 1
