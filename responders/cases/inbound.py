"""Texts of volunteers: answers to cases, and words about their own duty.

A code says which case is meant; without one the only open request is, else the latest.
Nothing of a case is told to a number that was not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ivr_scripts.keywords import Command, CommandKind
from responders.case_texts import Say
from responders.cases.aftercare import Aftercare
from responders.cases.answers import Answers
from responders.cases.case_book import CaseBook
from responders.deciding.facts import Role
from responders.duty.duty_texts import DutyKind, DutyWord, parse_duty
from responders.duty.reachability import note_heard
from responders.duty.text_desk import Duty
from responders.offer import Offer, OfferState
from responders.ports import UnitOfWork
from responders.roster.pins import seals_in, without_seals
from responders.roster.volunteer import Responder
from telephony.callbacks.event_reading import InboundText
from telephony.delivery import Channel

#: A digit may still answer a request this old: "how are you?" comes after hours.
ANSWERS_FOR = timedelta(days=2)
_YES, _NO, _AED, _THERE, _CANNOT = "1", "2", "4", "5", "9"


@dataclass(frozen=True, slots=True)
class ResponderTexts:
    """Reads the texts of volunteers.

    Parameters
    ----------
    understand : callable
        Text and language → what it asks for (``ivr_scripts.keywords``).
    answers : Answers
        Counts what is answered.
    duty : Duty
        What a volunteer changes about themselves.
    aftercare : Aftercare
        How people are after a case.
    """

    understand: Callable[[str, str], Command]
    answers: Answers
    duty: Duty
    aftercare: Aftercare

    def expect(self, uow: UnitOfWork, phones: Sequence[str]) -> None:
        """Texts of these numbers come next; nearly all are of nobody we know."""
        uow.responders.expect(phones)

    def read_text(self, uow: UnitOfWork, text: InboundText) -> bool:
        """Deal with a text of a volunteer; False leaves it to others.

        STOP is never kept from others: it holds for warnings as well.
        """
        person = uow.responders.find_by_phone(text.phone)
        word = parse_duty(text.body)
        if person is None:
            return self._newcomer(uow, word, text)
        is_test = note_heard(uow, person.responder_id, at=text.at)
        command = self.understand(text.body, person.language)
        if command.kind is CommandKind.STOP:
            self._stop(uow, person, text)
            return False
        offers = uow.cases.offers_of(person.responder_id, since=text.at - ANSWERS_FOR)
        if self._takes_pin(uow, person, offers, text):
            return True
        if word is not None and word.kind is not DutyKind.VOLUNTEER:
            self.duty.obey(uow, person, word, at=text.at)
            return True
        return self._answers(uow, person, command, offers, text, is_test=is_test)

    def _answers(
        self,
        uow: UnitOfWork,
        person: Responder,
        command: Command,
        offers: Sequence[Offer],
        text: InboundText,
        *,
        is_test: bool,
    ) -> bool:
        """A text that is no word about duty: an answer, or nothing that is known."""
        if command.kind is CommandKind.REPLY and is_test and not offers:
            return True  # It answers the test; nothing else is asked of them.
        if command.kind is CommandKind.REPLY:
            return self._reply(uow, person, command, offers, text)
        return self._unclear(uow, offers, text)

    def _newcomer(
        self, uow: UnitOfWork, word: DutyWord | None, text: InboundText
    ) -> bool:
        """A number we do not know is told nothing, but may offer to help."""
        if word is None or word.kind is not DutyKind.VOLUNTEER:
            return False
        self.duty.sign_up(uow, text.phone, word.argument, at=text.at)
        return True

    def _takes_pin(
        self,
        uow: UnitOfWork,
        person: Responder,
        offers: Sequence[Offer],
        text: InboundText,
    ) -> bool:
        """A PIN that a case waits for, perhaps with the yes in one text."""
        seals = seals_in(text.body)
        if not seals:
            return False
        command = self.understand(without_seals(text.body), person.language)
        is_yes = command.kind is CommandKind.REPLY and bool(offers)
        if is_yes:
            self._reply(uow, person, command, offers, text)
        return self._proves(uow, person, seals[0], text) or is_yes

    def _proves(
        self, uow: UnitOfWork, person: Responder, seal: str, text: InboundText
    ) -> bool:
        """A PIN of somebody who was asked for it; False if nobody was."""
        number = person.responder_id
        for offer in uow.cases.live_offers([number]).get(number, ()):
            if not offer.state.is_engaged:
                continue
            book = CaseBook(uow, offer.case_id, now=text.at)
            if self.answers.prove(book, number, seal):
                self.answers.heard(book, number, at=text.at)
                book.save()
                return True
        return False

    def _stop(self, uow: UnitOfWork, person: Responder, text: InboundText) -> None:
        """No more calls; and whoever was counted on is no longer."""
        number = person.responder_id
        for offer in uow.cases.live_offers([number]).get(number, ()):
            book = CaseBook(uow, offer.case_id, now=text.at)
            self.answers.decline(book, number, by=Channel.SMS, at=text.at)
            book.save()
        self.duty.stop(uow, person, at=text.at)

    def _reply(
        self,
        uow: UnitOfWork,
        person: Responder,
        command: Command,
        offers: Sequence[Offer],
        text: InboundText,
    ) -> bool:
        meant = self._meant(uow, offers, command.argument)
        if meant is None:
            if not offers and not command.argument:
                return False  # It answers a warning, if anything.
            self.duty.answer(uow, person, Say.NONE, at=text.at)
            return True
        book = CaseBook(uow, meant.case_id, now=text.at)
        self._take(book, book.offers[meant.responder_id], command.digit, text)
        book.save()
        return True

    def _take(
        self, book: CaseBook, offer: Offer, digit: str, text: InboundText
    ) -> None:
        """What a digit says, by where the offer stands."""
        number, state, at = offer.responder_id, offer.state, text.at
        answers = self.answers
        if state >= OfferState.REVOKED and self.aftercare.take(book, offer, digit):
            return
        if digit == _YES:
            answers.accept(book, number, by=Channel.SMS, at=at)
        elif digit == _NO and not state.is_engaged:
            answers.decline(book, number, by=Channel.SMS, at=at)
        elif digit == _CANNOT:
            answers.withdraw(book, number, at=at)
        elif digit == _AED and offer.role is Role.VIA_AED:
            answers.aed_in_hand(book, number, at=at)
        elif digit == _THERE and (state.is_engaged or state is OfferState.LOST):
            answers.on_scene(book, number, at=at)
        elif state.is_engaged:
            answers.heard(book, number, at=at)
        elif state.is_open:
            self._help(book, offer)

    def _unclear(
        self, uow: UnitOfWork, offers: Sequence[Offer], text: InboundText
    ) -> bool:
        """A text nobody understands: one who is asked now gets one word of help."""
        live = [offer for offer in offers if offer.state.is_live]
        if not live:
            return False
        book = CaseBook(uow, live[0].case_id, now=text.at)
        offer = book.offers[live[0].responder_id]
        if offer.state.is_engaged:
            self.answers.heard(book, offer.responder_id, at=text.at)
        else:
            self._help(book, offer)
        book.save()
        return True

    def _help(self, book: CaseBook, offer: Offer) -> None:
        """Say once what can be answered."""
        if offer.was_helped:
            return
        person = book.person(offer.responder_id)
        self.answers.caller.tell(book, person, Say.UNCLEAR, part="unclear")
        book.write(offer, was_helped=True)

    @staticmethod
    def _meant(uow: UnitOfWork, offers: Sequence[Offer], code: str) -> Offer | None:
        """Which of a person's offers, newest first, an answer is about."""
        if code:
            named = (o for o in offers if uow.cases.get(o.case_id).code == code)
            return next(named, None)
        ranks: tuple[Callable[[Offer], bool], ...] = (
            lambda offer: offer.state.is_engaged,
            lambda offer: offer.state.is_open,
            lambda offer: True,
        )
        found = (offer for is_meant in ranks for offer in offers if is_meant(offer))
        return next(found, None)
