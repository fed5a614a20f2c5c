"""The hinge of the house: one person, one channel, one script, one deadline, one lane.

Warnings and responders hand deliveries over and hear back in delivery events. A
delivery is tried in attempts; an attempt only moves forward, a delivery goes back to
the queue only when the retry policy says so. Numbers of the states are their ranks: a
late or repeated report can never take a state back. Only that an attempt never left is
no more than a conclusion, and gives way to proof that a carrier has it.

What there is one of for each message is a tuple: it is made in half the time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag
from typing import NamedTuple, NewType

from telephony.answerer import Answerer

DeliveryId = NewType("DeliveryId", int)
AttemptId = NewType("AttemptId", int)
ContentId = NewType("ContentId", int)

#: So long after its deadline nothing more is expected of an attempt: it is neither
#: asked about nor counted as a call under way, whatever its carrier forgot to report.
NEWS_END_AFTER = timedelta(hours=1)

#: Owners of what answers a person's own text begin so: no reply is an answer to these.
ANSWER_PREFIX = "answer:"
#: Owners of lists for those who look in on others begin so: no reply is an answer to
#: these either, it answers the warning before them.
LIST_PREFIX = "list:"
#: Owners of calls that were asked for by a missed call begin so.
CALL_BACK_PREFIX = "callback:"

#: Answer by which owners who asked for that hear that a call has ended, whatever was
#: said in it.
CALL_OVER = "CALL_OVER"

#: Variable of a text under which stands the name of a sound that says all the others.
OWN_SOUND = "own_sound"

_CARRIER_REF = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def is_carrier_ref(ref: object) -> bool:
    """Whether this can be a carrier's id; it becomes part of addresses."""
    return isinstance(ref, str) and _CARRIER_REF.fullmatch(ref) is not None


class Channel(IntFlag):
    """A way to reach a person; a person's channels are the sum of theirs."""

    SMS = 1
    VOICE = 2

    @property
    def word(self) -> str:
        """The word for it in files, tables and reports."""
        return {Channel.SMS: "sms", Channel.VOICE: "voice"}[self]


class Lane(IntEnum):
    """What goes first. A lane never waits for a lower one."""

    #: Calls for volunteers to a cardiac arrest.
    DISPATCH = 0
    #: "You are no longer needed."
    STAND_DOWN = 1
    #: Public warnings.
    WARNING = 2
    #: Exercises and reachability tests.
    DRILL = 3

    @property
    def is_urgent(self) -> bool:
        """Whether one life hangs on it: some room is always kept free for these."""
        return self <= Lane.STAND_DOWN


class DeliveryState(IntEnum):
    """Where a delivery stands. A higher number wins over a lower one."""

    #: Waits for its time and its turn.
    QUEUED = 0
    #: Claimed by a worker; an attempt is written down.
    SENDING = 10
    #: The carrier may or may not have it; being reconciled.
    UNKNOWN = 12
    #: The carrier has it.
    SENT = 20
    #: Withdrawn before it left.
    CANCELLED = 30
    #: Its deadline passed before it could leave or succeed.
    EXPIRED = 31
    #: Every try that the policy allows has failed.
    FAILED = 32
    #: A delivery receipt came, or a call was answered.
    REACHED = 40
    #: A call was answered by a person for a useful length.
    HEARD = 50
    #: The person pressed a key or replied.
    CONFIRMED = 60

    @property
    def is_open(self) -> bool:
        """Whether something may still happen without the person."""
        return self < DeliveryState.CANCELLED

    @property
    def is_lost(self) -> bool:
        """Whether it has ended without reaching anybody."""
        return DeliveryState.CANCELLED <= self <= DeliveryState.FAILED


class AttemptState(IntEnum):
    """Where one try stands. A higher number wins over a lower one."""

    #: Written down before the request leaves.
    INTENDED = 10
    #: The answer was lost; being reconciled.
    UNKNOWN = 12
    #: The carrier gave it an id.
    ACCEPTED = 20
    #: It never reached the carrier, by all that is known; any word of the carrier that
    #: it has it after all wins.
    NOT_SENT = 30
    #: The carrier refused it, or reported that it failed.
    FAILED = 32
    REACHED = 40
    HEARD = 50
    CONFIRMED = 60


