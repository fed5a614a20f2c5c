"""After a case: how people are, who must be called, what is learnt and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responders.case import CaseId
from responders.case_texts import Say
from responders.cases.caller import Caller
from responders.cases.case_book import CaseBook
from responders.cases.explain import without_positions
from responders.cases.standing_down import DEBRIEF_AFTER
from responders.deciding.acceptance import decay
from responders.errors import CaseStateError
from responders.offer import Feeling, Offer, OfferState
from responders.ports import Decision, UnitOfWork
from responders.roster.volunteer import Record, Responder, ResponderId

#: Where people were is deleted after this, addresses of patients after that.
POSITIONS_KEPT = timedelta(hours=24)
ADDRESSES_KEPT = timedelta(days=30)
DELETED = "deleted"
#: Decimals of degrees that are kept of a patient's place: about a kilometre.
_COARSE = 2
_DAY_S = 86_400.0
#: A yes or a no; who was not reached was not asked.
_YES = frozenset({OfferState.TOO_LATE})
_NO = frozenset({OfferState.DECLINED, OfferState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What becomes of a case that has ended.

    Parameters
    ----------
    caller : Caller
        Asks people how they are.
    """

    caller: Caller

    def look_at(self, book: CaseBook) -> None:
        """Do what is due, and say when to look again; each step is done once."""
        ended = book.case.stamps.closed_at
        assert ended is not None, "it has ended"
        if book.now < ended + POSITIONS_KEPT:
            self._debrief(book)
            self._learn(book)
            book.look_again(ended + POSITIONS_KEPT)
        elif book.now < ended + ADDRESSES_KEPT:
            self._forget_positions(book)
            book.look_again(ended + ADDRESSES_KEPT)
        else:
            self._forget_positions(book)
            self._forget_address(book)

    def take(self, book: CaseBook, offer: Offer, digit: str) -> bool:
        """Note how somebody is; False if the digit says nothing of that."""
        asked_at = book.case.stamps.closed_at
        is_asked = asked_at is not None and book.now >= asked_at + DEBRIEF_AFTER
        if not is_asked or not digit.isdecimal() or int(digit) not in list(Feeling):
            return False
        feeling = Feeling(int(digit))
        if offer.may_become(OfferState.DEBRIEFED):
            offer = book.try_move(offer, OfferState.DEBRIEFED) or offer
        worst = max(feeling, offer.feeling or feeling)
        book.write(offer, feeling=worst)
        book.record(
            "offer.feeling", responder=int(offer.responder_id), feeling=feeling.name
        )
        person = book.person(offer.responder_id)
        self.caller.tell(book, person, Say.DEBRIEF_THANKS, part="debrief_thanks")
        return True

    def _debrief(self, book: CaseBook) -> None:
        """Ask everybody who had said yes and was to come."""
        if book.case.is_exercise:
            return
        for offer in book.offers.values():
            person = book.person(offer.responder_id)
            if offer.role is not None and person.phone:
                self.caller.tell(book, person, Say.DEBRIEF, part="debrief")

    def _learn(self, book: CaseBook) -> None:
        """Count yes and no for everybody who was reached; older counts fade."""
        if book.case.is_exercise or any(
            decision.kind == "learnt"
            for decision in book.uow.cases.decisions(book.case.case_id)
        ):
            return
        outcomes = {
            int(offer.responder_id): said
            for offer in book.offers.values()
            if (said := said_yes(offer)) is not None
        }
        for number, said in outcomes.items():
            person = book.person(ResponderId(number))
            book.keep_person(_with_outcome(person, said, book.now))
        facts: Mapping[str, object] = {str(n): said for n, said in outcomes.items()}
        book.note("learnt", {"said_yes": facts})

    def _forget_positions(self, book: CaseBook) -> None:
        for offer in list(book.offers.values()):
            if offer.lon is not None:
                book.write(offer, lon=None, lat=None)
        book.uow.cases.redact_decisions(book.case.case_id, _without_volunteers)

    def _forget_address(self, book: CaseBook) -> None:
        """What tells the house goes; about where it was stays, to be counted."""
        scene = book.case.scene
        scene = replace(
            scene,
            address=DELETED,
            details="",
            lon=round(scene.lon, _COARSE),
            lat=round(scene.lat, _COARSE),
        )
        book.change(scene=scene, callback_phone="", excluded=frozenset())
        book.uow.cases.redact_decisions(book.case.case_id, _without_anybody)
        book.record("case.forget", what="address")


def _without_volunteers(decision: Decision) -> Mapping[str, object]:
    """A role's record says where people were; a wave's says how far off."""
    if decision.kind != "role":
        return decision.facts
    return without_positions(decision.facts)


def _without_anybody(decision: Decision) -> Mapping[str, object]:
    return without_positions(decision.facts)


class FollowUps:
    """The list of volunteers who wait for a call from a person.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def open(self) -> list[tuple[Offer, Responder]]:
        """Who waits, and since which case; oldest first."""
        with self._read_uow() as uow:
            offers = uow.cases.to_follow_up()
            return [(one, uow.responders.get(one.responder_id)) for one in offers]

    def done(self, case_id: CaseId, responder_id: ResponderId, *, by: str) -> None:
        """Note that somebody was called.

        Raises
        ------
        CaseStateError
            If nobody waits for that call.
        """
        with self._new_uow() as uow:
            book = CaseBook(uow, case_id, now=self._now())
            offer = book.offers.get(responder_id)
            if offer is None or offer.feeling is None:
                raise CaseStateError("Nobody waits for that call.")
            book.write(offer, is_followed_up=True)
            book.record("offer.follow_up", by=by, responder=int(responder_id))
            book.save()
            uow.commit()


def said_yes(offer: Offer) -> bool | None:
    """Whether somebody who was reached said yes; None if they were not reached."""
    if offer.role is not None or offer.state in _YES:
        return True
    return False if offer.state in _NO else None


def _with_outcome(person: Responder, said: bool, now: datetime) -> Responder:
    before = person.record
    age = 0.0
    if before.as_of is not None:
        age = max(0.0, (now - before.as_of).total_seconds()) / _DAY_S
    fade = float(decay(age))
    record = Record(
        n_asked=before.n_asked * fade + 1,
        n_accepted=before.n_accepted * fade + said,
        as_of=now,
        n_undelivered=before.n_undelivered,
    )
    return replace(person, record=record)
