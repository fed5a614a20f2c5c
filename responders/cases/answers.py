"""What volunteers answer, counted under the lock of their case.

A yes is counted once whatever channel it came by, the last place goes to one person
only, and the address leaves in the same transaction as the yes that earned it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responders.case import CaseState
from responders.case_texts import Say
from responders.cases import proving
from responders.cases.caller import Caller
from responders.cases.case_book import CaseBook
from responders.cases.decider import Decider
from responders.cases.standing_down import stand_down
from responders.deciding.facts import Role
from responders.deciding.roles import RoleChoice
from responders.errors import CaseStateError
from responders.offer import Offer, OfferState
from responders.roster.aeds import AedId
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel

_SAY = {Role.DIRECT: Say.DIRECT, Role.VIA_AED: Say.FETCH, Role.GUIDE: Say.GUIDE}


@dataclass(frozen=True, slots=True)
class Answers:
    """Counts answers.

    Parameters
    ----------
    decider : Decider
        Decides roles.
    caller : Caller
        Tells them.
    """

    decider: Decider
    caller: Caller

    def accept(
        self, book: CaseBook, responder_id: ResponderId, *, by: Channel, at: datetime
    ) -> None:
        """Count a yes, or say that enough are going."""
        offer = book.offers.get(responder_id)
        if offer is None or book.person(responder_id).phone == "":
            return
        if offer.state.is_engaged:
            # Said twice, or by text and by call: confirmed, not counted again.
            book.write(offer, heard_at=max(at, offer.heard_at or at))
            return
        if not offer.may_become(OfferState.ACCEPTED):
            self._too_late(book, offer, by=by, at=at)
            return
        choice = self._choice(book, offer)
        if choice is None:
            self._too_late(book, offer, by=by, at=at)
            return
        eta_s = choice.direct_s
        if choice.role is Role.VIA_AED and choice.route is not None:
            eta_s = choice.route.shock_s
        accepted = book.try_move(
            offer,
            OfferState.ACCEPTED,
            answered_at=at,
            answered_by=by,
            role=choice.role,
            aed_id=_aed_of(choice),
            eta_at=book.now + timedelta(seconds=eta_s),
        )
        if accepted is None:
            # On the way to another patient, as the database knows.
            self._too_late(book, offer, by=by, at=at)
            return
        # Whoever has answered is not rung again.
        self.caller.withdraw(book, [accepted])
        book.case = book.case.stamped(first_accepted_at=at)
        self.send_way(book, accepted)
        self._settle(book)

    def decline(
        self, book: CaseBook, responder_id: ResponderId, *, by: Channel, at: datetime
    ) -> None:
        """Count a no: others are asked at once."""
        offer = book.offers.get(responder_id)
        if offer is None:
            return
        if offer.state.is_engaged:
            self.withdraw(book, responder_id, at=at)
            return
        moved = book.try_move(
            offer, OfferState.DECLINED, answered_at=at, answered_by=by
        )
        if moved is not None:
            self.caller.withdraw(book, [moved])
            book.look_again(book.now)

    def withdraw(
        self, book: CaseBook, responder_id: ResponderId, *, at: datetime
    ) -> None:
        """Somebody who had said yes cannot: their place is free again."""
        offer = book.offers.get(responder_id)
        if offer is None or not offer.state.is_engaged:
            if offer is not None and offer.state.is_open:
                self.decline(book, responder_id, by=Channel.SMS, at=at)
            return
        if book.try_move(offer, OfferState.REVOKED, heard_at=at) is not None:
            self._settle(book)
            book.look_again(book.now)

    def aed_in_hand(
        self, book: CaseBook, responder_id: ResponderId, *, at: datetime
    ) -> None:
        """Somebody has the AED."""
        offer = book.offers.get(responder_id)
        if offer is None:
            return
        moved = book.try_move(
            offer, OfferState.AED_HELD, aed_in_hand_at=at, heard_at=at
        )
        if moved is not None:
            book.case = book.case.stamped(aed_in_hand_at=at)

    def on_scene(
        self, book: CaseBook, responder_id: ResponderId, *, at: datetime
    ) -> None:
        """Somebody is with the patient."""
        offer = book.offers.get(responder_id)
        if offer is None:
            return
        moved = book.try_move(offer, OfferState.ON_SCENE, on_scene_at=at, heard_at=at)
        if moved is not None:
            book.case = book.case.stamped(on_scene_at=at)
            self._settle(book)

    def heard(self, book: CaseBook, responder_id: ResponderId, *, at: datetime) -> None:
        """Any sign of life of somebody on the way."""
        offer = book.offers.get(responder_id)
        if offer is not None and offer.state.is_engaged:
            book.write(offer, heard_at=max(at, offer.heard_at or at))

    def prove(self, book: CaseBook, responder_id: ResponderId, seal: str) -> bool:
        """Take a PIN: the right one opens the way; whether one was waited for."""
        offer = book.offers.get(responder_id)
        if offer is None or not self._waits_for_pin(book, offer):
            return False
        if proving.judge(self.caller, book, offer, seal):
            offer = book.offers[responder_id]
            self.send_way(book, proving.proved(self.caller, book, offer))
        return True

    def vouch(self, book: CaseBook, responder_id: ResponderId, *, by: str) -> None:
        """Open the way to somebody whom the dispatcher has recognised.

        Raises
        ------
        CaseStateError
            If nobody waits for that.
        """
        offer = book.offers.get(responder_id)
        if offer is None or not self._waits_for_pin(book, offer):
            raise CaseStateError("This volunteer does not wait for an address.")
        self.send_way(book, proving.proved(self.caller, book, offer, by=by))

    def send_waiting(self, book: CaseBook) -> None:
        """Tell the way to those who wait for it and need not show a PIN any more."""
        for offer in book.engaged:
            if offer.waits_for_way and not self.caller.asks_pin(book.case, offer):
                self.send_way(book, offer)

    def _waits_for_pin(self, book: CaseBook, offer: Offer) -> bool:
        return offer.state.is_engaged and self.caller.asks_pin(book.case, offer)

    def send_way(self, book: CaseBook, offer: Offer, *, again: bool = False) -> None:
        """Tell somebody who has accepted where to go; ``again`` once more, by text.

        To a home perhaps only when they have shown who they are.
        """
        if self.caller.asks_pin(book.case, offer):
            proving.ask(self.caller, book, offer, again=again)
            return
        person = book.person(offer.responder_id)
        assert offer.role is not None, "roles are decided with the yes"
        say = _SAY[offer.role]
        n = book.case.n_corrections
        part = f"role.{n}" if n else "role"
        self.caller.tell(
            book,
            person,
            say,
            part=f"{part}.again" if again else part,
            variant=f"{offer.aed_id or 0}",
            values=self._way(book, offer),
        )
        if offer.state is OfferState.ACCEPTED:
            book.try_move(offer, OfferState.ROLE_SENT)

    def decide_anew(self, book: CaseBook, offer: Offer) -> None:
        """Decide again what somebody does, the patient being elsewhere."""
        kept = book.write(offer, role=None, aed_id=None)
        choice = self.decider.role(book, kept)
        if choice.role is Role.TOO_LATE or offer.role is None:
            book.write(kept, role=offer.role, aed_id=offer.aed_id)
            return
        eta_s = choice.direct_s
        if choice.role is Role.VIA_AED and choice.route is not None:
            eta_s = choice.route.shock_s
        decided = book.write(
            kept,
            role=choice.role,
            aed_id=_aed_of(choice),
            eta_at=book.now + timedelta(seconds=eta_s),
        )
        self.send_way(book, decided)

    def hand_over(self, book: CaseBook, other: CaseBook) -> None:
        """Let those who are on the way go on for the case that this one really is."""
        for offer in book.engaged:
            if offer.responder_id in other.offers:
                continue
            stays = replace(offer, case_id=other.case.case_id)
            book.try_move(offer, OfferState.STOOD_DOWN)
            other.add([stays])
            other.record("offer.hand_over", responder=int(offer.responder_id))
            self.send_way(other, stays)
        self.settle(other)

    def settle(self, book: CaseBook) -> None:
        """Bring the state of the case in step with who is coming."""
        self._settle(book)

    def _choice(self, book: CaseBook, offer: Offer) -> RoleChoice | None:
        """The role of somebody who says yes now; None if they are not to come."""
        if not book.case.state.is_open or book.case.state is CaseState.NEW:
            return None
        if _is_engaged_elsewhere(book, offer):
            return None
        choice = self.decider.role(book, offer)
        return None if choice.role is Role.TOO_LATE else choice

    def _too_late(
        self, book: CaseBook, offer: Offer, *, by: Channel, at: datetime
    ) -> None:
        moved = offer
        if offer.may_become(OfferState.TOO_LATE):
            moved = (
                book.try_move(
                    offer, OfferState.TOO_LATE, answered_at=at, answered_by=by
                )
                or offer
            )
        person = book.person(moved.responder_id)
        self.caller.tell(book, person, Say.TOO_LATE, part="too_late")

    def _way(self, book: CaseBook, offer: Offer) -> dict[str, str]:
        scene = book.case.scene
        address = (
            f"{scene.address}, {scene.details}" if scene.details else scene.address
        )
        values = {"address": address}
        if offer.role is Role.VIA_AED and offer.aed_id is not None:
            aed = book.uow.aeds.get(offer.aed_id)
            place = aed.location if aed else ""
            code = f", code {aed.cabinet_code}" if aed and aed.cabinet_code else ""
            values["aed"] = place + code
        return values

    def _settle(self, book: CaseBook) -> None:
        """The state follows from who is coming and who is there."""
        case = book.case
        if not case.state.is_open or case.state in {CaseState.NEW, CaseState.TRIAGED}:
            return
        engaged = book.engaged
        enough = self.decider.policies.waves.enough
        if any(offer.state is OfferState.ON_SCENE for offer in engaged):
            book.move(CaseState.ON_SCENE)
        elif len(engaged) >= enough:
            book.move(CaseState.STAFFED)
        else:
            book.move(CaseState.ALERTING)
        if self._is_full(book):
            stand_down(self.caller, book, book.asked)

    def _is_full(self, book: CaseBook) -> bool:
        """Whether the next yes would be one too many."""
        policy = self.decider.policies.roles
        on_scene = any(o.state is OfferState.ON_SCENE for o in book.engaged)
        spare = 0 if on_scene else policy.n_spare
        wanted = policy.n_direct + policy.n_aed + policy.n_guides + spare
        return len(book.engaged) >= wanted


def _aed_of(choice: RoleChoice) -> AedId | None:
    if choice.role is not Role.VIA_AED or choice.route is None:
        return None
    return AedId(choice.route.aed_id)


def _is_engaged_elsewhere(book: CaseBook, offer: Offer) -> bool:
    live = book.uow.cases.live_offers([offer.responder_id])
    return any(
        other.state.is_engaged and other.case_id != book.case.case_id
        for other in live.get(offer.responder_id, ())
    )
