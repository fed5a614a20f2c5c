"""Everybody who may be warned: registered in bulk, read as columns.

Whoever touches people or places takes a new revision and stamps it on the people it
touched, so that an index can ask what changed since it was built.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from store import counters
from store.dispatch.known_numbers import KnownNumbers
from store.people import people_columns
from store.people.erasure import erase
from store.people.strikes import resting, settle_statuses
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import upsert
from store.tables.people import places as place_rows
from store.tables.people import subscribers
from telephony.delivery import Channel
from warning.people.subscribers import (
    DRILL_GROUP,
    FOCAL_POINT_GROUP,
    VOICE_FIRST_GROUP,
    Status,
)
from warning.ports import PersonRow, UpsertCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from warning.ports import PeopleColumns, PlaceColumns

_FROM_FILE = (
    "name",
    "language",
    "channels",
    "groups",
    "in_drill_group",
    "is_voice_first",
    "is_focal_point",
    "vulnerable",
    "consent_at",
    "updated_at",
    "revision",
)
_PERSON = (
    subscribers.c.id,
    subscribers.c.phone,
    subscribers.c.language,
    subscribers.c.channels,
    subscribers.c.status,
    subscribers.c.vulnerable,
    subscribers.c.in_drill_group,
    subscribers.c.is_voice_first,
)
_IS_KNOWN = subscribers.c.status != Status.ERASED.value
#: A place for whoever has this number; nothing for a number nobody has.
_ADD_PLACE = place_rows.insert().from_select(
    ["subscriber_id", "lon", "lat", "area_code", "accuracy_m", "source", "created_at"],
    select(
        subscribers.c.id,
        *(
            bindparam(name, type_=place_rows.c[name].type)
            for name in (
                "lon",
                "lat",
                "area_code",
                "accuracy_m",
                "source",
                "created_at",
            )
        ),
    ).where(subscribers.c.phone == bindparam("of_phone")),
)
_WRITE_PERSON = update(subscribers).where(subscribers.c.phone == bindparam("of_phone"))


class SqlSubscribers:
    """``warning.ports.SubscriberDirectory``."""

    def __init__(
        self, connection: Connection, known: KnownNumbers | None = None
    ) -> None:
        self._connection = connection
        self._known = known or KnownNumbers()

    def upsert(
        self,
        people: Sequence[Mapping[str, object]],
        places: Sequence[Mapping[str, object]],
        *,
        now: datetime,
    ) -> UpsertCounts:
        """Write a batch of people by phone, and their places."""
        if not people:
            return UpsertCounts(added=0, updated=0, places=0)
        self._known.forget()
        batch = counters.take_next(self._connection, counters.PEOPLE_REVISION)
        statement = upsert(
            self._connection, subscribers, key=["phone"], replace=_FROM_FILE
        )
        rows = [_person_row(person, batch, now) for person in people]
        execute_many(self._connection, statement, rows)
        touched = subscribers.c.revision == batch
        self._connection.execute(
            delete(place_rows).where(
                place_rows.c.subscriber_id.in_(select(subscribers.c.id).where(touched))
            )
        )
        added = self._connection.scalar(
            select(func.count()).where(touched, subscribers.c.added_revision == batch)
        )
        assert added is not None
        if added < len(people):
            # A number that rests may have got another channel.
            settle_statuses(self._connection, self._resting_of(batch), now=now)
        return UpsertCounts(
            added=added,
            updated=len(people) - added,
            places=self._add_places(places, now),
        )

    def change(self, people: Sequence[Mapping[str, object]], *, now: datetime) -> int:
        """Write people who exist anew and leave their places; return how many."""
        if not people:
            return 0
        self._known.forget()
        return execute_many(
            self._connection,
            _WRITE_PERSON,
            [
                {"of_phone": person["phone"], **_from_file(person, self._revision, now)}
                for person in people
            ],
        )

    def add_places(
        self, places: Sequence[Mapping[str, object]], *, now: datetime
    ) -> int:
        """Add places of people who exist: a later batch of the same file."""
        if not places:
            return 0
        phones = {place["phone"] for place in places}
        execute_many(
            self._connection,
            _WRITE_PERSON,
            [{"of_phone": phone, "revision": self._revision} for phone in phones],
        )
        return self._add_places(places, now)

    def revision(self) -> int:
        """A number that grows with every change of people or places."""
        return counters.current(self._connection, counters.PEOPLE_REVISION)

    def changed_since(self, revision: int) -> Sequence[int]:
        """Ids of people who changed, or whose places did, after a revision."""
        # Sorted here: asked to sort, SQLite would rather read everybody by id.
        return sorted(
            self._connection.scalars(
                select(subscribers.c.id).where(subscribers.c.revision > revision)
            )
        )

    def count(self) -> int:
        """How many people are registered, the erased not counted."""
        return self._connection.scalar(select(func.count()).where(_IS_KNOWN)) or 0

    def people(self) -> PeopleColumns:
        """Every subscriber as columns."""
        return people_columns.people(self._connection)

    def places(self, ids: Sequence[int] | None = None) -> PlaceColumns:
        """Every place as columns, or the places of these people."""
        return people_columns.places(self._connection, ids)

    def rows(self, ids: Sequence[int]) -> Mapping[int, PersonRow]:
        """What planning needs of these people; erased and unknown ones are absent."""
        at_rest = resting(self._connection, ids)
        return {
            row[0]: _person(row, at_rest.get(row[0], 0))
            for chunk in in_chunks(ids)
            for row in self._connection.execute(
                select(*_PERSON).where(subscribers.c.id.in_(chunk), _IS_KNOWN)
            )
        }

    def count_known(self, phones: Sequence[str]) -> int:
        """How many of these numbers belong to somebody registered."""
        return sum(
            self._connection.scalar(
                select(func.count())
                .select_from(subscribers)
                .where(subscribers.c.phone.in_(chunk))
            )
            or 0
            for chunk in in_chunks(phones)
        )

    def expect(self, phones: Sequence[str]) -> None:
        """Look these numbers up at once: they will be asked for one by one."""
        found: dict[str, PersonRow | None] = dict.fromkeys(phones)
        rows = [
            row
            for chunk in in_chunks(phones)
            for row in self._connection.execute(
                select(*_PERSON).where(subscribers.c.phone.in_(chunk))
            )
        ]
        at_rest = resting(self._connection, [row.id for row in rows])
        found.update((row.phone, _person(row, at_rest.get(row.id, 0))) for row in rows)
        self._known.keep(found)

    def find_by_phone(self, phone: str) -> PersonRow | None:
        """Return the person of this number."""
        if phone in self._known:
            return self._known[phone]
        row = self._connection.execute(
            select(*_PERSON).where(subscribers.c.phone == phone)
        ).one_or_none()
        if row is None:
            return None
        return _person(row, resting(self._connection, [row.id]).get(row.id, 0))

    def set_status(self, ids: Sequence[int], status: str, *, now: datetime) -> None:
        """Note that people opted out, rest, or are active again."""
        self._known.forget(ids)
        for chunk in in_chunks(ids):
            self._connection.execute(
                update(subscribers)
                .where(subscribers.c.id.in_(chunk), _IS_KNOWN)
                .values(
                    status=Status(status).value, status_at=now, revision=self._revision
                )
            )

    def erase(self, subscriber_id: int, *, now: datetime) -> bool:
        """Remove a person's data for good; False when there is no such person."""
        self._known.forget()
        is_known = erase(self._connection, subscriber_id, now=now)
        if is_known:
            self._connection.execute(
                update(subscribers)
                .where(subscribers.c.id == subscriber_id)
                .values(revision=self._revision)
            )
        return is_known

    def _resting_of(self, batch: int) -> Sequence[int]:
        """Ids of those of a batch who rest."""
        return self._connection.scalars(
            select(subscribers.c.id).where(
                subscribers.c.revision == batch,
                subscribers.c.status == Status.RESTING.value,
            )
        ).all()

    @cached_property
    def _revision(self) -> int:
        return counters.take_next(self._connection, counters.PEOPLE_REVISION)

    def _add_places(self, places: Sequence[Mapping[str, Any]], now: datetime) -> int:
        if not places:
            return 0
        return execute_many(
            self._connection,
            _ADD_PLACE,
            [
                {
                    "of_phone": place["phone"],
                    "lon": place.get("lon"),
                    "lat": place.get("lat"),
                    "area_code": place.get("area_code"),
                    "accuracy_m": place.get("accuracy_m"),
                    "source": place["source"],
                    "created_at": now,
                }
                for place in places
            ],
        )


