"""Whole populations as columns: a million people without a million objects."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select

from store.people.strikes import resting
from store.sql.chunks import in_chunks
from store.tables.people import places as place_rows
from store.tables.people import subscribers
from warning.people.subscribers import STATUSES
from warning.ports import PeopleColumns, PlaceColumns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Select

#: Rows turned into arrays at a time.
_PAGE = 20_000
#: Languages that an index of 8 bits can tell apart, one kept for all the others.
_MAX_LANGUAGES = 255
#: BCP 47 for "undetermined": stands for the rarest, if there are ever that many.
_OTHER = "und"


def people(connection: Connection) -> PeopleColumns:
    """Every subscriber, the erased included, ascending by id."""
    languages = _languages(connection)
    numbers = {language: number for number, language in enumerate(languages)}
    other = len(languages) - 1
    status = case(
        {status.value: number for number, status in enumerate(STATUSES)},
        value=subscribers.c.status,
    )
    wanted = select(
        subscribers.c.id,
        subscribers.c.channels,
        status,
        subscribers.c.vulnerable,
        subscribers.c.in_drill_group,
        subscribers.c.language,
    ).order_by(subscribers.c.id)
    pages = [
        np.fromiter(
            chain.from_iterable((*row[:5], numbers.get(row[5], other)) for row in page),
            np.int64,
            count=6 * len(page),
        ).reshape(-1, 6)
        for page in _pages(connection, wanted)
    ]
    table = np.concatenate(pages) if pages else np.empty((0, 6), np.int64)
    ids = np.ascontiguousarray(table[:, 0])
    return PeopleColumns(
        ids=ids,
        channels=_usable(connection, ids, table[:, 1].astype(np.uint8)),
        status=table[:, 2].astype(np.uint8),
        vulnerable=table[:, 3].astype(np.bool_),
        in_drill_group=table[:, 4].astype(np.bool_),
        language=table[:, 5].astype(np.uint8),
        languages=languages,
    )


def places(connection: Connection, of: Sequence[int] | None = None) -> PlaceColumns:
    """Places with coordinates, and areas for places of which only that is known."""
    wanted = (
        select(place_rows.c.subscriber_id, place_rows.c.lon, place_rows.c.lat)
        .where(place_rows.c.lon.is_not(None), place_rows.c.lat.is_not(None))
        .order_by(place_rows.c.id)
    )
    ids: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    points: list[NDArray[np.float64]] = [np.empty((0, 2))]
    for page in _pages_of(connection, wanted, of):
        ids.append(np.fromiter((row[0] for row in page), np.int64, count=len(page)))
        points.append(np.array([row[1:] for row in page], dtype=np.float64))
    lon_lat = np.concatenate(points)
    return PlaceColumns(
        subscriber_ids=np.concatenate(ids),
        lon=np.ascontiguousarray(lon_lat[:, 0]),
        lat=np.ascontiguousarray(lon_lat[:, 1]),
        by_area_only=_by_area_only(connection, of),
    )


def _usable(
    connection: Connection, ids: NDArray[np.int64], channels: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Channels without those that rest."""
    at_rest = resting(connection)
    if at_rest:
        people = np.fromiter(at_rest.keys(), np.int64, count=len(at_rest))
        masks = np.fromiter(at_rest.values(), np.uint8, count=len(at_rest))
        places = np.searchsorted(ids, people)
        channels[places] &= ~masks
    return channels


def _languages(connection: Connection) -> list[str]:
    """Languages, the most spoken first."""
    rows = connection.execute(
        select(subscribers.c.language)
        .group_by(subscribers.c.language)
        .order_by(func.count().desc(), subscribers.c.language)
    )
    spoken = [row.language for row in rows]
    if len(spoken) > _MAX_LANGUAGES:
        return [*spoken[:_MAX_LANGUAGES], _OTHER]
    return spoken


def _by_area_only(
    connection: Connection, of: Sequence[int] | None
) -> dict[str, NDArray[np.int64]]:
    wanted = (
        select(place_rows.c.area_code, place_rows.c.subscriber_id)
        .distinct()
        .where(place_rows.c.lon.is_(None), place_rows.c.area_code.is_not(None))
        .order_by(place_rows.c.area_code, place_rows.c.subscriber_id)
    )
    grouped: dict[str, list[int]] = {}
    for page in _pages_of(connection, wanted, of):
        for area_code, subscriber_id in page:
            grouped.setdefault(area_code, []).append(subscriber_id)
    return {code: np.array(ids, dtype=np.int64) for code, ids in grouped.items()}


def _pages_of(
    connection: Connection,
    wanted: Select[*tuple[Any, ...]],
    people: Sequence[int] | None,
) -> Iterator[Sequence[Any]]:
    """Rows of places, a page at a time: all of them, or those of some people."""
    if people is None:
        yield from _pages(connection, wanted)
        return
    for chunk in in_chunks(people):
        yield from _pages(
            connection, wanted.where(place_rows.c.subscriber_id.in_(chunk))
        )


def _pages(
    connection: Connection, wanted: Select[*tuple[Any, ...]]
) -> Iterator[Sequence[Any]]:
    result = connection.execute(wanted.execution_options(yield_per=_PAGE))
    yield from result.partitions()
