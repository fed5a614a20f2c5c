"""Hands alerts and messages of a case to telephony: text and call together.

Each message of a case has an owner of its own, so that telephony's own rule, one
delivery a person and channel, makes every repetition harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.case import CardiacCase, owner_ref
from responders.case_texts import CaseTexts, Say
from responders.cases.case_book import CaseBook
from responders.offer import Offer
from responders.roster.volunteer import Responder
from telephony.delivery import Channel, Content, Lane, NewDelivery

#: An alert is of use this long.
OFFER_HOLDS = timedelta(seconds=180)
#: The first call must start within this of its turn; then telephony does not ring
#: again by its own rule, which is made for warnings, but the case does.
FIRST_CALL_WITHIN = timedelta(seconds=75)
#: Busy, or nobody answered: one more call after this.
REDIAL_AFTER = timedelta(seconds=25)
AGAIN = "again"
_NEWS_HOLDS = timedelta(minutes=30)
_WAY_HOLDS = timedelta(minutes=15)
_DEBRIEF_HOLDS = timedelta(hours=12)
_DISPATCH = frozenset(
    {
        Say.DIRECT,
        Say.FETCH,
        Say.GUIDE,
        Say.NEW_ADDRESS,
        Say.PIN,
        Say.PIN_WRONG,
        Say.PIN_CALL,
    }
)
_LATER = frozenset({Say.DEBRIEF, Say.DEBRIEF_THANKS})


@dataclass(frozen=True, slots=True)
class Caller:
    """Queues what is to be said.

    Parameters
    ----------
    texts : CaseTexts
        The words.
    home_pin : bool
        Whether the address of a home is told only for a PIN.
    """

    texts: CaseTexts
    home_pin: bool = False

    def ask(
        self,
        book: CaseBook,
        offer: Offer,
        person: Responder,
        *,
        turn: int,
        at: datetime,
    ) -> None:
        """Alert somebody by every channel they have.

        Parameters
        ----------
        turn : int
            Order within the wave, lowest first.
        at : datetime
            When the call's turn comes at the carriers' pace; the text leaves at once.
        """
        content = self._offer(book, offer, person)
        for channel in _channels(person):
            is_call = channel is Channel.VOICE
            latest = min(offer.expires_at, at + FIRST_CALL_WITHIN)
            self._queue(
                book,
                person,
                content,
                channel,
                position=turn,
                not_before=at if is_call else book.now,
                deadline=latest if is_call else offer.expires_at,
            )

    def call_again(self, book: CaseBook, offer: Offer, person: Responder) -> None:
        """Ring once more whoever was busy or did not answer."""
        at = book.now + REDIAL_AFTER
        content = self._offer(book, offer, person)
        again = Content(
            owner_ref=owner_ref(book.case.case_id, AGAIN),
            variant=content.variant,
            language=content.language,
            sms_text=content.sms_text,
            script=content.script,
            variables=content.variables,
        )
        self._queue(
            book,
            person,
            again,
            Channel.VOICE,
            position=0,
            not_before=at,
            deadline=max(at + timedelta(seconds=30), offer.expires_at),
        )

    def tell(
        self,
        book: CaseBook,
        person: Responder,
        say: Say,
        *,
        part: str,
        variant: str = "",
        values: Mapping[str, str] | None = None,
        by_call: bool = False,
        call_after: timedelta = timedelta(0),
    ) -> None:
        """Send somebody a message about the case.

        Parameters
        ----------
        part : str
            Which message; each reaches a person once, however often it is ordered.
        by_call : bool
            Ring as well. Whoever has no text messages is rung in any case.
        call_after : timedelta
            Ring no earlier than this.
        """
        content = self.texts.message(
            book.case, say, person.language, part=part, variant=variant, values=values
        )
        channels = [Channel.SMS] if Channel.SMS in person.channels else []
        if by_call or not channels:
            channels.append(Channel.VOICE)
        waits = {Channel.SMS: timedelta(0), Channel.VOICE: call_after}
        for channel in channels:
            self._queue(
                book,
                person,
                content,
                channel,
                position=0,
                not_before=book.now + waits[channel],
                deadline=book.now + _holds(say),
                lane=_lane(book.case, say),
            )

    def withdraw(self, book: CaseBook, offers: list[Offer]) -> None:
        """Stop alerts that have not left."""
        people = [int(offer.responder_id) for offer in offers]
        if people:
            for part in ("", AGAIN):
                ref = owner_ref(book.case.case_id, part)
                book.uow.outbox.withdraw(ref, people, now=book.now)

    def asks_pin(self, case: CardiacCase, offer: Offer) -> bool:
        """Whether somebody must still show who they are before they get the way."""
        return self.home_pin and case.is_home and offer.proved_at is None

    def unask_pin(self, book: CaseBook, offer: Offer) -> None:
        """Stop calls that would ask for a PIN."""
        n = book.case.n_corrections
        ref = owner_ref(book.case.case_id, pin_part(n))
        book.uow.outbox.withdraw(ref, [int(offer.responder_id)], now=book.now)

    def _offer(self, book: CaseBook, offer: Offer, person: Responder) -> Content:
        asks_pin = self.asks_pin(book.case, offer) and person.pin.is_usable
        return self.texts.offer(
            book.case, person.language, offer.distance_m, asks_pin=asks_pin
        )

    def _queue(
        self,
        book: CaseBook,
        person: Responder,
        content: Content,
        channel: Channel,
        *,
        position: int,
        not_before: datetime,
        deadline: datetime,
        lane: Lane | None = None,
    ) -> None:
        if lane is None:
            lane = Lane.DRILL if book.case.is_exercise else Lane.DISPATCH
        delivery = NewDelivery(
            owner_ref=content.owner_ref,
            recipient_id=int(person.responder_id),
            phone=person.phone,
            channel=channel,
            content_id=book.uow.outbox.add_content(content),
            lane=lane,
            position=position,
            not_before=not_before,
            deadline=deadline,
        )
        book.uow.outbox.enqueue([delivery])


def pin_part(n_corrections: int) -> str:
    """Which message asks for a PIN: one for each address."""
    return f"pin.{n_corrections}" if n_corrections else "pin"


def _channels(person: Responder) -> list[Channel]:
    """The call first: it wakes the phone."""
    both = (Channel.VOICE, Channel.SMS)
    return [channel for channel in both if channel in person.channels]


def _lane(case: CardiacCase, say: Say) -> Lane:
    if case.is_exercise:
        return Lane.DRILL
    if say in _DISPATCH:
        return Lane.DISPATCH
    return Lane.WARNING if say in _LATER else Lane.STAND_DOWN


def _holds(say: Say) -> timedelta:
    if say in _DISPATCH:
        return _WAY_HOLDS
    return _DEBRIEF_HOLDS if say in _LATER else _NEWS_HOLDS
