"""Looks at every case that is due: asks more people, gives up on the silent, tells.

All times are in rows. A process that dies at any line loses nothing: whoever starts
next finds the same case due, and decides from the same rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from responders.case import CaseId, CaseState
from responders.case_texts import Say
from responders.cases.answers import Answers
from responders.cases.case_book import CaseBook
from responders.cases.decider import Decider
from responders.cases.standing_down import end_case
from responders.cases.unreached import TELEPHONE_DOWN, nothing_left_at
from responders.cases.waves_out import WaveSender
from responders.errors import ResponderError
from responders.offer import Offer, OfferState
from responders.ports import UnitOfWork

log = logging.getLogger(__name__)

#: How often an open case is looked at, at least; an answer brings it forward.
TICK = timedelta(seconds=15)
#: Silence after a yes: asked at the first, given up at the second, times the way.
ASK_AGAIN_AT, LOST_AT = 1.5, 2.0
#: A case that nobody closed ends by itself.
LONGEST_CASE = timedelta(minutes=60)
_RING_BY_HAND = (
    "No call and no text of this case has got through: ring the volunteers by hand. "
    "Their names and numbers are in the list."
)
_BATCH = 50


class CaseEngine:
    """Runs open cases.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    decider : Decider
    answers : Answers
    waves : WaveSender
    after : callable
        What becomes of a case that has ended, when it is due.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        decider: Decider,
        answers: Answers,
        waves: WaveSender,
        after: Callable[[CaseBook], None],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._decider = decider
        self._answers = answers
        self._waves = waves
        self._after = after
        self._now = now

    def rehearse(self) -> None:
        """Load what the first decision would otherwise have to load."""
        self._decider.people.rehearse()

    def follow(self) -> int:
        """Keep the index of volunteers in step, so that no case waits for it."""
        return self._decider.people.refresh()

    def run_once(self) -> int:
        """Look at every case that is due; return how many there were.

        A case that cannot be dealt with does not hold up the others.
        """
        now = self._now()
        with self._read_uow() as uow:
            due = uow.cases.due(now=now, limit=_BATCH)
        if due:
            self._decider.people.refresh(wait=False)
        for case_id in due:
            try:
                self._look_at(case_id, now)
            except ResponderError:
                log.exception("case not dealt with")
        return len(due)

    def _look_at(self, case_id: CaseId, now: datetime) -> None:
        with self._new_uow() as uow:
            book = CaseBook(uow, case_id, now=now)
            due = book.case.next_due_at
            if due is None or due > now:
                return  # Another process was faster.
            book.change(next_due_at=None)
            if book.case.state.is_open:
                self._run(book)
            else:
                self._after(book)
            book.save()
            uow.commit()

    def _run(self, book: CaseBook) -> None:
        if book.case.state is CaseState.NEW:
            return  # Waits for the dispatcher.
        if book.now - book.case.stamps.opened_at >= LONGEST_CASE:
            self._end(book, CaseState.CLOSED, "nobody closed it")
            return
        self._start(book)
        self._tell_if_nothing_leaves(book)
        self._give_up_on_the_silent(book)
        self._ask_who_is_late(book)
        self._answers.settle(book)
        self._waves.send(book)
        self._end_without_a_yes(book)
        if book.case.state.is_open:
            book.look_again(book.now + TICK)
            book.look_again(nothing_left_at(book.offers.values()))

    def _start(self, book: CaseBook) -> None:
        if book.case.state is CaseState.TRIAGED:
            book.move(CaseState.ALERTING)
            book.case = book.case.stamped(dispatched_at=book.now)

    def _tell_if_nothing_leaves(self, book: CaseBook) -> None:
        """Say that the telephone is down while there is time to ring by hand."""
        at = nothing_left_at(book.offers.values())
        if at is not None and at <= book.now:
            book.notice(TELEPHONE_DOWN, _RING_BY_HAND)

    def _give_up_on_the_silent(self, book: CaseBook) -> None:
        for offer in book.asked:
            if offer.expires_at <= book.now:
                book.try_move(offer, OfferState.EXPIRED)

    def _ask_who_is_late(self, book: CaseBook) -> None:
        """Ask those of whom nothing was heard for too long; then count on others."""
        for offer in book.engaged:
            if offer.state is OfferState.ON_SCENE or offer.eta_at is None:
                continue
            since = offer.heard_at or offer.answered_at or offer.offered_at
            way = offer.eta_at - (offer.answered_at or offer.offered_at)
            silent = book.now - since
            if silent >= LOST_AT * way and offer.asked_again_at is not None:
                self._lose(book, offer)
            elif silent >= ASK_AGAIN_AT * way and offer.asked_again_at is None:
                person = book.person(offer.responder_id)
                tell = self._answers.caller.tell
                tell(book, person, Say.STILL_GOING, part="still_going")
                book.write(offer, asked_again_at=book.now)

    def _lose(self, book: CaseBook, offer: Offer) -> None:
        """Somebody is not coming, as it seems; they may still arrive."""
        book.try_move(offer, OfferState.LOST)

    def _end_without_a_yes(self, book: CaseBook) -> None:
        """Give up when nobody can come in time any more."""
        began = book.case.stamps.dispatched_at or book.now
        longest = timedelta(seconds=self._decider.policies.waves.close_s)
        if book.now - began >= longest and not book.engaged:
            self._end(book, CaseState.NO_RESPONSE, "nobody accepted in time")

    def _end(self, book: CaseBook, state: CaseState, reason: str) -> None:
        end_case(self._answers.caller, book, state, by="system", reason=reason)
