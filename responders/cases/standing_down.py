"""Telling people that they are not, or no longer, needed; and the end of a case.

Nobody is left walking through the night: whoever may still come hears of the end, by a
lane that no warning holds up and no quiet hour stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from responders.case import CaseState
from responders.case_texts import Say
from responders.cases.caller import Caller
from responders.cases.case_book import CaseBook
from responders.offer import Offer, OfferState

#: How people are is asked so long after the end.
DEBRIEF_AFTER = timedelta(minutes=90)


def stand_down(caller: Caller, book: CaseBook, offers: Sequence[Offer]) -> None:
    """Withdraw what has not left, and tell everybody who may still come.

    By text; by call as well to whoever is on the way. Who is with the patient is
    thanked.
    """
    caller.withdraw(book, list(offers))
    for offer in offers:
        was_there = offer.state is OfferState.ON_SCENE
        state = OfferState.RELEASED if was_there else OfferState.STOOD_DOWN
        if book.try_move(offer, state) is None:
            continue
        person = book.person(offer.responder_id)
        if person.phone:
            caller.tell(
                book,
                person,
                Say.THANKS if was_there else Say.STAND_DOWN,
                part="thanks" if was_there else "stand_down",
                by_call=offer.state.is_engaged and not was_there,
            )


def end_case(
    caller: Caller, book: CaseBook, state: CaseState, *, by: str, reason: str
) -> None:
    """Close, cancel or give up a case, and tell everybody.

    Raises
    ------
    CaseStateError
        If it has ended already.
    """
    book.move(state, by=by, reason=reason)
    book.case = book.case.stamped(closed_at=book.now)
    live = [offer for offer in book.offers.values() if offer.state.is_live]
    stand_down(caller, book, live)
    book.change(
        closed_by=by, close_reason=reason, next_due_at=_after(book.now, book.offers)
    )
    book.save()


def _after(now: datetime, offers: object) -> datetime | None:
    """When people are asked how they are; nobody, when nobody was asked to go."""
    return now + DEBRIEF_AFTER if offers else None