def _person_row(
    person: Mapping[str, Any], revision: int, now: datetime
) -> dict[str, object]:
    return {
        "phone": person["phone"],
        "status": Status.ACTIVE.value,
        "status_at": now,
        "created_at": now,
        "added_revision": revision,
        **_from_file(person, revision, now),
    }


def _from_file(
    person: Mapping[str, Any], revision: int, now: datetime
) -> dict[str, object]:
    """What a list of people says, also of those who are known."""
    groups = list(person.get("groups") or ())
    return {
        "name": person.get("name"),
        "language": person["language"],
        "channels": int(person["channels"]),
        "groups": groups,
        "in_drill_group": DRILL_GROUP in groups,
        "is_voice_first": VOICE_FIRST_GROUP in groups,
        "is_focal_point": FOCAL_POINT_GROUP in groups,
        "vulnerable": bool(person.get("vulnerable", False)),
        "consent_at": person.get("consent_at"),
        "updated_at": now,
        "revision": revision,
    }


def _person(row: Row[*tuple[Any, ...]], at_rest: int) -> PersonRow:
    # Taken apart at once: by name each column is looked up, a million times over.
    number, phone, language, channels, status, *flags = row
    vulnerable, in_drill_group, is_voice_first = flags
    return PersonRow(
        subscriber_id=number,
        phone=phone,
        language=language,
        channels=_channels(channels),
        status=status,
        vulnerable=vulnerable,
        in_drill_group=in_drill_group,
        is_voice_first=is_voice_first,
        resting=_channels(at_rest),
    )


@cache
def _channels(total: int) -> Channel:
    return Channel(total)
