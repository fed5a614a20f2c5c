"""The ways in which Twilio and Somleng differ, as one interface with two sides.

Pure: values in, values out. The rest of the telco asks its rules and does not know
whose they are. Sources: Twilio's published descriptions, Somleng's public code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from email.utils import formatdate
from functools import lru_cache
from typing import Any, ClassVar

from simulator.forms import Pairs
from simulator.records import Call, Message
from simulator.refusals import Refusal

API_VERSION = "2010-04-01"
MORE_INFO = "https://www.twilio.com/docs/errors/"


@lru_cache(maxsize=4096)
def _rfc2822(second: int) -> str:
    return formatdate(second, localtime=False).replace("-0000", "+0000")


def format_time(epoch_s: float | None) -> str | None:
    """RFC 2822 in UTC, to the second, or None."""
    return None if epoch_s is None else _rfc2822(int(epoch_s))


class DialectRules(ABC):
    """What one telco does, where the two differ.

    Parameters
    ----------
    account_sid : str
        Part of every address and form.
    """

    #: Whether `To`, `From` and the dates narrow a list.
    filters_lists: ClassVar[bool]
    #: Whether a request over the pace is refused with 429; otherwise it is queued.
    refuses_over_pace: ClassVar[bool]
    #: Whether `StatusCallbackEvent`, `Timeout`, `MachineDetection` ... are obeyed.
    obeys_call_options: ClassVar[bool]
    #: Whether STOP and START texts are kept and obeyed by the carrier itself.
    keeps_opt_outs: ClassVar[bool]
    #: Whether a live call can be sent to other TwiML.
    redirects_live_calls: ClassVar[bool]
    #: Virtual seconds until a callback that met a network error is sent again.
    repeats_callback_after_s: ClassVar[float | None]
    #: Longest validity period of a message, seconds.
    max_validity_s: ClassVar[int]
    #: Test numbers with fixed answers are known.
    has_magic_numbers: ClassVar[bool]

    def __init__(self, account_sid: str) -> None:
        self.account_sid = account_sid
        self.root = f"/{API_VERSION}/Accounts/{account_sid}"

    @abstractmethod
    def new_sid(self, prefix: str) -> str:
        """Make an id; `prefix` is SM, CA, RE or PN."""

    @abstractmethod
    def refusal(self, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        """HTTP status and JSON body of a refusal."""

    @abstractmethod
    def message_status(self, status: str) -> str:
        """Word of this dialect for a message state."""

    @abstractmethod
    def error_code(self, code: str) -> str:
        """Code of this dialect for a failed message (given Twilio's)."""

    @abstractmethod
    def message_callback(self, message: Message) -> Pairs:
        """Form of a message's status callback."""

    @abstractmethod
    def inbound_message(self, message: Message) -> Pairs:
        """Form that tells of a text from a person."""

    @abstractmethod
    def reports(self, call: Call, event: str) -> bool:
        """Whether a call's event is called back."""

    @abstractmethod
    def call_callback(self, call: Call, event: str, now_s: float) -> Pairs:
        """Form of a call's status callback."""

    @abstractmethod
    def twiml_request(self, call: Call, *, is_first: bool) -> Pairs:
        """Fields of every request for TwiML."""

    def detection_callback(self, call: Call, duration_s: float) -> Pairs:
        """Form that tells who answered, when that was found out beside the call."""
        return [
            ("CallSid", call.sid),
            ("AccountSid", self.account_sid),
            ("AnsweredBy", call.answered_by or "unknown"),
            ("MachineDetectionDuration", str(round(1_000 * duration_s))),
        ]

    def message_json(self, message: Message) -> dict[str, Any]:
        """Message resource."""
        code = message.error_code
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": message.body,
            "date_created": format_time(message.created_s),
            "date_sent": format_time(message.sent_s),
            "date_updated": format_time(message.updated_s),
            "direction": message.direction,
            "error_code": self._code_json(code),
            "error_message": None,
            "from": message.from_,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(message.n_segments),
            "price": None,
            "price_unit": None,
            "sid": message.sid,
            "status": message.status,
            "subresource_uris": {},
            "to": message.to,
            "uri": f"{self.root}/Messages/{message.sid}.json",
        }

    def call_json(self, call: Call) -> dict[str, Any]:
        """Call resource."""
        duration = None if call.duration_s is None else str(call.duration_s)
        return {
            "account_sid": self.account_sid,
            "annotation": None,
            "answered_by": call.answered_by,
            "api_version": API_VERSION,
            "caller_name": None,
            "date_created": format_time(call.created_s),
            "date_updated": format_time(call.updated_s),
            "direction": call.direction,
            "duration": duration,
            "end_time": format_time(call.end_s),
            "forwarded_from": None,
            "from": call.from_,
            "from_formatted": call.from_,
            "group_sid": None,
            "parent_call_sid": call.parent_sid,
            "phone_number_sid": None,
            "price": None,
            "price_unit": None,
            "sid": call.sid,
            "start_time": format_time(call.start_s),
            "status": call.status,
            "subresource_uris": {},
            "to": call.to,
            "to_formatted": call.to,
            "uri": f"{self.root}/Calls/{call.sid}.json",
        }

    def _code_json(self, code: str | None) -> int | str | None:
        return code

    def call_fields(self, call: Call, status: str) -> Pairs:
        """Fields of every form about a call."""
        return [
            ("CallSid", call.sid),
            ("AccountSid", self.account_sid),
            ("From", call.from_),
            ("To", call.to),
            ("CallStatus", status),
            ("ApiVersion", API_VERSION),
            ("Direction", call.direction),
        ]
