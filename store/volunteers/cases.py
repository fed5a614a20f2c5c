"""Cases, who was asked for each, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from responders.errors import CaseNotFoundError, CaseStateError
from responders.ports import Decision
from responders.roster.volunteer import ResponderId
from store.sql.chunks import in_chunks
from store.sql.locking import locked
from store.tables.responders import case_decisions, cases
from store.tables.responders import offers as offer_rows
from store.volunteers.case_rows import case_of, case_row, offer_of, offer_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Executable, Select

    from responders.case import CardiacCase, CaseId
    from responders.offer import Offer
    from responders.ports import Redacted

#: Offers with the id of their case.
OFFERS = select(offer_rows, cases.c.case_id).join(
    cases, cases.c.id == offer_rows.c.case
)


class SqlCases:
    """``responders.ports.CaseRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: CardiacCase) -> None:
        """Store a new case.

        Raises
        ------
        CaseStateError
            If its code or its number at the ambulance computer is in use.
        """
        self._guarded(
            insert(cases).values(case_row(case)),
            f"The code {case.code} or the number of the case is in use; try again.",
        )

    def get(self, case_id: CaseId) -> CardiacCase:
        """Return one.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        return self._get(case_id, select(cases))

    def get_for_update(self, case_id: CaseId) -> CardiacCase:
        """The same, and nobody else may change it until this transaction ends."""
        return self._get(case_id, locked(self._connection, select(cases)))

    def save(self, case: CardiacCase) -> None:
        """Write what has become of a case.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        saved = self._connection.execute(
            update(cases).where(cases.c.case_id == case.case_id).values(case_row(case))
        )
        if saved.rowcount == 0:
            raise CaseNotFoundError(_unknown(case.case_id))

    def find_by_ref(self, external_ref: str) -> CardiacCase | None:
        """Return the case of a number at the ambulance computer."""
        row = self._connection.execute(
            select(cases).where(cases.c.external_ref == external_ref)
        ).one_or_none()
        return None if row is None else case_of(row)

    def count(self) -> int:
        """How many there have been."""
        return self._connection.scalar(select(func.count()).select_from(cases)) or 0

    def open(self) -> Sequence[CardiacCase]:
        """Open cases, oldest first."""
        rows = self._connection.execute(
            select(cases).where(cases.c.is_open).order_by(cases.c.id)
        )
        return [case_of(row) for row in rows]

    def newest(self, *, before: str = "", limit: int) -> Sequence[CardiacCase]:
        """Cases, newest first, older than the one with id ``before``."""
        wanted = select(cases).order_by(cases.c.id.desc()).limit(limit)
        if before:
            last = select(cases.c.id).where(cases.c.case_id == before)
            wanted = wanted.where(cases.c.id < last.scalar_subquery())
        return [case_of(row) for row in self._connection.execute(wanted)]

    def due(self, *, now: datetime, limit: int) -> Sequence[CaseId]:
        """Cases somebody has to look at, the longest overdue first."""
        return list(
            self._connection.scalars(
                select(cases.c.case_id)
                .where(cases.c.next_due_at <= now)
                .order_by(cases.c.next_due_at, cases.c.id)
                .limit(limit)
            )
        )

    def add_offers(self, offers: Sequence[Offer]) -> None:
        """Store new offers; a person is asked once for one case.

        Raises
        ------
        CaseStateError
            If one of them is there already.
        """
        for offer in offers:
            number = self._number(offer.case_id)
            self._guarded(
                insert(offer_rows).values(case=number, **offer_row(offer)),
                f"Responder {offer.responder_id} was asked for this case already.",
            )

    def offers(self, case_id: CaseId) -> Sequence[Offer]:
        """All offers of a case, in the order in which they were made."""
        wanted = OFFERS.where(cases.c.case_id == case_id).order_by(offer_rows.c.id)
        return [offer_of(row) for row in self._connection.execute(wanted)]

    def offer(self, case_id: CaseId, responder_id: ResponderId) -> Offer | None:
        """Return one offer."""
        row = self._connection.execute(
            OFFERS.where(
                cases.c.case_id == case_id, offer_rows.c.responder_id == responder_id
            )
        ).one_or_none()
        return None if row is None else offer_of(row)

    def save_offer(self, offer: Offer) -> None:
        """Write what has become of an offer.

        Raises
        ------
        CaseStateError
            If it was never made, or the person is on the way to another patient.
        """
        number = self._number(offer.case_id)
        n_saved = self._guarded(
            update(offer_rows)
            .where(
                offer_rows.c.case == number,
                offer_rows.c.responder_id == offer.responder_id,
            )
            .values(offer_row(offer)),
            f"Responder {offer.responder_id} is on the way to another patient.",
        )
        if n_saved == 0:
            raise CaseStateError(f"Responder {offer.responder_id} was never asked.")

    def live_offers(
        self, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, Sequence[Offer]]:
        """Offers of people that still may become, or are, a yes."""
        found: dict[ResponderId, list[Offer]] = defaultdict(list)
        for chunk in in_chunks(responder_ids):
            wanted = OFFERS.where(
                offer_rows.c.is_live, offer_rows.c.responder_id.in_(chunk)
            ).order_by(offer_rows.c.id)
            for row in self._connection.execute(wanted):
                found[ResponderId(row.responder_id)].append(offer_of(row))
        return found

    def offers_of(
        self, responder_id: ResponderId, *, since: datetime
    ) -> Sequence[Offer]:
        """Offers to one person since a time, newest first."""
        wanted = OFFERS.where(
            offer_rows.c.responder_id == responder_id,
            offer_rows.c.offered_at >= since,
        ).order_by(offer_rows.c.offered_at.desc(), offer_rows.c.id.desc())
        return [offer_of(row) for row in self._connection.execute(wanted)]

    def alerts_since(
        self, since: datetime, responder_ids: Sequence[ResponderId]
    ) -> Mapping[ResponderId, int]:
        """Real alerts of people since a time; those with none are absent."""
        found: dict[ResponderId, int] = {}
        for chunk in in_chunks(responder_ids):
            rows = self._connection.execute(
                select(offer_rows.c.responder_id, func.count())
                .join(cases, cases.c.id == offer_rows.c.case)
                .where(
                    offer_rows.c.responder_id.in_(chunk),
                    offer_rows.c.offered_at >= since,
                    ~cases.c.is_exercise,
                )
                .group_by(offer_rows.c.responder_id)
            )
            found |= {ResponderId(number): n for number, n in rows}
        return found

    def to_follow_up(self) -> Sequence[Offer]:
        """Offers whose people wait for a call, oldest first."""
        wanted = OFFERS.where(offer_rows.c.needs_call).order_by(offer_rows.c.id)
        return [offer_of(row) for row in self._connection.execute(wanted)]

    def note(self, case_id: CaseId, decision: Decision) -> None:
        """Keep what a decision knew and chose."""
        self._connection.execute(
            insert(case_decisions).values(
                case=self._number(case_id),
                at=decision.at,
                kind=decision.kind,
                facts=dict(decision.facts),
            )
        )

    def decisions(self, case_id: CaseId) -> Sequence[Decision]:
        """Every decision of a case, in order."""
        return [decision for _, decision in self._decisions(case_id)]

    def redact_decisions(self, case_id: CaseId, redacted: Redacted) -> int:
        """Keep less of every decision of a case; return how many have changed."""
        changed = [
            (number, facts)
            for number, decision in self._decisions(case_id)
            if (facts := dict(redacted(decision))) != decision.facts
        ]
        for number, facts in changed:
            self._connection.execute(
                update(case_decisions)
                .where(case_decisions.c.id == number)
                .values(facts=facts)
            )
        return len(changed)

    def _decisions(self, case_id: CaseId) -> list[tuple[int, Decision]]:
        rows = self._connection.execute(
            select(case_decisions)
            .where(case_decisions.c.case == self._number(case_id))
            .order_by(case_decisions.c.id)
        )
        return [
            (row.id, Decision(at=row.at, kind=row.kind, facts=row.facts))
            for row in rows
        ]

    def _get(self, case_id: CaseId, wanted: Select[*tuple[Any, ...]]) -> CardiacCase:
        """Read one case.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        row = self._connection.execute(
            wanted.where(cases.c.case_id == case_id)
        ).one_or_none()
        if row is None:
            raise CaseNotFoundError(_unknown(case_id))
        return case_of(row)

    def _number(self, case_id: CaseId) -> int:
        """The number under which other tables know a case.

        Raises
        ------
        CaseNotFoundError
            If there is none of this id.
        """
        number: int | None = self._connection.scalar(
            select(cases.c.id).where(cases.c.case_id == case_id)
        )
        if number is None:
            raise CaseNotFoundError(_unknown(case_id))
        return number

    def _guarded(self, statement: Executable, sentence: str) -> int:
        """Run a statement that a unique index may refuse; the transaction goes on.

        Raises
        ------
        CaseStateError
            With the sentence, if it was refused.
        """
        try:
            with self._connection.begin_nested():
                return self._connection.execute(statement).rowcount
        except IntegrityError as error:
            raise CaseStateError(sentence) from error


def _unknown(case_id: str) -> str:
    return f"There is no case {case_id}; look it up in the list of cases."
