"""Registering and removing people: from files, one by one, for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import BinaryIO

from warning.people.registration import ImportReport, NewSubscriber, Registered
from warning.people.subscriber_batches import Batch, Note, Rejected
from warning.people.subscriber_csv import ImportRules, read_subscribers
from warning.people.subscriber_entry import read_entry
from warning.people.subscriber_position import Box
from warning.ports import PersonRow, UnitOfWork, UpsertCounts
from warning.recipients import Exclusion

#: Told after each batch: lines read so far, bytes of the file read so far.
OnProgress = Callable[[int, int], None]


class PeopleService:
    """The use cases of the register of subscribers.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    parse_phone : callable
        Text → E.164; raises ValueError with a sentence without the number.
    country : Box or None
        Places outside it are taken with a note, unless latitude and longitude are
        exchanged; None takes the whole world.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        parse_phone: Callable[[str], str],
        country: Box | None,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._parse_phone = parse_phone
        self._country = country
        self._now = now

    def import_csv(
        self,
        stream: BinaryIO,
        *,
        dry_run: bool,
        by: str,
        encoding: str | None = None,
        on_progress: OnProgress | None = None,
    ) -> ImportReport:
        """Register everybody in a CSV file.

        Each batch is one transaction, so a crash leaves whole people and the file can
        simply be imported again.

        Parameters
        ----------
        stream : binary file
            Seekable.
        dry_run : bool
            Only say what would be.
        by : str
            Operator's name, for the audit.
        encoding : str, optional
            For files that are neither UTF-8 nor start with a byte order mark.
        on_progress : callable, optional

        Raises
        ------
        SubscriberFileError
            If the file cannot be used at all; nothing is changed then.
        """
        n_read = n_added = n_updated = n_places = 0
        rejected: list[Rejected] = []
        notes: list[Note] = []
        write = self._would_write if dry_run else self._write
        for batch in read_subscribers(stream, self._rules(), encoding=encoding):
            if not (dry_run or n_read):
                # A kill after some batches leaves word of who began.
                self._note(by, {"state": "begun"})
            counts = write(batch)
            n_read += batch.n_lines
            n_added += counts.added
            n_updated += counts.updated
            n_places += counts.places
            rejected += batch.rejected
            notes += batch.notes
            if on_progress is not None:
                on_progress(n_read, batch.n_bytes)
        report = ImportReport(
            read=n_read,
            added=n_added,
            updated=n_updated,
            places=n_places,
            rejected=rejected,
            notes=notes,
        )
        if not dry_run:
            self._note(
                by,
                {
                    "state": "done",
                    "read": report.read,
                    "added": report.added,
                    "updated": report.updated,
                    "rejected": len(report.rejected),
                },
            )
        return report

    def add(self, person: NewSubscriber, *, by: str) -> Registered:
        """Register one person, or replace their entry.

        Raises
        ------
        FieldError
            If a field cannot be used; names it.
        """
        entry, places = read_entry(person, self._rules())
        with self._new_uow() as uow:
            before = uow.subscribers.find_by_phone(entry["phone"])
            counts = uow.subscribers.upsert([entry], places, now=self._now())
            row = uow.subscribers.find_by_phone(entry["phone"])
            assert row is not None, "just written"
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="subscriber.add",
                subject=f"subscriber:{row.subscriber_id}",
                details={"before": _told_of(before), "after": _told_of(row)},
            )
            uow.commit()
        return Registered(subscriber_id=row.subscriber_id, is_new=bool(counts.added))

    def erase(self, subscriber_id: int, *, by: str) -> bool:
        """Remove a person's data for good; False when there is no such person."""
        with self._new_uow() as uow:
            before = uow.subscribers.rows([subscriber_id]).get(subscriber_id)
            is_erased = uow.subscribers.erase(subscriber_id, now=self._now())
            if is_erased:
                uow.alerts.leave_out([subscriber_id], Exclusion.GONE)
                uow.audit.append(
                    at=self._now(),
                    actor=by,
                    action="subscriber.erase",
                    subject=f"subscriber:{subscriber_id}",
                    details={"before": _told_of(before), "after": None},
                )
                uow.commit()
        return is_erased

    def count(self) -> int:
        """How many people are registered."""
        with self._read_uow() as uow:
            return uow.subscribers.count()

    def _rules(self) -> ImportRules:
        with self._read_uow() as uow:
            codes = frozenset(uow.areas.names())
        return ImportRules(
            parse_phone=self._parse_phone,
            country=self._country,
            areas=codes or None,
            now=self._now(),
        )

    def _write(self, batch: Batch) -> UpsertCounts:
        now = self._now()
        with self._new_uow() as uow:
            counts = uow.subscribers.upsert(batch.people, batch.places, now=now)
            changed = uow.subscribers.change(batch.changed_people, now=now)
            added_places = uow.subscribers.add_places(batch.added_places, now=now)
            uow.commit()
        return UpsertCounts(
            added=counts.added,
            updated=counts.updated + changed,
            places=counts.places + added_places,
        )

    def _would_write(self, batch: Batch) -> UpsertCounts:
        with self._read_uow() as uow:
            phones = [person["phone"] for person in batch.people]
            n_known = uow.subscribers.count_known(phones)
        return UpsertCounts(
            added=len(phones) - n_known,
            updated=n_known + len(batch.changed_people),
            places=batch.n_accepted,
        )

    def _note(self, by: str, details: Mapping[str, object]) -> None:
        with self._new_uow() as uow:
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="subscribers.import",
                subject="subscribers",
                details=details,
            )
            uow.commit()


def _told_of(person: PersonRow | None) -> Mapping[str, str] | None:
    """What the audit keeps of an entry: nothing by which a person could be known."""
    if person is None:
        return None
    return {"status": person.status}
