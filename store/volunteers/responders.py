"""Volunteers: few enough to be read one by one, many enough to be indexed.

Whoever touches a person takes a new revision and stamps it on them, so that an index
can ask who changed since it was built.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import delete, func, select, update

from responders.errors import ResponderNotFoundError
from responders.ports import PlaceRows, Upserted
from responders.roster.places import PlaceKind
from responders.roster.volunteer import Responder, ResponderId, Standing
from store import counters
from store.sql.chunks import in_chunks
from store.sql.conflicts import upsert
from store.sql.locking import locked
from store.tables.responders import responder_places, responders
from store.volunteers.responder_rows import person_of, place_row, places_of, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

#: What a file says of somebody who is known; the rest they have told us since.
_FROM_FILE = (
    "name",
    "organisation",
    "language",
    "channels",
    "credentials",
    "credentials_end",
    "mode",
    "max_alerts_30d",
    "updated_at",
    "revision",
)
_IS_KNOWN = responders.c.standing != Standing.ERASED.value


class SqlResponders:
    """``responders.ports.ResponderRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: Numbers that were expected and belong to nobody.
        self._nobodys: frozenset[str] = frozenset()

    def upsert(self, people: Sequence[Responder], *, now: datetime) -> Upserted:
        """Write people by phone; of somebody known, what they told us since stays."""
        self._nobodys = frozenset()
        by_phone = {person.phone: person for person in people}
        known = self._ids_of(list(by_phone))
        statement = upsert(
            self._connection, responders, key=["phone"], replace=_FROM_FILE
        )
        for person in by_phone.values():
            self._connection.execute(statement, self._new_row(person, now))
            if person.pin.is_set:
                self._set_pin(person)
        ids = self._ids_of(list(by_phone))
        self._connection.execute(
            delete(responder_places).where(
                responder_places.c.responder_id.in_(ids.values()),
                responder_places.c.kind != PlaceKind.CHECK_IN.value,
            )
        )
        rows = [
            place_row(ids[person.phone], place)
            for person in by_phone.values()
            for place in person.places
        ]
        if rows:
            self._connection.execute(responder_places.insert(), rows)
        return Upserted(added=len(ids) - len(known), updated=len(known))

    def _set_pin(self, person: Responder) -> None:
        """Who is given a PIN has it anew; a file without one takes none away."""
        self._connection.execute(
            update(responders)
            .where(responders.c.phone == person.phone)
            .values(pin_seal=person.pin.seal, pin_wrong=None)
        )

    def get(self, responder_id: ResponderId) -> Responder:
        """Return one.

        Raises
        ------
        ResponderNotFoundError
            If there is none of this id.
        """
        found = self.get_many([responder_id])
        if responder_id not in found:
            raise ResponderNotFoundError(f"There is no responder {responder_id}.")
        return found[responder_id]

    def expect(self, phones: Sequence[str]) -> None:
        """Look up at once which of these numbers nobody has."""
        known = {
            phone
            for chunk in in_chunks(phones)
            for phone in self._connection.scalars(
                select(responders.c.phone).where(responders.c.phone.in_(chunk))
            )
        }
        self._nobodys = frozenset(phones) - known

    def find_by_phone(self, phone: str) -> Responder | None:
        """Return whoever has this number."""
        if phone in self._nobodys:
            return None
        rows = self._connection.execute(
            select(responders).where(responders.c.phone == phone)
        ).all()
        return next(iter(self._people(rows)), None)

    def get_many(
        self, ids: Sequence[ResponderId], *, lock: bool = False
    ) -> Mapping[ResponderId, Responder]:
        """People by id; unknown ids are absent."""
        found: dict[ResponderId, Responder] = {}
        for chunk in in_chunks(ids):
            wanted = (
                select(responders)
                .where(responders.c.id.in_(chunk))
                .order_by(responders.c.id)
            )
            if lock:
                wanted = locked(self._connection, wanted)
            people = self._people(self._connection.execute(wanted).all())
            found |= {person.responder_id: person for person in people}
        return found

    def save(self, person: Responder, *, now: datetime) -> None:
        """Write everything about one person.

        Raises
        ------
        ResponderNotFoundError
            If there is none of this id.
        """
        self._nobodys = frozenset()
        number = person.responder_id
        values = row_of(person) | {"updated_at": now, "revision": self._revision}
        saved = self._connection.execute(
            update(responders).where(responders.c.id == number).values(values)
        )
        if saved.rowcount == 0:
            raise ResponderNotFoundError(f"There is no responder {number}.")
        self._connection.execute(
            delete(responder_places).where(responder_places.c.responder_id == number)
        )
        if person.places:
            self._connection.execute(
                responder_places.insert(),
                [place_row(number, place) for place in person.places],
            )

    def page(self, *, after: int, limit: int) -> Sequence[Responder]:
        """People with an id above ``after``, ascending by id; not the erased."""
        rows = self._connection.execute(
            select(responders)
            .where(responders.c.id > after, _IS_KNOWN)
            .order_by(responders.c.id)
            .limit(limit)
        ).all()
        return self._people(rows)

    def count(self) -> int:
        """How many there are, the erased not counted."""
        return self._connection.scalar(select(func.count()).where(_IS_KNOWN)) or 0

    def revision(self) -> int:
        """A number that grows with every change of people or places."""
        return counters.current(self._connection, counters.RESPONDERS_REVISION)

    def changed_since(self, revision: int) -> Sequence[int]:
        """Ids of people who changed after a revision, ascending."""
        return sorted(
            self._connection.scalars(
                select(responders.c.id).where(responders.c.revision > revision)
            )
        )

    def places(self, ids: Sequence[int] | None = None) -> PlaceRows:
        """Places of those who are active, of all or of some."""
        wanted = (
            select(
                responder_places.c.responder_id,
                responder_places.c.lon,
                responder_places.c.lat,
            )
            .join(responders, responders.c.id == responder_places.c.responder_id)
            .where(responders.c.standing == Standing.ACTIVE.value)
        )
        if ids is None:
            rows = self._connection.execute(wanted).all()
        else:
            rows = [
                row
                for chunk in in_chunks(ids)
                for row in self._connection.execute(
                    wanted.where(responder_places.c.responder_id.in_(chunk))
                )
            ]
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        return PlaceRows(
            responder_ids=np.array(columns[0], dtype=np.int64),
            lon=np.array(columns[1], dtype=np.float64),
            lat=np.array(columns[2], dtype=np.float64),
        )

    def set_code(
        self, responder_id: ResponderId, digest: str, *, until: datetime
    ) -> None:
        """Remember the digest of a code that was sent to a phone."""
        self._connection.execute(
            update(responders)
            .where(responders.c.id == responder_id)
            .values(code_digest=digest, code_until=until)
        )

    def code(self, responder_id: ResponderId) -> tuple[str, datetime] | None:
        """Return the digest of the code last sent, and until when it holds."""
        row = self._connection.execute(
            select(responders.c.code_digest, responders.c.code_until).where(
                responders.c.id == responder_id
            )
        ).one_or_none()
        return None if row is None or row[0] is None else (row[0], row[1])

    def credentials_ending(
        self, *, after: datetime, until: datetime
    ) -> Sequence[Responder]:
        """Active people whose last valid credential ends in a span of time."""
        rows = self._connection.execute(
            select(responders)
            .where(
                responders.c.standing == Standing.ACTIVE.value,
                responders.c.credentials_end > after,
                responders.c.credentials_end <= until,
            )
            .order_by(responders.c.id)
        ).all()
        return self._people(rows)

    def forget_check_ins(self, *, before: datetime) -> int:
        """Delete check-ins made before a time; return how many."""
        gone = responder_places.c.reported_at < before
        ids = sorted(
            self._connection.scalars(
                select(responder_places.c.responder_id).where(gone).distinct()
            )
        )
        if not ids:
            return 0
        for chunk in in_chunks(ids):
            self._connection.execute(
                update(responders)
                .where(responders.c.id.in_(chunk))
                .values(revision=self._revision)
            )
        return self._connection.execute(delete(responder_places).where(gone)).rowcount

    @cached_property
    def _revision(self) -> int:
        """The number of this transaction; others wait for it."""
        return counters.take_next(self._connection, counters.RESPONDERS_REVISION)

    def _new_row(self, person: Responder, now: datetime) -> dict[str, object]:
        stamps = {"created_at": now, "updated_at": now, "revision": self._revision}
        return row_of(person) | stamps

    def _ids_of(self, phones: Sequence[str]) -> dict[str, int]:
        return {
            row.phone: row.id
            for chunk in in_chunks(phones)
            for row in self._connection.execute(
                select(responders.c.phone, responders.c.id).where(
                    responders.c.phone.in_(chunk)
                )
            )
        }

    def _people(self, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Responder]:
        if not rows:
            return []
        places = places_of(
            self._connection.execute(
                select(responder_places)
                .where(responder_places.c.responder_id.in_([row.id for row in rows]))
                .order_by(responder_places.c.id)
            )
        )
        return [person_of(row, places.get(row.id, ())) for row in rows]
