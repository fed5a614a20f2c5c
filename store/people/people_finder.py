"""Finding single people, and all that is kept of one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import select, true

from store.people.citizens import SqlCitizens
from store.tables.deliveries import contents, deliveries, owners
from store.tables.people import places, subscribers
from store.tables.telephone_faults import IS_RESTING, strikes
from telephony.delivery import Channel, DeliveryState
from warning.alert import OWNER_PREFIX
from warning.people.people_board import KnownPlace, Profile, SentMessage
from warning.people.subscribers import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row, Select

_KNOWN = select(subscribers).where(subscribers.c.status != Status.ERASED.value)


class SqlPeopleFinder:
    """``warning.people.people_board.PeopleFinder``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(self, *, name: str, area_code: str, limit: int) -> Sequence[Profile]:
        """People with a text in their name, a place in an area, or both; by id."""
        wanted = _KNOWN.order_by(subscribers.c.id).limit(limit)
        if name:
            wanted = wanted.where(subscribers.c.name.icontains(name, autoescape=True))
        if area_code:
            ids = self._inside(area_code, name=name, limit=limit)
            wanted = wanted.where(subscribers.c.id.in_(ids))
        return self._profiles(wanted)

    def _inside(self, area_code: str, *, name: str, limit: int) -> list[int]:
        """Ids of the first people with a place in an area: by its code, or a point."""
        shape = SqlCitizens(self._connection).area_shape(area_code)
        is_there = places.c.area_code == area_code
        if shape is not None:
            west, south, east, north = shape.bounds
            is_there |= places.c.lon.between(west, east) & places.c.lat.between(
                south, north
            )
            shapely.prepare(shape)
        rows = self._connection.execute(
            select(
                places.c.subscriber_id, places.c.area_code, places.c.lon, places.c.lat
            )
            .join(subscribers, subscribers.c.id == places.c.subscriber_id)
            .where(
                is_there,
                subscribers.c.status != Status.ERASED.value,
                subscribers.c.name.icontains(name, autoescape=True) if name else true(),
            )
            .order_by(places.c.subscriber_id)
        )
        found: dict[int, None] = {}
        for number, code, lon, lat in rows:
            if len(found) >= limit:
                break
            is_named = code == area_code
            if is_named or (
                shape is not None
                and lon is not None
                and shapely.contains_xy(shape, lon, lat)
            ):
                found[number] = None
        rows.close()
        return list(found)

    def by_phone(self, phone: str) -> Profile | None:
        """Return the person of exactly this number."""
        found = self._profiles(_KNOWN.where(subscribers.c.phone == phone))
        return found[0] if found else None

    def profile(self, subscriber_id: int) -> Profile | None:
        """Return one person."""
        found = self._profiles(_KNOWN.where(subscribers.c.id == subscriber_id))
        return found[0] if found else None

    def messages(self, subscriber_id: int, *, limit: int) -> Sequence[SentMessage]:
        """Texts and calls of alerts to a person, the newest first."""
        rows = self._connection.execute(
            select(
                owners.c.owner_ref,
                deliveries.c.channel,
                contents.c.language,
                contents.c.sms_text,
                deliveries.c.state,
                deliveries.c.code,
                deliveries.c.state_at,
            )
            .join(owners, owners.c.id == deliveries.c.owner_id)
            .join(contents, contents.c.id == deliveries.c.content_id)
            # Cases have ids of volunteers, who are other people.
            .where(
                deliveries.c.recipient_id == subscriber_id,
                owners.c.owner_ref.startswith(OWNER_PREFIX, autoescape=True),
            )
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        return [
            SentMessage(
                owner_ref=row.owner_ref,
                channel=Channel(row.channel),
                language=row.language,
                text=row.sms_text,
                state=DeliveryState(row.state),
                code=row.code or "",
                at=row.state_at,
            )
            for row in rows
        ]

    def _profiles(self, wanted: Select[*tuple[Any, ...]]) -> list[Profile]:
        rows = self._connection.execute(wanted).all()
        ids = [row.id for row in rows]
        at: dict[int, list[KnownPlace]] = defaultdict(list)
        for place in self._connection.execute(
            select(places).where(places.c.subscriber_id.in_(ids)).order_by(places.c.id)
        ):
            at[place.subscriber_id].append(
                KnownPlace(
                    lon=place.lon,
                    lat=place.lat,
                    area_code=place.area_code or "",
                    source=place.source,
                )
            )
        rests: dict[int, dict[str, Any]] = defaultdict(dict)
        for rest in self._connection.execute(
            select(strikes).where(strikes.c.subscriber_id.in_(ids), IS_RESTING)
        ):
            rests[rest.subscriber_id][Channel(rest.channel).word] = rest.resting_until
        return [_profile(row, at[row.id], rests[row.id]) for row in rows]


def _profile(
    row: Row[*tuple[Any, ...]], at: list[KnownPlace], rests: dict[str, Any]
) -> Profile:
    return Profile(
        subscriber_id=row.id,
        phone=row.phone or "",
        name=row.name or "",
        language=row.language,
        channels=Channel(row.channels),
        groups=tuple(row.groups),
        is_vulnerable=row.vulnerable,
        consent_at=row.consent_at,
        status=row.status,
        status_at=row.status_at,
        created_at=row.created_at,
        places=at,
        rests=rests,
    )
