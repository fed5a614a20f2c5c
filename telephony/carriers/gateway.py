"""The one seam between our sender and any carrier.

A gateway places one call or sends one message and says what the carrier answered. It
decides nothing: whether and when to try again is the sender's policy. Every answer is a
value; an exception out of a gateway is a defect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol


class FailureClass(Enum):
    """What a refused or lost request means for the next step."""

    #: The carrier did not process it (429, connection refused): always safe to retry.
    NOT_PROCESSED = "not_processed"
    #: It may or may not have been accepted (5xx, read time-out): reconcile first.
    UNKNOWN = "unknown"
    #: Temporary for this person or sender (queue full, busy): retry after a delay.
    TEMPORARY = "temporary"
    #: Permanent for this person on this channel: next channel.
    PERSON = "person"
    #: The person opted out at the carrier: record it.
    OPTED_OUT = "opted_out"
    #: Our account or token is wrong: stop this carrier and raise an alarm.
    CARRIER = "carrier"
    #: Our sender is wrong: stop this channel of the carrier and raise an alarm.
    SENDER = "sender"


class Accepted(NamedTuple):
    """The carrier took the request and will report on it."""

    #: The carrier's own id (SID), opaque text of up to 64 characters.
    carrier_ref: str
    #: The carrier's word for the first state, e.g. ``queued``.
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The request failed, and how."""

    failure: FailureClass
    #: The carrier's error code as text, or a word of ours such as ``timeout``.
    code: str
    #: One sentence for an operator; carries no phone number and no secret.
    reason: str
    http_status: int | None = None
    #: Seconds the carrier asked us to wait.
    retry_after_s: float | None = None


SendResult = Accepted | Refused


class OutgoingMessage(NamedTuple):
    """One text message to hand to a carrier."""

    to: str
    body: str
    #: Absolute URL that carries the attempt's own id.
    status_callback: str
    #: Seconds after which the carrier should no longer deliver it, or None.
    validity_s: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingCall:
    """One call to ask a carrier for."""

    to: str
    #: Absolute URL that answers with the first TwiML document.
    url: str
    status_callback: str
    #: Absolute URL to be told who took it, a person or a machine; None: do not listen.
    answerer_callback: str | None = None
    #: Seconds to let it ring.
    ring_timeout_s: int = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierRecord:
    """What the carrier's own list says about one message or call."""

    carrier_ref: str
    to: str
    status: str
    created_at: datetime | None
    error_code: str | None = None
    duration_s: int | None = None
    #: Who took a call, in the carrier's word; empty if it does not say.
    answered_by: str = ""
    #: What it said, as far as the carrier tells; calls say nothing.
    body: str | None = None


class Gateway(Protocol):
    """One carrier, ready to be asked."""

    @property
    def name(self) -> str:
        """The carrier's name in the settings."""
        ...

    async def send_message(self, message: OutgoingMessage) -> SendResult:
        """Send one text message."""
        ...

    async def place_call(self, call: OutgoingCall) -> SendResult:
        """Place one call."""
        ...

    async def fetch_message(self, carrier_ref: str) -> CarrierRecord | None:
        """Return the carrier's record of one message; None when it has none."""
        ...

    async def fetch_call(self, carrier_ref: str) -> CarrierRecord | None:
        """Return the carrier's record of one call; None when it has none."""
        ...

    async def messages_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        """List what the carrier sent to a number since a time, oldest first.

        Raises
        ------
        CarrierUnavailableError
            If the carrier cannot be asked: the question stays open.
        """
        ...

    async def calls_to(
        self, number: str, *, since: datetime
    ) -> Sequence[CarrierRecord]:
        """List the calls the carrier placed to a number since a time, oldest first."""
        ...

    async def hang_up(self, carrier_ref: str) -> bool:
        """End a live or cancel a queued call; False when the carrier refused."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...
