"""Who goes to a home shows who they are first: PIN, or the dispatcher's own ear.

Until then they know how far it is and in which direction, and may start. Tries are
counted under the lock of the case; the same wrong digits twice are one try, for
carriers repeat themselves.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from accounts.operators import SYSTEM
from responders.case_texts import Say
from responders.cases.caller import Caller, pin_part
from responders.cases.case_book import CaseBook
from responders.deciding.travel import great_circle_m
from responders.offer import Offer
from responders.roster.volunteer import Responder

#: Whoever entered a PIN in the call of the yes need not be rung for it.
_CALL_AFTER = timedelta(seconds=30)


def ask(caller: Caller, book: CaseBook, offer: Offer, *, again: bool = False) -> None:
    """Ask somebody who has said yes for their PIN; without one the dispatcher rings.

    Parameters
    ----------
    again : bool
        Once more the same, by text.
    """
    person = book.person(offer.responder_id)
    say = Say.PIN
    if not person.pin.is_usable:
        say = Say.PIN_CALL
        _tell_dispatcher(book, offer)
    part = pin_part(book.case.n_corrections)
    _tell(caller, book, offer, say, part=f"{part}.again" if again else part)


def judge(caller: Caller, book: CaseBook, offer: Offer, seal: str) -> bool:
    """Whether a PIN is right; a wrong one is counted, and told."""
    person = book.person(offer.responder_id)
    if not person.pin.is_usable or seal == offer.wrong_seal:
        return False
    is_right = person.pin.fits(seal)
    person = _with_pin(book, person, seal)
    if is_right:
        return True
    book.record("offer.pin_wrong", responder=int(offer.responder_id))
    offer = book.write(offer, wrong_seal=seal)
    part = f"{pin_part(book.case.n_corrections)}.wrong.{person.pin.n_wrong}"
    if person.pin.is_usable:
        caller.tell(book, person, Say.PIN_WRONG, part=part)
    else:
        _tell_dispatcher(book, offer)
        _tell(caller, book, offer, Say.PIN_CALL, part=part)
    return False


def proved(caller: Caller, book: CaseBook, offer: Offer, *, by: str = SYSTEM) -> Offer:
    """Note that it is known who somebody is; an operator's word lifts a locked PIN."""
    person = book.person(offer.responder_id)
    if person.pin.n_wrong:
        book.keep_person(replace(person, pin=replace(person.pin, n_wrong=0)))
    book.record("offer.proved", by=by, responder=int(offer.responder_id))
    caller.unask_pin(book, offer)
    return book.write(offer, proved_at=book.now)


def _with_pin(book: CaseBook, person: Responder, seal: str) -> Responder:
    after = person.pin.after(seal)
    if after != person.pin:
        person = replace(person, pin=after)
        book.keep_person(person)
    return person


def _tell(caller: Caller, book: CaseBook, offer: Offer, say: Say, *, part: str) -> None:
    """Say about where it is; of two who stand elsewhere each hears their own way."""
    person, scene = book.person(offer.responder_id), book.case.scene
    lon = scene.lon if offer.lon is None else offer.lon
    lat = scene.lat if offer.lat is None else offer.lat
    distance_m = float(great_circle_m(lon, lat, scene.lon, scene.lat))
    bearing = _bearing(lon, lat, scene.lon, scene.lat)
    values = caller.texts.about(person.language, distance_m, bearing)
    caller.tell(
        book,
        person,
        say,
        part=part,
        variant=f"{values['distance']}.{values['direction']}",
        values=values,
        call_after=_CALL_AFTER,
    )


def _tell_dispatcher(book: CaseBook, offer: Offer) -> None:
    book.notice(
        f"pin_{offer.responder_id}",
        f"Volunteer {offer.responder_id} goes and cannot show a PIN: ring them, and "
        "open the address to them if it is they.",
    )


def _bearing(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Degrees from north, clockwise; good for some kilometres."""
    east = (to_lon - lon) * math.cos(math.radians(lat))
    return math.degrees(math.atan2(east, to_lat - lat)) % 360.0