#: What a delivery becomes when its attempt gets this far.
DELIVERY_STATE_OF: Mapping[AttemptState, DeliveryState] = {
    AttemptState.INTENDED: DeliveryState.SENDING,
    AttemptState.UNKNOWN: DeliveryState.UNKNOWN,
    AttemptState.ACCEPTED: DeliveryState.SENT,
    AttemptState.REACHED: DeliveryState.REACHED,
    AttemptState.HEARD: DeliveryState.HEARD,
    AttemptState.CONFIRMED: DeliveryState.CONFIRMED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What is said, in one language: many deliveries share one."""

    #: Who ordered it, e.g. ``alert:01J…``; opaque here.
    owner_ref: str
    #: Which text of the owner this is, e.g. ``warning`` or ``all_clear``.
    variant: str
    #: BCP 47 tag.
    language: str
    #: The whole text message.
    sms_text: str
    #: Name of the IVR script, and the texts its prompts need.
    script: str
    variables: Mapping[str, str] = field(default_factory=dict)


class NewDelivery(NamedTuple):
    """A delivery as its owner hands it over."""

    owner_ref: str
    #: The owner's id of the person; opaque here.
    recipient_id: int
    #: E.164.
    phone: str
    channel: Channel
    content_id: ContentId
    lane: Lane
    #: Order inside the lane, lowest first.
    position: int
    not_before: datetime
    deadline: datetime
    #: Above 0, how often the person was told before, when told again on purpose;
    #: below, a further call of escalation.
    round: int = 0


class ClaimedDelivery(NamedTuple):
    """A delivery that this worker now owns, and the attempt written for it."""

    delivery_id: DeliveryId
    attempt_id: AttemptId
    #: 1 for the first try.
    attempt_no: int
    #: Tries that left or may have left, this one included: what retries are counted by.
    n_sent: int
    owner_ref: str
    recipient_id: int
    phone: str
    channel: Channel
    content_id: ContentId
    lane: Lane
    deadline: datetime
    lease_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenAttempt:
    """An attempt whose end is not known: never called back, or its answer was lost."""

    attempt_id: AttemptId
    delivery_id: DeliveryId
    attempt_no: int
    #: As in ``ClaimedDelivery``, of the delivery as it stands now.
    n_sent: int
    owner_ref: str
    recipient_id: int
    state: AttemptState
    phone: str
    channel: Channel
    carrier: str | None
    carrier_ref: str | None
    intended_at: datetime
    deadline: datetime


class AttemptReport(NamedTuple):
    """What became known about one attempt. Applying one twice changes nothing."""

    attempt_id: AttemptId
    state: AttemptState
    at: datetime
    carrier: str | None = None
    carrier_ref: str | None = None
    #: The carrier's error code as text, or a word of ours.
    code: str | None = None
    http_status: int | None = None
    duration_s: int | None = None
    #: Who took a call, if the carrier said.
    answerer: Answerer | None = None
    #: Seconds a person must have listened for, so that a call counts as heard; None:
    #: its length says nothing.
    heard_after_s: int | None = None
    #: When the delivery may be tried again; None leaves it as the state says. Only with
    #: FAILED and NOT_SENT.
    retry_at: datetime | None = None


class DeliveryEvent(NamedTuple):
    """News of one delivery for its owner; may repeat, may come out of order."""

    owner_ref: str
    recipient_id: int
    channel: Channel
    state: DeliveryState
    at: datetime
    #: What the person chose, e.g. ``CONFIRMED``, ``NEED_HELP``, ``OPTED_OUT``.
    answer: str | None = None
    #: Why it failed, when it did.
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierEvent:
    """A callback as it came, before anybody has thought about it."""

    kind: EventKind
    received_at: datetime
    carrier: str
    #: From the callback's URL; None for messages and calls that people start.
    attempt_id: AttemptId | None
    #: The form fields in the order they came.
    form: Sequence[tuple[str, str]]
    #: What a script decided during the call, empty otherwise.
    answers: Sequence[str] = ()
    event_id: int | None = None

    @property
    def text_ref(self) -> str | None:
        """The carrier's id of a text that somebody sent us: a repeat has the same."""
        if self.kind is not EventKind.INBOUND_MESSAGE:
            return None
        ref = self.value("MessageSid")
        return ref if is_carrier_ref(ref) else None

    def value(self, name: str) -> str:
        """Return the first form field of this name, empty when there is none."""
        return next((value for key, value in self.form if key == name), "")


class EventKind(IntEnum):
    """Which door a callback came through."""

    MESSAGE_STATUS = 1
    CALL_STATUS = 2
    #: A script was asked for its first or next step: somebody has answered.
    CALL_STEP = 3
    INBOUND_MESSAGE = 4
    INBOUND_CALL = 5
    #: A carrier has listened to who took a call.
    CALL_ANSWERER = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class CallContext:
    """What a script needs to know about the call it speaks in."""

    attempt_id: AttemptId
    content_id: ContentId
    content: Content
    #: Language → the same text in every language it was written in.
    translations: Mapping[str, Content] = field(default_factory=dict)
