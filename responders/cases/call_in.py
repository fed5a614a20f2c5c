"""Volunteers who ring us: an open request first, else whether they are on duty.

Who rings is known by a number that can be forged. So a call changes what it may, and
what it changes is told by text to the number itself; an address is never spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.case_texts import (
    HOME_SCRIPT,
    OFFER_SCRIPT,
    PIN_SCRIPT,
    ROLE_SCRIPT,
    Say,
)
from responders.cases.answers import Answers
from responders.cases.case_book import CaseBook
from responders.duty.duty_texts import DEFAULT_PAUSE, DutyKind, DutyWord
from responders.duty.reachability import note_heard
from responders.duty.text_desk import Duty
from responders.offer import Offer
from responders.ports import UnitOfWork
from responders.roster.volunteer import Responder, Standing
from telephony.callbacks.event_reading import InboundCall
from telephony.calls.call_answers import CallAnswer, parse
from telephony.delivery import Channel

DUTY_SCRIPT = "volunteer_duty"
#: A key pressed so long after a request still belongs to it.
_SAME_CASE = timedelta(hours=2)
_WORDS = {
    "on": DutyWord(kind=DutyKind.ON),
    "off": DutyWord(kind=DutyKind.OFF),
    "pause": DutyWord(kind=DutyKind.PAUSE, span=DEFAULT_PAUSE),
}
_PROVED = "PROVED"
_ABOUT_CASES = frozenset({"ACCEPTED", "DECLINED", "WITHDRAWN", _PROVED})
#: By whether somebody has said yes, and whether a PIN opens the address.
_SCRIPTS = {
    (False, False): OFFER_SCRIPT,
    (False, True): HOME_SCRIPT,
    (True, False): ROLE_SCRIPT,
    (True, True): PIN_SCRIPT,
}
_RINGS = frozenset({Standing.ACTIVE, Standing.PENDING, Standing.SUSPENDED})


@dataclass(frozen=True, kw_only=True, slots=True)
class VolunteerCalls:
    """Answers volunteers who ring.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    answers : Answers
        Counts what they press.
    duty : Duty
        What they change about themselves.
    now : callable
        Aware UTC.
    """

    read_uow: Callable[[], UnitOfWork]
    answers: Answers
    duty: Duty
    now: Callable[[], datetime]

    def opening(self, phone: str) -> tuple[str, str] | None:
        """Script and language for a number; None if it is no volunteer's."""
        with self.read_uow() as uow:
            person = uow.responders.find_by_phone(phone)
            if person is None or person.standing not in _RINGS:
                return None
            offer = _offer_now(uow, person)
            case = uow.cases.get(offer.case_id) if offer else None
        language = self.duty.texts.catalogue.nearest(person.language)
        if offer is None or case is None:
            return DUTY_SCRIPT, language
        asks_pin = person.pin.is_usable and self.answers.caller.asks_pin(case, offer)
        return _SCRIPTS[offer.state.is_engaged, asks_pin], language

    def variables(self, phone: str, language: str) -> Mapping[str, str]:
        """What the scripts say to a number; nothing if it is no volunteer's."""
        with self.read_uow() as uow:
            person = uow.responders.find_by_phone(phone)
            if person is None:
                return {}
            # A request that was answered a moment ago is still spoken of.
            offer = _offer_now(uow, person) or _last_offer(uow, person, self.now())
            case = uow.cases.get(offer.case_id) if offer else None
        texts = self.duty.texts
        values = {"message": self._on_duty(person, language)}
        if offer is not None and case is not None:
            values |= texts.offer(case, language, offer.distance_m).variables
            if offer.state.is_engaged:
                values["message"] = texts.on_way(case, language)
        return values

    def take_call(self, uow: UnitOfWork, call: InboundCall) -> bool:
        """Deal with a volunteer's call to us; False leaves it to others."""
        person = uow.responders.find_by_phone(call.phone)
        if person is None or call.owner_ref:
            return False
        note_heard(uow, person.responder_id, at=call.at)
        given = [parse(answer) for answer in call.answers]
        if not given:
            self._send_way_again(uow, person, call.at)
            return False
        taken = [self._take(uow, person, one, call.at) for one in given]
        return any(taken)

    def _take(
        self, uow: UnitOfWork, person: Responder, answer: CallAnswer, at: datetime
    ) -> bool:
        if answer.name == "DUTY" and answer.value in _WORDS:
            self.duty.obey(uow, person, _WORDS[answer.value], at=at)
            return True
        if answer.name not in _ABOUT_CASES:
            return False
        offer = _offer_now(uow, person) or _last_offer(uow, person, at)
        if answer.name == _PROVED and (offer is None or not offer.state.is_live):
            self.duty.choose_pin(uow, person, [answer.value], at=at)
            return True
        if offer is None:
            self.duty.answer(uow, person, Say.NONE, at=at)
            return True
        book = CaseBook(uow, offer.case_id, now=at)
        number = person.responder_id
        if answer.name == "ACCEPTED":
            self.answers.accept(book, number, by=Channel.VOICE, at=at)
        elif answer.name == "DECLINED":
            self.answers.decline(book, number, by=Channel.VOICE, at=at)
        elif answer.name == _PROVED:
            self.answers.prove(book, number, answer.value)
        else:
            self.answers.withdraw(book, number, at=at)
        book.save()
        return True

    def _send_way_again(self, uow: UnitOfWork, person: Responder, at: datetime) -> None:
        """Who rings on the way may have lost it: it is sent once more, by text."""
        offer = _offer_now(uow, person)
        if offer is None or not offer.state.is_engaged:
            return
        book = CaseBook(uow, offer.case_id, now=at)
        self.answers.heard(book, person.responder_id, at=at)
        self.answers.send_way(book, book.offers[person.responder_id], again=True)
        book.save()

    def _on_duty(self, person: Responder, language: str) -> str:
        """That nobody needs them now, and whether they are on duty."""
        key, values = self.duty.status(person, self.now())
        texts = self.duty.texts
        none = texts.words(language, Say.NONE)
        return f"{none} {texts.words(language, key, **values)}"


def _offer_now(uow: UnitOfWork, person: Responder) -> Offer | None:
    """What somebody is asked, or has said yes to; the latter first."""
    number = person.responder_id
    live = uow.cases.live_offers([number]).get(number, ())
    newest = sorted(live, key=lambda one: (one.state.is_engaged, one.offered_at))
    return newest[-1] if newest else None


def _last_offer(uow: UnitOfWork, person: Responder, at: datetime) -> Offer | None:
    offers = uow.cases.offers_of(person.responder_id, since=at - _SAME_CASE)
    return offers[0] if offers else None
