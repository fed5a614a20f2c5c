"""What volunteers change about themselves by text, at once and with an answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from responders.case_texts import CaseTexts
from responders.duty.duty_texts import DutyKind, DutyWord, parse_position
from responders.errors import InvalidPositionError
from responders.ports import UnitOfWork
from responders.roster.pins import FIRST_PIN_WITHIN, Pin
from responders.roster.places import Place, PlaceKind
from responders.roster.volunteer import (
    Availability,
    Consent,
    Responder,
    Standing,
)
from telephony.delivery import Channel, Content, Lane, NewDelivery

#: Version of the consent text that JOIN agrees to.
CONSENT_VERSION = "2026-1"
CODE_HOLDS = timedelta(days=3)
_ANSWER_HOLDS = timedelta(hours=1)
_MAX_NAME = 80
_OWN_PLACES = {"HOME": PlaceKind.HOME, "WORK": PlaceKind.WORK}


class PlaceFinder(Protocol):
    """Finds places by name."""

    def find(self, name: str) -> tuple[str, float, float] | None:
        """Name as it is told, longitude and latitude in degrees; None if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Duty:
    """Does what volunteers ask for by text.

    Parameters
    ----------
    texts : CaseTexts
    find_place : callable
        Name → name, lon, lat; None if nobody knows it.
    local : callable
        UTC → the clock on the wall, for "until".
    """

    texts: CaseTexts
    find_place: Callable[[str], tuple[str, float, float] | None]
    local: Callable[[datetime], datetime]

    def obey(
        self, uow: UnitOfWork, person: Responder, word: DutyWord, *, at: datetime
    ) -> None:
        """Do what a text asks for and answer it."""
        if word.kind is DutyKind.JOIN:
            self._join(uow, person, word, at=at)
            return
        if word.kind is DutyKind.PIN:
            self.choose_pin(uow, person, word.pins, at=at)
            return
        changed, key, values = self._changed(person, word, at)
        if changed != person:
            uow.responders.save(changed, now=at)
            self._record(uow, person, word.kind.lower(), at)
        self.answer(uow, changed, key, at=at, **values)

    def choose_pin(
        self, uow: UnitOfWork, person: Responder, pins: Sequence[str], *, at: datetime
    ) -> None:
        """Set the first PIN, or another: then the old one comes first.

        A first PIN only while it is fresh in mind whose number it is; else whoever has
        the number now would choose it.
        """
        pin, verified_at = person.pin, person.number_verified_at
        is_fresh = verified_at is not None and at - verified_at < FIRST_PIN_WITHIN
        if pin.is_set:
            fits, pin = pin.fits(pins[0]), pin.after(pins[0])
            key = "duty_pin_set" if fits else "duty_pin_wrong"
            if fits:
                pin = Pin(seal=pins[-1])
        elif is_fresh:
            key, pin = "duty_pin_set", Pin(seal=pins[-1])
        else:
            key = "duty_pin_refused"
        if pin != person.pin:
            uow.responders.save(replace(person, pin=pin), now=at)
            self._record(uow, person, "pin", at)
        self.answer(uow, person, key, at=at)

    def sign_up(self, uow: UnitOfWork, phone: str, name: str, *, at: datetime) -> None:
        """Take in somebody who offers to help; the organisation confirms them."""
        newcomer = Responder(
            phone=phone,
            name=name[:_MAX_NAME],
            standing=Standing.PENDING,
            consent=Consent(version=CONSENT_VERSION, given_at=at),
            number_verified_at=at,
        )
        uow.responders.upsert([newcomer], now=at)
        person = uow.responders.find_by_phone(phone)
        assert person is not None, "just written"
        self._record(uow, person, "sign_up", at)
        self.answer(uow, person, "duty_pending", at=at)

    def stop(self, uow: UnitOfWork, person: Responder, *, at: datetime) -> None:
        """Call somebody no more: effective at once."""
        if person.standing in {Standing.OPTED_OUT, Standing.ERASED}:
            return
        uow.responders.save(replace(person, standing=Standing.OPTED_OUT), now=at)
        uow.outbox.withdraw_everywhere([person.phone], now=at)
        self._record(uow, person, "stop", at)
        self.answer(uow, person, "duty_stopped", at=at)

    def send_code(self, uow: UnitOfWork, person: Responder, *, at: datetime) -> None:
        """Ask a phone whether its owner agrees: the answer comes with the code."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        uow.responders.set_code(
            person.responder_id, _digest(code), until=at + CODE_HOLDS
        )
        self.answer(uow, person, "duty_code", at=at, code=code)

    def answer(
        self,
        uow: UnitOfWork,
        person: Responder,
        key: str,
        *,
        at: datetime,
        once: str = "",
        **values: str,
    ) -> None:
        """Send a volunteer a text about their duty.

        Parameters
        ----------
        once : str
            Of one key and this word there is one text; by default each is another.
        """
        tag = self.texts.catalogue.nearest(person.language)
        owner = f"duty:{person.responder_id}/{once or f'{at:%Y%m%dT%H%M%S%f}'}.{key}"
        text = self.texts.words(tag, key, **values)
        content = Content(
            owner_ref=owner,
            variant=key,
            language=tag,
            sms_text=text,
            script="case_news",
            variables={"message": text},
        )
        is_text = Channel.SMS in person.channels
        delivery = NewDelivery(
            owner_ref=owner,
            recipient_id=int(person.responder_id),
            phone=person.phone,
            channel=Channel.SMS if is_text else Channel.VOICE,
            content_id=uow.outbox.add_content(content),
            lane=Lane.WARNING,
            position=0,
            not_before=at,
            deadline=at + _ANSWER_HOLDS,
        )
        uow.outbox.enqueue([delivery])

    def _changed(
        self, person: Responder, word: DutyWord, at: datetime
    ) -> tuple[Responder, str, dict[str, str]]:
        """The person after the text, and what to answer."""
        if word.kind is DutyKind.MOVE:
            return self._moved(person, word.argument, at)
        if word.kind is DutyKind.STATUS:
            return person, *self.status(person, at)
        before = person.availability
        if word.kind is DutyKind.PAUSE and word.span is not None:
            now = replace(before, paused_until=at + word.span)
        else:
            is_on = word.kind is DutyKind.ON
            now = replace(before, is_on=is_on, paused_until=None)
        changed = replace(person, availability=now)
        if now.is_on and person.standing is Standing.OPTED_OUT and person.consent:
            changed = replace(changed, standing=Standing.ACTIVE)
        return changed, *self.status(changed, at)

    def status(self, person: Responder, at: datetime) -> tuple[str, dict[str, str]]:
        """Key and values of the text that says whether somebody may be asked."""
        on: Availability = person.availability
        if person.standing in {Standing.PENDING, Standing.SUSPENDED}:
            return "duty_pending", {}
        if person.standing is not Standing.ACTIVE:
            return "duty_stopped", {}
        if not on.is_on:
            return "duty_off", {}
        if on.paused_until is not None and at < on.paused_until:
            until = self.local(on.paused_until)
            return "duty_paused", {"until": f"{until:%Y-%m-%d %H:%M}"}
        return "duty_on", {}

    def _moved(
        self, person: Responder, name: str, at: datetime
    ) -> tuple[Responder, str, dict[str, str]]:
        kept = tuple(p for p in person.places if p.kind is not PlaceKind.CHECK_IN)
        own = _OWN_PLACES.get(name.upper())
        position = parse_position(name)
        found: tuple[str, float, float] | None
        if own is not None:
            at_own = [place for place in kept if place.kind is own]
            found = (name.lower(), at_own[0].lon, at_own[0].lat) if at_own else None
        elif position is not None:
            found = (f"{position[1]:.4f}, {position[0]:.4f}", *position)
        else:
            found = self.find_place(name) if name else None
        if found is None:
            return person, "duty_place_unknown", {}
        told, lon, lat = found
        try:
            here = Place(kind=PlaceKind.CHECK_IN, lon=lon, lat=lat, reported_at=at)
        except InvalidPositionError:
            return person, "duty_place_unknown", {}
        return replace(person, places=(here, *kept)), "duty_moved", {"place": told}

    def _join(
        self, uow: UnitOfWork, person: Responder, word: DutyWord, *, at: datetime
    ) -> None:
        """The second half of the opt-in: the code came back from the phone itself."""
        sent, until = uow.responders.code(person.responder_id) or ("", at)
        if at >= until or not hmac.compare_digest(_digest(word.argument), sent):
            # One try: a code of six digits must not be guessed.
            uow.responders.set_code(person.responder_id, "", until=at)
            self.answer(uow, person, "duty_code_wrong", at=at)
            return
        agreed = person.consent or Consent(version=CONSENT_VERSION, given_at=at)
        standing = person.standing
        if standing is Standing.OPTED_OUT:
            standing = Standing.ACTIVE
        uow.responders.set_code(person.responder_id, "", until=at)
        changed = replace(
            person, consent=agreed, number_verified_at=at, standing=standing
        )
        if word.pins:
            changed = replace(changed, pin=Pin(seal=word.pins[-1]))
        uow.responders.save(changed, now=at)
        self._record(uow, person, "join", at)
        is_pending = changed.standing is not Standing.ACTIVE
        self.answer(
            uow, changed, "duty_pending" if is_pending else "duty_joined", at=at
        )

    @staticmethod
    def _record(uow: UnitOfWork, person: Responder, verb: str, at: datetime) -> None:
        uow.audit.append(
            at=at,
            actor="system",
            action=f"responder.{verb}",
            subject=f"responder:{person.responder_id}",
            details={"by": "phone"},
        )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
