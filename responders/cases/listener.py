"""What the news of deliveries means for offers.

Runs inside the transaction that records the news. A repeat changes nothing, and late
news never takes an offer back: a call that was answered by nobody in particular is no
yes, only a key is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from responders.case import CaseId, parse_owner
from responders.cases.answers import Answers
from responders.cases.caller import AGAIN
from responders.cases.case_book import CaseBook
from responders.duty.reachability import note_heard
from responders.offer import Offer, OfferState
from responders.ports import UnitOfWork
from responders.roster.volunteer import MAX_UNDELIVERED, ResponderId, Standing
from telephony.calls.call_answers import parse
from telephony.delivery import Channel, DeliveryEvent, DeliveryState

_ALERTS = frozenset({"", AGAIN})
#: How far an offer has come when a delivery gets this far.
STATE_OF_DELIVERY = {
    DeliveryState.SENT: OfferState.SENT,
    DeliveryState.REACHED: OfferState.DELIVERED,
    DeliveryState.HEARD: OfferState.DELIVERED,
    DeliveryState.CONFIRMED: OfferState.DELIVERED,
}
#: The line was free to be rung again.
_RING_AGAIN = frozenset({"busy", "no-answer"})


class CaseListener:
    """Keeps offers in step with their deliveries.

    Parameters
    ----------
    answers : Answers
        Counts what people press.
    now : callable
        Aware UTC.
    """

    def __init__(self, answers: Answers, *, now: Callable[[], datetime]) -> None:
        self._answers = answers
        self._now = now

    def on_delivery_events(
        self, uow: UnitOfWork, events: Sequence[DeliveryEvent]
    ) -> None:
        """Take note of news about deliveries of cases."""
        by_case: dict[CaseId, list[DeliveryEvent]] = defaultdict(list)
        for event in events:
            by_case[parse_owner(event.owner_ref)[0]].append(event)
        # Cases are locked in one order everywhere, or two workers wait for each other.
        for case_id in sorted(by_case):
            book = CaseBook(uow, case_id, now=self._now())
            before = book.case
            for event in sorted(by_case[case_id], key=lambda event: event.at):
                self._take(book, event)
            if book.case is not before:
                book.save()

    def _take(self, book: CaseBook, event: DeliveryEvent) -> None:
        _, part = parse_owner(event.owner_ref)
        number = ResponderId(event.recipient_id)
        if number not in book.offers:
            return
        if event.answer is not None:
            self._answered(book, number, event)
        elif part in _ALERTS:
            self._moved(book, book.offers[number], event, part)

    def _answered(
        self, book: CaseBook, number: ResponderId, event: DeliveryEvent
    ) -> None:
        """Keys of a call. What a text says is read elsewhere, with its code."""
        if event.channel is not Channel.VOICE:
            return
        note_heard(book.uow, number, at=event.at)
        if event.answer == "ACCEPTED":
            self._answers.accept(book, number, by=event.channel, at=event.at)
        elif event.answer == "DECLINED":
            self._answers.decline(book, number, by=event.channel, at=event.at)
        elif event.answer == "WITHDRAWN":
            self._answers.withdraw(book, number, at=event.at)
        elif (said := parse(event.answer or "")).name == "PROVED":
            self._answers.prove(book, number, said.value)

    def _moved(
        self, book: CaseBook, offer: Offer, event: DeliveryEvent, part: str
    ) -> None:
        state = STATE_OF_DELIVERY.get(event.state)
        if state is not None:
            if offer.may_become(state):
                book.write(offer.moved(state))
            if event.channel is Channel.SMS and state is OfferState.DELIVERED:
                self._count_undelivered(book, offer, failed=False)
            return
        if not event.state.is_lost or not offer.state.is_open:
            return
        if event.channel is Channel.SMS:
            self._count_undelivered(book, offer, failed=True)
        is_first_call = event.channel is Channel.VOICE and part != AGAIN
        if is_first_call and event.code in _RING_AGAIN and _is_of_use(book, offer):
            person = book.person(offer.responder_id)
            self._answers.caller.call_again(book, offer, person)
            return
        self._without(book, offer, event.channel)

    def _without(self, book: CaseBook, offer: Offer, channel: Channel) -> None:
        """One channel has failed; with the last hope the offer has."""
        hopes = offer.hopes & ~channel & book.person(offer.responder_id).channels
        offer = book.write(offer, hopes=hopes)
        if not hopes and book.try_move(offer, OfferState.FAILED) is not None:
            book.look_again(book.now)

    def _count_undelivered(self, book: CaseBook, offer: Offer, *, failed: bool) -> None:
        """Three texts in a row that did not arrive: the number may be another's."""
        person = book.person(offer.responder_id)
        n = person.record.n_undelivered + 1 if failed else 0
        if n == person.record.n_undelivered:
            return
        changed = replace(person, record=replace(person.record, n_undelivered=n))
        if n >= MAX_UNDELIVERED and person.standing is Standing.ACTIVE:
            changed = replace(changed, standing=Standing.SUSPENDED)
            book.record("responder.suspend", responder=int(person.responder_id))
        book.keep_person(changed)


def _is_of_use(book: CaseBook, offer: Offer) -> bool:
    return book.case.state.is_open and book.now < offer.expires_at
