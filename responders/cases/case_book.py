"""One case as one transaction holds it: locked, with its offers, and its record.

Every change is written down in the same transaction, so that what happened can be
replayed from the record alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.operators import SYSTEM
from responders.case import CardiacCase, CaseId, CaseState
from responders.errors import CaseStateError
from responders.offer import Offer, OfferState
from responders.ports import Decision, UnitOfWork
from responders.roster.volunteer import Responder, ResponderId


class CaseBook:
    """A case under its lock.

    Parameters
    ----------
    uow : UnitOfWork
        Open; whoever opened it commits.
    case_id : CaseId
    now : datetime
        Aware UTC.

    Raises
    ------
    CaseNotFoundError
        If there is none of this id.
    """

    def __init__(self, uow: UnitOfWork, case_id: CaseId, *, now: datetime) -> None:
        self.uow = uow
        self.now = now
        self.case: CardiacCase = uow.cases.get_for_update(case_id)
        self.offers: dict[ResponderId, Offer] = {
            offer.responder_id: offer for offer in uow.cases.offers(case_id)
        }
        self._people: dict[ResponderId, Responder] = {}

    @property
    def engaged(self) -> list[Offer]:
        """Offers of those who are counted on."""
        return [offer for offer in self.offers.values() if offer.state.is_engaged]

    @property
    def asked(self) -> list[Offer]:
        """Offers of those who may still say yes."""
        return [offer for offer in self.offers.values() if offer.state.is_open]

    def person(self, responder_id: ResponderId) -> Responder:
        """One of the people of this case."""
        if responder_id not in self._people:
            self._people[responder_id] = self.uow.responders.get(responder_id)
        return self._people[responder_id]

    def keep_person(self, person: Responder) -> None:
        """Write what has become of one of the people."""
        self.uow.responders.save(person, now=self.now)
        self._people[person.responder_id] = person

    def add(self, offers: list[Offer]) -> None:
        """Keep new offers."""
        self.uow.cases.add_offers(offers)
        self.offers |= {offer.responder_id: offer for offer in offers}

    def write(self, offer: Offer, **changes: Any) -> Offer:
        """Change what is known about an offer, not its state."""
        offer = replace(offer, **changes)
        self.uow.cases.save_offer(offer)
        self.offers[offer.responder_id] = offer
        return offer

    def try_move(
        self, offer: Offer, state: OfferState, *, by: str = SYSTEM, **changes: Any
    ) -> Offer | None:
        """Move an offer and write it down; None if that may not become of it.

        Also None if the person is on the way to another patient: the database says so.
        """
        if not offer.may_become(state):
            return None
        try:
            moved = self.write(offer.moved(state), **changes)
        except CaseStateError:
            return None
        self.record(
            f"offer.{state.name.lower()}",
            by=by,
            responder=int(offer.responder_id),
            was=offer.state.name.lower(),
        )
        return moved

    def change(self, **changes: Any) -> None:
        """Change what is known about the case, not its state."""
        self.case = replace(self.case, **changes)

    def move(self, state: CaseState, *, by: str = SYSTEM, reason: str = "") -> None:
        """Move the case and write it down; nothing if it is there already.

        Raises
        ------
        CaseStateError
            If that may not become of it.
        """
        if state is self.case.state:
            return
        was = self.case.state
        self.case = self.case.moved(state)
        facts: dict[str, object] = {"was": was.value}
        if reason:
            facts["reason"] = reason
        self.record(f"case.{state.value}", by=by, **facts)

    def notice(self, kind: str, text: str) -> None:
        """Tell the dispatcher something; once of each kind."""
        before = self.case
        self.case = before.noticed(kind, self.now, text)
        if self.case is not before:
            self.record("case.notice", kind=kind)

    def record(self, action: str, *, by: str = SYSTEM, **facts: object) -> None:
        """Append to the record; facts hold no number and no address."""
        self.uow.audit.append(
            at=self.now,
            actor=by,
            action=action,
            subject=self.case.owner_ref,
            details=facts,
        )

    def note(self, kind: str, facts: Mapping[str, object]) -> None:
        """Keep what a decision knew and chose."""
        decision = Decision(at=self.now, kind=kind, facts=facts)
        self.uow.cases.note(self.case.case_id, decision)

    def look_again(self, at: datetime | None) -> None:
        """When the engine looks at the case next, unless something is due earlier."""
        due = self.case.next_due_at
        if at is not None and (due is None or at < due):
            self.change(next_due_at=at)

    def save(self) -> None:
        """Write the case."""
        self.uow.cases.save(self.case)
