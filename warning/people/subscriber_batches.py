"""Lines of a list of subscribers, in batches, sorted by what a store does with them.

Several lines with one phone are several places of one person. Whether a line is a
person's first decides what it means for the store, so the numbers of the whole file are
remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict


class PersonLine(TypedDict):
    """What a line says of a person; the keys are the columns of the store."""

    #: E.164.
    phone: str
    #: BCP 47.
    language: str
    name: str | None
    #: Sum of ``Channel``.
    channels: int
    groups: tuple[str, ...]
    vulnerable: bool
    #: Aware, UTC.
    consent_at: datetime | None


class PlaceLine(TypedDict):
    """What a line says of a place."""

    phone: str
    #: Degrees, WGS 84; both None if only the area is given.
    lon: float | None
    lat: float | None
    area_code: str | None
    #: Of ``PlaceSource``.
    source: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is not used."""

    line_no: int
    #: Empty if the whole line is meant.
    column: str
    #: A sentence; holds no telephone number and no name.
    reason: str
    #: A stable word for machines.
    code: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing about a line that is used."""

    line_no: int
    column: str
    reason: str
    code: str


@dataclass(kw_only=True, slots=True)
class Batch:
    """Some thousand lines. A person is in ``people`` of one batch, the first."""

    #: New in this file, one a phone; of several lines in the batch the last wins.
    people: list[PersonLine] = field(default_factory=list)
    #: Every place of ``people``; they replace what was known before the file.
    places: list[PlaceLine] = field(default_factory=list)
    #: People of an earlier batch, of whom a line of this one says something else.
    changed_people: list[PersonLine] = field(default_factory=list)
    #: Further places of people of an earlier batch.
    added_places: list[PlaceLine] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    #: Lines accounted for, blank ones not counted.
    n_lines: int = 0
    #: How far the file has been read when the batch was full, bytes from its start.
    n_bytes: int = 0

    @property
    def n_accepted(self) -> int:
        """Lines in use; each is one of ``places`` or ``added_places``."""
        return self.n_lines - len(self.rejected)


class BatchBuilder:
    """Sorts lines into batches; lives as long as one file is read."""

    def __init__(self) -> None:
        # Number as int → fingerprint of what the last line said of the person.
        self._seen: dict[int, int] = {}
        self._start()

    def _start(self) -> None:
        self._batch = Batch()
        self._people: dict[str, PersonLine] = {}
        self._changed: dict[str, PersonLine] = {}

    @property
    def n_lines(self) -> int:
        """Lines in the batch being built."""
        return self._batch.n_lines

    def accept(self, line_no: int, person: PersonLine, place: PlaceLine) -> None:
        """Add a line in use."""
        self._batch.n_lines += 1
        phone = person["phone"]
        number = int(phone[1:])
        fingerprint = _fingerprint(line_no, person)
        earlier = self._seen.get(number)
        self._seen[number] = fingerprint
        if earlier is None or phone in self._people:
            self._people[phone] = person
            self._batch.places.append(place)
        else:
            self._batch.added_places.append(place)
        if earlier is not None and earlier >> _LINE_BITS != fingerprint >> _LINE_BITS:
            self._note_conflict(line_no, person, earlier, fingerprint)

    def reject(self, line_no: int, *, column: str, code: str, reason: str) -> None:
        """Add a line that is not used."""
        self._batch.n_lines += 1
        self._batch.rejected.append(Rejected(line_no, column, reason, code))

    def note(self, line_no: int, *, column: str, code: str, reason: str) -> None:
        """Add something worth knowing about a line in use."""
        self._batch.notes.append(Note(line_no, column, reason, code))

    def finish(self, *, n_bytes: int) -> Batch:
        """Return the batch and start the next."""
        batch = self._batch
        batch.people = list(self._people.values())
        batch.changed_people = list(self._changed.values())
        batch.n_bytes = n_bytes
        self._start()
        return batch

    def _note_conflict(
        self, line_no: int, person: PersonLine, earlier: int, fingerprint: int
    ) -> None:
        phone = person["phone"]
        if phone not in self._people:
            self._changed[phone] = person
        earlier_line = earlier & _LINE_MASK
        difference = (earlier ^ fingerprint) >> _LINE_BITS
        for column in _PERSONAL:
            if difference & _HASH_MASK:
                self.note(
                    line_no,
                    column=column,
                    code="conflict",
                    reason=f"Line {earlier_line} has the same phone and another "
                    f"{column}; this line counts.",
                )
            difference >>= _HASH_BITS


_PERSONAL = ("language", "name", "channels", "groups", "vulnerable", "consent_at")
_LINE_BITS = 40
_LINE_MASK = (1 << _LINE_BITS) - 1
#: Two different values of a column pass for the same once in four thousand million.
_HASH_BITS = 32
_HASH_MASK = (1 << _HASH_BITS) - 1


def _fingerprint(line_no: int, person: PersonLine) -> int:
    """Line number and a hash a column, in one number: a tenth of the room of values."""
    return (
        line_no
        | (hash(person["language"]) & _HASH_MASK) << 40
        | (hash(person["name"]) & _HASH_MASK) << 72
        | (hash(person["channels"]) & _HASH_MASK) << 104
        | (hash(person["groups"]) & _HASH_MASK) << 136
        | (hash(person["vulnerable"]) & _HASH_MASK) << 168
        | (hash(person["consent_at"]) & _HASH_MASK) << 200
    )
