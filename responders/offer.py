"""One person asked for one case: where that stands, and what they promised.

States are ranks and only move forward. A yes is worth nothing until it has been counted
under the lock of the case; what comes after the last place is taken is TOO_LATE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from responders.case import CaseId
from responders.deciding.facts import Role
from responders.errors import CaseStateError
from responders.roster.aeds import AedId
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel


class OfferState(IntEnum):
    """Where an offer stands. A higher number wins over a lower one."""

    #: Handed to telephony.
    QUEUED = 0
    #: A carrier has the text or the call.
    SENT = 10
    #: A receipt came, or the phone was picked up.
    DELIVERED = 20
    #: Said no.
    DECLINED = 30
    #: No answer while it would have been of use.
    EXPIRED = 31
    #: Neither text nor call arrived.
    FAILED = 32
    #: Said yes when enough were going.
    TOO_LATE = 33
    #: Said yes and is counted.
    ACCEPTED = 40
    #: The way has been told.
    ROLE_SENT = 50
    #: Has the AED in hand.
    AED_HELD = 60
    #: Is with the patient.
    ON_SCENE = 70
    #: Said yes, then could not.
    REVOKED = 80
    #: Said yes and was not heard of again.
    LOST = 81
    #: No longer needed, and told so.
    STOOD_DOWN = 82
    #: Was there; the case is over.
    RELEASED = 90
    #: Has said how they are.
    DEBRIEFED = 100

    @property
    def is_open(self) -> bool:
        """Whether the person may still say yes."""
        return self < OfferState.DECLINED

    @property
    def is_engaged(self) -> bool:
        """Whether the person has said yes and is counted on."""
        return OfferState.ACCEPTED <= self <= OfferState.ON_SCENE

    @property
    def is_live(self) -> bool:
        """Whether the person must be told when it is over."""
        return self.is_open or self.is_engaged


_OPEN = [state for state in OfferState if state.is_open]
_AFTER_YES = frozenset(
    {
        OfferState.REVOKED,
        OfferState.LOST,
        OfferState.STOOD_DOWN,
        OfferState.RELEASED,
    }
)
_ANSWERS = frozenset(
    {
        OfferState.DECLINED,
        OfferState.EXPIRED,
        OfferState.FAILED,
        OfferState.TOO_LATE,
        OfferState.ACCEPTED,
        OfferState.STOOD_DOWN,
    }
)

#: What may become of an offer; everything else is refused. Whoever said no, or was
#: given up, may still say yes: phones deliver late, and people change their minds.
TRANSITIONS: Mapping[OfferState, frozenset[OfferState]] = {
    **{
        state: _ANSWERS | frozenset(later for later in _OPEN if later > state)
        for state in _OPEN
    },
    **dict.fromkeys(
        (OfferState.DECLINED, OfferState.EXPIRED, OfferState.FAILED),
        frozenset({OfferState.ACCEPTED, OfferState.TOO_LATE}),
    ),
    OfferState.TOO_LATE: frozenset({OfferState.ACCEPTED}),
    OfferState.ACCEPTED: frozenset({OfferState.ROLE_SENT, OfferState.ON_SCENE})
    | _AFTER_YES,
    OfferState.ROLE_SENT: frozenset({OfferState.AED_HELD, OfferState.ON_SCENE})
    | _AFTER_YES,
    OfferState.AED_HELD: frozenset({OfferState.ON_SCENE}) | _AFTER_YES,
    OfferState.ON_SCENE: frozenset({OfferState.RELEASED, OfferState.REVOKED}),
    OfferState.REVOKED: frozenset({OfferState.DEBRIEFED}),
    OfferState.LOST: frozenset({OfferState.ON_SCENE, OfferState.DEBRIEFED}),
    OfferState.STOOD_DOWN: frozenset({OfferState.DEBRIEFED}),
    OfferState.RELEASED: frozenset({OfferState.DEBRIEFED}),
    OfferState.DEBRIEFED: frozenset(),
}


class Feeling(IntEnum):
    """What a person answers 90 minutes after; the key is the value."""

    FINE = 1
    A_LITTLE_AFFECTED = 2
    MUCH_AFFECTED = 3
    CALL_ME = 4
    INJURED = 7

    @property
    def needs_a_call(self) -> bool:
        """Whether somebody phones within a day."""
        return self >= Feeling.MUCH_AFFECTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One person asked for one case."""

    case_id: CaseId
    responder_id: ResponderId
    state: OfferState
    #: 1 for the first wave.
    wave: int
    offered_at: datetime
    #: A yes after this is looked at all the same, but nobody waits for it.
    expires_at: datetime
    #: What the decision knew of the person then: to be replayed, and to learn from.
    distance_m: float
    travel_s: float
    p_accept: float
    gain: float
    #: ``acceptance.Channel``.
    channel: int
    #: Where the person was taken to be, degrees; deleted after 24 h.
    lon: float | None = None
    lat: float | None = None
    mode: int = 0
    #: By which channels it may still arrive: those that have not failed.
    hopes: Channel = Channel.SMS | Channel.VOICE
    answered_at: datetime | None = None
    answered_by: Channel | None = None
    role: Role | None = None
    aed_id: AedId | None = None
    #: When the person is expected with the patient.
    eta_at: datetime | None = None
    #: The last sign of life after the yes.
    heard_at: datetime | None = None
    #: When "still going?" was asked.
    asked_again_at: datetime | None = None
    aed_in_hand_at: datetime | None = None
    on_scene_at: datetime | None = None
    #: Who they are was shown, by PIN or to the dispatcher; None: not, or not asked.
    proved_at: datetime | None = None
    #: Seal of the last PIN that was wrong.
    wrong_seal: str = ""
    #: Unclear answers get one helpful reply.
    was_helped: bool = False
    feeling: Feeling | None = None
    is_followed_up: bool = False

    @property
    def waits_for_way(self) -> bool:
        """Whether the person goes and has not been told where: a PIN is missing."""
        return self.state is OfferState.ACCEPTED

    def moved(self, state: OfferState) -> Offer:
        """The offer in another state.

        Raises
        ------
        CaseStateError
            If that may not become of it.
        """
        if state not in TRANSITIONS[self.state]:
            raise CaseStateError(
                f"An offer that is {self.state.name} cannot become {state.name}."
            )
        return replace(self, state=state)

    def may_become(self, state: OfferState) -> bool:
        """Whether that may become of it."""
        return state in TRANSITIONS[self.state]
