"""Registering, confirming and moving volunteers, and the AEDs they fetch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responders.duty.text_desk import Duty
from responders.errors import InvalidResponderError, ResponderNotFoundError
from responders.ports import UnitOfWork, Upserted
from responders.roster.aeds import Aed, AedId
from responders.roster.entry_rules import EntryRules
from responders.roster.import_report import FileReport, Line
from responders.roster.places import Place, PlaceKind, require_time
from responders.roster.volunteer import TRANSITIONS, Responder, ResponderId, Standing

_BATCH = 1_000
#: Days before a credential ends at which its holder is reminded.
REMINDERS = (60, 30, 7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """What became of a registration."""

    responder: Responder
    is_new: bool


class Volunteers:
    """The use cases of the organisation; ``by`` is an operator's name.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    duty : Duty
        Writes to phones.
    parse_phone : callable
        Text → E.164; raises ValueError with a sentence without the number.
    seal : callable
        Number and PIN → seal; raises ValueError with a sentence without the PIN.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        duty: Duty,
        parse_phone: Callable[[str], str],
        seal: Callable[[str, str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._duty = duty
        self.parse_phone = parse_phone
        self._seal = seal
        self._now = now

    def entry_rules(self) -> EntryRules:
        """By what an entry is read that is given now."""
        return EntryRules(
            parse_phone=self.parse_phone, now=self._now(), seal=self._seal
        )

    def add(self, person: Responder, *, by: str) -> Registered:
        """Register somebody, or replace what the organisation says of them.

        A number that was never answered from gets a code by text: only its own reply
        opens it.
        """
        now = self._now()
        with self._new_uow() as uow:
            counts = uow.responders.upsert([person], now=now)
            known = uow.responders.find_by_phone(person.phone)
            assert known is not None, "just written"
            if not known.has_verified_number(now):
                self._duty.send_code(uow, known, at=now)
            self._record(uow, "responder.add", known, by)
            uow.commit()
        return Registered(responder=known, is_new=bool(counts.added))

    def import_lines(self, lines: Sequence[Line[Responder]], *, by: str) -> FileReport:
        """Register everybody in a file; lines that cannot be used are reported."""
        good = [line.value for line in lines if line.value is not None]
        n_added = n_updated = 0
        for at in range(0, len(good), _BATCH):
            counts = self._write(good[at : at + _BATCH])
            n_added, n_updated = n_added + counts.added, n_updated + counts.updated
        report = FileReport.of(lines, added=n_added, updated=n_updated)
        with self._new_uow() as uow:
            self._note(uow, "responders.import", "responders", by, report)
            uow.commit()
        return report

    def import_aeds(self, lines: Sequence[Line[Aed]], *, by: str) -> FileReport:
        """Register every AED in a file; lines that cannot be used are reported."""
        good = [line.value for line in lines if line.value is not None]
        with self._new_uow() as uow:
            counts = uow.aeds.upsert(good, now=self._now())
            report = FileReport.of(lines, added=counts.added, updated=counts.updated)
            self._note(uow, "aeds.import", "aeds", by, report)
            uow.commit()
        return report

    def confirm(self, responder_id: ResponderId, *, by: str) -> Responder:
        """Confirm somebody who signed up, or lift a suspension.

        Raises
        ------
        ResponderNotFoundError
        InvalidResponderError
            If their standing does not allow it.
        """
        return self._stand(responder_id, Standing.ACTIVE, by=by)

    def suspend(self, responder_id: ResponderId, *, by: str) -> Responder:
        """Ask somebody no more until they are confirmed; raises as ``confirm``."""
        return self._stand(responder_id, Standing.SUSPENDED, by=by)

    def erase(self, responder_id: ResponderId, *, by: str) -> None:
        """Remove a person's data for good; old cases still add up.

        Raises
        ------
        ResponderNotFoundError
        """
        with self._new_uow() as uow:
            person = uow.responders.get(responder_id)
            uow.outbox.withdraw_everywhere([person.phone], now=self._now())
            gone = Responder(
                responder_id=responder_id,
                phone="",
                standing=Standing.ERASED,
                channels=person.channels,
                language=person.language,
            )
            uow.responders.save(gone, now=self._now())
            uow.reachability.forget(responder_id)
            self._record(uow, "responder.erase", gone, by)
            uow.commit()

    def set_position(
        self,
        responder_id: ResponderId,
        *,
        lon: float,
        lat: float,
        at: datetime | None = None,
    ) -> Responder:
        """Note where somebody is, for the next twelve hours.

        Raises
        ------
        ResponderNotFoundError
        InvalidPositionError
            If nobody can be there, or the time is in the future or long past.
        """
        now = self._now()
        reported_at = at or now
        require_time(reported_at, now)
        here = Place(kind=PlaceKind.CHECK_IN, lon=lon, lat=lat, reported_at=reported_at)
        with self._new_uow() as uow:
            person = uow.responders.get(responder_id)
            if person.standing is Standing.ERASED:
                raise ResponderNotFoundError(f"There is no responder {responder_id}.")
            kept = [p for p in person.places if p.kind is not PlaceKind.CHECK_IN]
            last = next((p.reported_at for p in person.places if p.reported_at), None)
            if last is None or last <= reported_at:
                person = replace(person, places=(here, *kept))
                uow.responders.save(person, now=now)
                uow.commit()
        return person

    def page(self, *, after: int, limit: int) -> Sequence[Responder]:
        """People with an id above ``after``, ascending by id."""
        with self._read_uow() as uow:
            return uow.responders.page(after=after, limit=limit)

    def get(self, responder_id: ResponderId) -> Responder:
        """Return one.

        Raises
        ------
        ResponderNotFoundError
        """
        with self._read_uow() as uow:
            return uow.responders.get(responder_id)

    def set_aed_order(self, aed_id: AedId, *, is_working: bool, by: str) -> bool:
        """Mark an AED as working or not; False if there is none of this id."""
        now = self._now()
        with self._new_uow() as uow:
            found = uow.aeds.set_out_of_order(aed_id, None if is_working else now)
            if found:
                uow.audit.append(
                    at=now,
                    actor=by,
                    action="aed.order",
                    subject=f"aed:{aed_id}",
                    details={"is_working": is_working},
                )
                uow.commit()
        return found

    def remind(self) -> int:
        """Tell those whose credentials end soon, 60, 30 and 7 days before."""
        now, n = self._now(), 0
        with self._new_uow() as uow:
            for days in REMINDERS:
                end = now + timedelta(days=days)
                ending = uow.responders.credentials_ending(
                    after=end - timedelta(days=1), until=end
                )
                for person in ending:
                    day = f"{now:%Y%m%d}"
                    self._duty.answer(
                        uow, person, "duty_expiring", at=now, once=day, days=str(days)
                    )
                    n += 1
            uow.commit()
        return n

    def forget_check_ins(self, *, older_than: timedelta) -> int:
        """Delete check-ins made long ago; return how many."""
        with self._new_uow() as uow:
            n = uow.responders.forget_check_ins(before=self._now() - older_than)
            uow.commit()
        return n

    def _write(self, people: Sequence[Responder]) -> Upserted:
        now = self._now()
        with self._new_uow() as uow:
            counts = uow.responders.upsert(people, now=now)
            uow.commit()
        return counts

    def _stand(
        self, responder_id: ResponderId, standing: Standing, *, by: str
    ) -> Responder:
        with self._new_uow() as uow:
            person = uow.responders.get(responder_id)
            if standing not in TRANSITIONS[person.standing]:
                raise InvalidResponderError(
                    f"Responder {responder_id} is {person.standing}; that cannot "
                    f"become {standing}."
                )
            record = replace(person.record, n_undelivered=0)
            changed = replace(person, standing=standing, record=record)
            uow.responders.save(changed, now=self._now())
            self._record(uow, f"responder.{standing.value}", changed, by)
            uow.commit()
        return changed

    def _record(self, uow: UnitOfWork, action: str, person: Responder, by: str) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"responder:{person.responder_id}",
            details={},
        )

    def _note(
        self, uow: UnitOfWork, action: str, subject: str, by: str, report: FileReport
    ) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=subject,
            details={
                "read": report.read,
                "added": report.added,
                "updated": report.updated,
                "rejected": len(report.rejected),
            },
        )
