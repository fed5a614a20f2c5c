"""A volunteer: who, how to reach them, what they can do, when they may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from responders.deciding.travel import Mode
from responders.roster.hours import Hours
from responders.roster.pins import Pin
from responders.roster.places import Place
from responders.roster.skills import Credential
from telephony.delivery import Channel

ResponderId = NewType("ResponderId", int)

#: A person is asked to confirm their number again after this.
NUMBER_HOLDS = timedelta(days=400)
#: Alerts in 30 days after which a person is left in peace, unless they chose another.
DEFAULT_MAX_ALERTS = 8
#: Texts in a row that did not arrive, after which nobody is asked there any more.
MAX_UNDELIVERED = 3
BOTH = Channel.SMS | Channel.VOICE


class Standing(StrEnum):
    """What the organisation and the person have agreed."""

    #: Has signed up; the organisation has not confirmed it.
    PENDING = "pending"
    ACTIVE = "active"
    #: By the organisation, or because texts no longer arrive.
    SUSPENDED = "suspended"
    #: Has said STOP.
    OPTED_OUT = "opted_out"
    #: Data removed; the number stays so that old cases still add up.
    ERASED = "erased"


#: What may become of a standing; everything else is refused.
TRANSITIONS: Mapping[Standing, frozenset[Standing]] = {
    Standing.PENDING: frozenset(
        {Standing.ACTIVE, Standing.OPTED_OUT, Standing.SUSPENDED, Standing.ERASED}
    ),
    Standing.ACTIVE: frozenset(
        {Standing.SUSPENDED, Standing.OPTED_OUT, Standing.ERASED}
    ),
    Standing.SUSPENDED: frozenset(
        {Standing.ACTIVE, Standing.OPTED_OUT, Standing.ERASED}
    ),
    Standing.OPTED_OUT: frozenset({Standing.ACTIVE, Standing.ERASED}),
    Standing.ERASED: frozenset(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """To be called to emergencies, in the words of one version of a text."""

    version: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """What the person has said about being asked."""

    #: ``OFF`` until ``ON``.
    is_on: bool = True
    #: ``PAUSE 8H``.
    paused_until: datetime | None = None
    #: Never in these hours, local time; stand-downs come all the same.
    quiet: Hours | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether the person has said OFF, or PAUSE and it is not over."""
        is_pausing = self.paused_until is not None and now < self.paused_until
        return not self.is_on or is_pausing

    def is_quiet(self, local: datetime) -> bool:
        """Whether a local time lies in the quiet hours."""
        return self.quiet is not None and self.quiet.holds(local)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What earlier alerts tell about a person; older ones count less."""

    #: Decayed counts (``acceptance.decay``), as of ``as_of``.
    n_asked: float = 0.0
    n_accepted: float = 0.0
    as_of: datetime | None = None
    #: Texts in a row that did not arrive.
    n_undelivered: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Responder:
    """One volunteer."""

    #: 0 before it is stored.
    responder_id: ResponderId = ResponderId(0)
    #: E.164; empty once erased.
    phone: str
    language: str = "en"
    name: str = ""
    organisation: str = ""
    channels: Channel = BOTH
    standing: Standing = Standing.PENDING
    credentials: tuple[Credential, ...] = ()
    consent: Consent | None = None
    #: When the person has answered from this number; None: not yet.
    number_verified_at: datetime | None = None
    availability: Availability = field(default_factory=Availability)
    places: tuple[Place, ...] = ()
    #: How the person moves; by car only if they say so.
    mode: Mode = Mode.DEFAULT
    #: Alerts in 30 days at most.
    max_alerts_30d: int = DEFAULT_MAX_ALERTS
    record: Record = field(default_factory=Record)
    #: What opens the address of a home to them.
    pin: Pin = field(default_factory=Pin)

    def has_verified_number(self, now: datetime) -> bool:
        """Whether the person has shown, not too long ago, that the number is theirs."""
        at = self.number_verified_at
        return at is not None and now - at < NUMBER_HOLDS
