"""Who an alert concerns: fixed at approval as one array, written out later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import bindparam, func, insert, select, update

from store.sql.conflicts import insert_new
from store.tables.alerts import audience_members, audiences
from warning.errors import TransitionError
from warning.recipients import (
    TOLD_ELSEWHERE,
    VARIANTS,
    Audience,
    AudienceSummary,
    Variant,
    count_by_variant,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

#: How ids are kept, on every machine.
_STORED = np.dtype("<i8")
_MEMBERS = (
    audience_members.c.subscriber_ids,
    audience_members.c.variants,
    audience_members.c.channels,
)

# Asked every second for each alert on the screen: built once.
_SUMMARY = select(
    audiences.c.n_affected,
    audiences.c.subscribers_total,
    audiences.c.by_language,
    audiences.c.geofence_ms,
    audiences.c.told_by,
).where(audiences.c.alert == bindparam("of_alert"))


def fix(connection: Connection, alert: int, audience: Audience) -> None:
    """Write an alert's audience, once.

    Raises
    ------
    TransitionError
        If it is fixed already.
    """
    added = connection.execute(
        insert_new(connection, audiences).values(
            alert=alert,
            n_affected=audience.n_affected,
            n_planned=audience.n_planned,
            subscribers_total=audience.subscribers_total,
            by_language=dict(audience.by_language),
            by_area=dict(audience.by_area),
            excluded=dict(audience.excluded),
            geofence_ms=audience.geofence_ms,
            fixed_at=audience.fixed_at,
            told_by=list(audience.told_by),
        )
    )
    if added.rowcount == 0:
        raise TransitionError(
            "Who is concerned was fixed when this alert was approved; for other "
            "people write an update."
        )
    ids = np.ascontiguousarray(audience.subscriber_ids, dtype=_STORED)
    connection.execute(
        insert(audience_members).values(
            alert=alert,
            subscriber_ids=ids.tobytes(),
            variants=_bytes(audience.variants),
            channels=_bytes(audience.channels),
        )
    )


def find(connection: Connection, alert: int) -> Audience | None:
    """Return an alert's audience; None before it is fixed."""
    row = connection.execute(
        select(audiences, *_MEMBERS)
        .join(audience_members, audience_members.c.alert == audiences.c.alert)
        .where(audiences.c.alert == alert)
    ).one_or_none()
    if row is None:
        return None
    return Audience(
        subscriber_ids=np.frombuffer(row.subscriber_ids, _STORED).astype(np.int64),
        subscribers_total=row.subscribers_total,
        by_language=row.by_language,
        by_area=row.by_area,
        excluded=row.excluded,
        geofence_ms=row.geofence_ms,
        fixed_at=row.fixed_at,
        n_planned=row.n_planned,
        variants=_array(row.variants),
        channels=_array(row.channels),
        told_by=tuple(row.told_by),
    )


def summary(
    connection: Connection, alert: int, *, known: AudienceSummary | None = None
) -> AudienceSummary | None:
    """The figures of an alert's audience without its people: they may be a million.

    Once fixed they change with ``told_by`` alone (``readmit``), which never comes back
    to what it was: while it is the same, what is known holds, and who is told what is
    not read, which lies behind eight bytes for everybody.
    """
    row = connection.execute(_SUMMARY, {"of_alert": alert}).one_or_none()
    if row is None:
        return None
    told_by = tuple(row.told_by)
    if known is not None and known.told_by == told_by:
        return known
    return AudienceSummary(
        n_affected=row.n_affected,
        subscribers_total=row.subscribers_total,
        by_language=row.by_language,
        by_variant=count_by_variant(_variants(connection, alert), row.n_affected),
        geofence_ms=row.geofence_ms,
        told_by=told_by,
    )


def members(connection: Connection, alert: int, *, start: int, n: int) -> list[int]:
    """Ids of a part of an audience, in sending order; the rest is not read."""
    size = _STORED.itemsize
    ids = audience_members.c.subscriber_ids
    part = connection.scalar(
        select(func.substr(ids, start * size + 1, n * size, type_=ids.type)).where(
            audience_members.c.alert == alert
        )
    )
    return [] if part is None else np.frombuffer(part, _STORED).tolist()


def n_planned(connection: Connection, alert: int) -> int:
    """How many of an audience are written out; 0 before it is fixed."""
    planned = connection.scalar(
        select(audiences.c.n_planned).where(audiences.c.alert == alert)
    )
    return planned or 0


def set_planned(connection: Connection, alert: int, n: int) -> None:
    """Note how far writing out has come."""
    connection.execute(
        update(audiences).where(audiences.c.alert == alert).values(n_planned=n)
    )


def round_of(connection: Connection, alert: int) -> tuple[int, int]:
    """How often people were told again, and how many of the last round."""
    row = connection.execute(
        select(audiences.c.round, audiences.c.n_repeated).where(
            audiences.c.alert == alert
        )
    ).one_or_none()
    return (0, 0) if row is None else (row.round, row.n_repeated)


def set_round(connection: Connection, alert: int, number: int, n: int) -> None:
    """Note how far telling people again has come."""
    connection.execute(
        update(audiences)
        .where(audiences.c.alert == alert)
        .values(round=number, n_repeated=n)
    )


def told_by(connection: Connection, alert: int) -> tuple[str, ...]:
    """Which live alerts stand in for this one; none before it is fixed."""
    found = connection.scalar(
        select(audiences.c.told_by).where(audiences.c.alert == alert)
    )
    return tuple(found or ())


def told_elsewhere(
    connection: Connection, alert: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places and ids of those who are left out as already told; no others are read.

    They come last in the order of sending, so their ids lie together.
    """
    variants = _variants(connection, alert)
    if variants is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    places = np.flatnonzero(variants == TOLD_ELSEWHERE)
    return places, _at(connection, alert, places)


def readmit(
    connection: Connection,
    alert: int,
    places: NDArray[np.int64],
    still_told_by: Sequence[str],
) -> list[int]:
    """Mark people as to be told the warning, and go back to the first of them.

    Returns
    -------
    list of int
        Their ids.
    """
    variants = _variants(connection, alert)
    changed: dict[str, object] = {"told_by": list(still_told_by)}
    ids: list[int] = []
    if variants is not None and len(places):
        variants[places] = VARIANTS.index(Variant.WARNING)
        changed["n_planned"] = min(n_planned(connection, alert), int(places.min()))
        ids = _at(connection, alert, places).tolist()
        connection.execute(
            update(audience_members)
            .where(audience_members.c.alert == alert)
            .values(variants=_bytes(variants))
        )
    connection.execute(
        update(audiences).where(audiences.c.alert == alert).values(**changed)
    )
    return ids


def _variants(connection: Connection, alert: int) -> NDArray[np.uint8] | None:
    """What each person is told: a byte each, where an audience knows of differences."""
    return _array(
        connection.scalar(
            select(audience_members.c.variants).where(audience_members.c.alert == alert)
        )
    )


def _at(
    connection: Connection, alert: int, places: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Ids of the people of these places, which ascend."""
    if not len(places):
        return places
    first, last = int(places[0]), int(places[-1])
    part = members(connection, alert, start=first, n=last - first + 1)
    return np.asarray(part, dtype=np.int64)[places - first]


def _bytes(array: NDArray[np.uint8] | None) -> bytes | None:
    return None if array is None else array.astype(np.uint8).tobytes()


def _array(stored: bytes | None) -> NDArray[np.uint8] | None:
    return None if stored is None else np.frombuffer(stored, np.uint8).copy()
