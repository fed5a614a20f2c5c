"""What people change about themselves, and where the talk with each number stands."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from shapely import from_wkb
from sqlalchemy import delete, insert, select, update

from store import counters
from store.dispatch.known_numbers import KnownNumbers
from store.people.strikes import settle_statuses
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import Insert, insert_new, upsert
from store.tables.citizens import conversations
from store.tables.people import areas, places, subscribers
from telephony.delivery import Channel
from warning.citizens.conversation import Conversation
from warning.citizens.place_book import PlaceEntry
from warning.people.subscribers import PlaceSource
from warning.people.whereabout import NOWHERE, Whereabout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shapely import MultiPolygon, Polygon
    from sqlalchemy import Connection


class SqlCitizens:
    """``warning.citizens.citizen_ports.CitizenRegister``."""

    def __init__(
        self, connection: Connection, known: KnownNumbers | None = None
    ) -> None:
        self._connection = connection
        self._known = known or KnownNumbers()
        #: Of numbers that were expected: as read, or as they will be written.
        self._talks: dict[str, Conversation] = {}
        self._unwritten: dict[str, datetime] = {}

    def expect(self, phones: Sequence[str]) -> None:
        """Read these talks at once; what is kept of them is written with the commit."""
        self._talks.update((phone, Conversation()) for phone in phones)
        for chunk in in_chunks(phones):
            self._talks.update(
                (row.phone, Conversation.from_json(row.document))
                for row in self._connection.execute(
                    select(conversations).where(conversations.c.phone.in_(chunk))
                )
            )

    def flush(self) -> None:
        """Write what is kept and not written yet."""
        rows = [
            {
                "phone": phone,
                "document": self._talks[phone].to_json(),
                "updated_at": now,
            }
            for phone, now in sorted(self._unwritten.items())
        ]
        self._unwritten.clear()
        if rows:
            execute_many(self._connection, self._write_talk, rows)

    def conversation(self, phone: str) -> Conversation:
        """Where the talk with a number stands; a new one if there was none."""
        if phone in self._talks:
            return self._talks[phone]
        document = self._connection.scalar(
            select(conversations.c.document).where(conversations.c.phone == phone)
        )
        return Conversation() if document is None else Conversation.from_json(document)

    def keep(self, phone: str, talk: Conversation, *, now: datetime) -> None:
        """Write where a talk stands."""
        if phone in self._talks:
            self._talks[phone] = talk
            self._unwritten[phone] = now
            return
        row = {"phone": phone, "document": talk.to_json(), "updated_at": now}
        self._connection.execute(self._write_talk, row)

    def forget_before(self, then: datetime) -> int:
        """Remove talks that have been silent since a time; return how many."""
        self.flush()
        self._talks.clear()
        gone = self._connection.execute(
            delete(conversations).where(conversations.c.updated_at < then)
        )
        return int(gone.rowcount)

    def join(self, phone: str, *, language: str, status: str, now: datetime) -> int:
        """Register a number with its language; return its id."""
        row = {
            "phone": phone,
            "language": language,
            "channels": int(Channel.SMS | Channel.VOICE),
            "groups": [],
            "in_drill_group": False,
            "vulnerable": False,
            "consent_at": now,
            "status": status,
            "status_at": now,
            "created_at": now,
            "updated_at": now,
            "added_revision": self._revision,
            "revision": self._revision,
        }
        self._known.forget_number(phone)
        self._connection.execute(insert_new(self._connection, subscribers), row)
        number = self._connection.scalar(
            select(subscribers.c.id).where(subscribers.c.phone == phone)
        )
        assert number is not None, "just written"
        return int(number)

    def set_language(self, person: int, language: str, *, now: datetime) -> None:
        """Write and speak to a person in another language."""
        self._change(person, now, language=language)

    def set_channels(self, person: int, channels: Channel, *, now: datetime) -> None:
        """Reach a person in other ways."""
        self._change(person, now, channels=int(channels))
        settle_statuses(self._connection, [person], now=now)

    def set_place(self, person: int, area_code: str, *, now: datetime) -> None:
        """Warn a person for one area, in place of all earlier places."""
        self._connection.execute(delete(places).where(places.c.subscriber_id == person))
        self._connection.execute(
            insert(places).values(
                subscriber_id=person,
                area_code=area_code,
                source=PlaceSource.CITIZEN.value,
                created_at=now,
            )
        )
        self._change(person, now)

    def whereabout(self, person: int) -> Whereabout:
        """The place of a person: the one they told last."""
        row = self._connection.execute(
            select(places)
            .where(places.c.subscriber_id == person)
            .order_by(places.c.created_at.desc(), places.c.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return NOWHERE
        return Whereabout(
            lon=row.lon,
            lat=row.lat,
            area_code=row.area_code,
            accuracy_m=row.accuracy_m,
        )

    def area_shape(self, code: str) -> Polygon | MultiPolygon | None:
        """The outline of an area: lon and lat in WGS 84 degrees."""
        found = self._connection.scalar(
            select(areas.c.geometry).where(areas.c.code == code)
        )
        return None if found is None else from_wkb(found)

    def places(self) -> Sequence[PlaceEntry]:
        """Every area without its outline."""
        rows = self._connection.execute(
            select(
                areas.c.code,
                areas.c.name,
                areas.c.names,
                areas.c.level,
                areas.c.parent,
            ).order_by(areas.c.code)
        )
        return [
            PlaceEntry(
                code=row.code,
                name=row.name,
                names=row.names,
                level=row.level,
                parent=row.parent,
            )
            for row in rows
        ]

    @property
    def _write_talk(self) -> Insert:
        return upsert(
            self._connection,
            conversations,
            key=["phone"],
            replace=["document", "updated_at"],
        )

    def _change(self, person: int, now: datetime, **values: Any) -> None:
        self._known.forget([person])
        self._connection.execute(
            update(subscribers)
            .where(subscribers.c.id == person, subscribers.c.phone.is_not(None))
            .values(updated_at=now, revision=self._revision, **values)
        )

    @cached_property
    def _revision(self) -> int:
        return counters.take_next(self._connection, counters.PEOPLE_REVISION)
