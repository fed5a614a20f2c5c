"""The ways in which Twilio and Somleng differ, as one interface with two sides.

Pure: values in, values out. The rest of the telco asks its dialect and does not know
which one it is. Sources: Twilio's published descriptions, Somleng's public code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from email.utils import formatdate
from functools import lru_cache
from secrets import token_hex
from typing import Any, ClassVar
from uuid import uuid4

from simulator.config import Dialect
from simulator.forms import Pairs
from simulator.records import Call, Message
from simulator.refusals import Refusal

API_VERSION = "2010-04-01"
_MORE_INFO = "https://www.twilio.com/docs/errors/"


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

    def _call_fields(self, call: Call, status: str) -> Pairs:
        return [
            ("CallSid", call.sid),
            ("AccountSid", self.account_sid),
            ("From", call.from_),
            ("To", call.to),
            ("CallStatus", status),
            ("ApiVersion", API_VERSION),
            ("Direction", call.direction),
        ]


_EVENT_STATUS = {"initiated": "initiated", "ringing": "ringing"}


class TwilioRules(DialectRules):
    """As Twilio does."""

    filters_lists = True
    refuses_over_pace = True
    obeys_call_options = True
    keeps_opt_outs = True
    redirects_live_calls = True
    repeats_callback_after_s = None
    max_validity_s = 36_000
    has_magic_numbers = True

    def new_sid(self, prefix: str) -> str:
        """Two letters and 32 hex digits."""
        return prefix + token_hex(16)

    def refusal(self, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        """400 (or the reason's own status) and a number."""
        reason = refusal.reason
        code = int(refusal.code) if refusal.code else reason.twilio_code
        return reason.http_status, {
            "code": code,
            "message": reason.text,
            "more_info": f"{_MORE_INFO}{code}",
            "status": reason.http_status,
        }

    def message_status(self, status: str) -> str:
        """Every state exists."""
        return status

    def error_code(self, code: str) -> str:
        """Return the code as it is."""
        return code

    def message_callback(self, message: Message) -> Pairs:
        """Name each id twice, and give `ErrorCode` for failures."""
        form = [
            ("SmsSid", message.sid),
            ("SmsStatus", message.status),
            ("MessageStatus", message.status),
            ("To", message.to),
            ("MessageSid", message.sid),
            ("AccountSid", self.account_sid),
            ("From", message.from_),
            ("ApiVersion", API_VERSION),
        ]
        if message.error_code:
            form.append(("ErrorCode", message.error_code))
        return form

    def inbound_message(self, message: Message) -> Pairs:
        """Tell of an inbound text; places are sent empty."""
        return [
            ("ToCountry", ""),
            ("SmsMessageSid", message.sid),
            ("NumMedia", "0"),
            ("SmsSid", message.sid),
            ("SmsStatus", "received"),
            ("Body", message.body),
            ("FromCountry", ""),
            ("To", message.to),
            ("NumSegments", str(message.n_segments)),
            ("MessageSid", message.sid),
            ("AccountSid", self.account_sid),
            ("From", message.from_),
            ("ApiVersion", API_VERSION),
        ]

    def reports(self, call: Call, event: str) -> bool:
        """Report the events asked for; whatever ends a call counts as completed."""
        return event in call.events

    def call_callback(self, call: Call, event: str, now_s: float) -> Pairs:
        """Add progress fields, and durations at the end."""
        status = _EVENT_STATUS.get(event, call.status)
        form = [
            *self._call_fields(call, status),
            ("Called", call.to),
            ("Caller", call.from_),
            ("Timestamp", format_time(now_s) or ""),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(call.n_events)),
        ]
        if event == "completed":
            if call.duration_s is not None:
                form.append(("CallDuration", str(call.duration_s)))
                form.append(("Duration", str(-(-call.duration_s // 60))))
            if call.sip_code is not None:
                form.append(("SipResponseCode", str(call.sip_code)))
            if call.error_code:
                form.append(("ErrorCode", call.error_code))
        if call.answered_by:
            form.append(("AnsweredBy", call.answered_by))
        return form

    def twiml_request(self, call: Call, *, is_first: bool) -> Pairs:
        """Ask with `in-progress` once answered; an inbound call still rings."""
        is_ringing = is_first and call.direction == "inbound"
        form = [
            *self._call_fields(call, "ringing" if is_ringing else "in-progress"),
            ("Called", call.to),
            ("Caller", call.from_),
        ]
        if call.answered_by:
            form.append(("AnsweredBy", call.answered_by))
        return form

    def _code_json(self, code: str | None) -> int | str | None:
        return int(code) if code else None


class SomlengRules(DialectRules):
    """As Somleng does."""

    filters_lists = False
    refuses_over_pace = False
    obeys_call_options = False
    keeps_opt_outs = False
    redirects_live_calls = False
    repeats_callback_after_s = 1_200.0
    max_validity_s = 14_400
    has_magic_numbers = False

    _CODES: ClassVar[dict[str, str]] = {"30036": "S1001", "30001": "S1002"}

    def new_sid(self, prefix: str) -> str:
        """Plain UUID."""
        return str(uuid4())

    def refusal(self, refusal: Refusal) -> tuple[int, dict[str, Any]]:
        """422 and a code that is text."""
        reason = refusal.reason
        code = refusal.code or reason.somleng_code
        status = 422 if reason.http_status in {400, 409} else reason.http_status
        return status, {
            "message": reason.text,
            "status": status,
            "code": code,
            "more_info": f"{_MORE_INFO}{code}",
        }

    def message_status(self, status: str) -> str:
        """Say failed: nothing is ever undelivered."""
        return "failed" if status == "undelivered" else status

    def error_code(self, code: str) -> str:
        """Return a code of its own for what expired or found no gateway."""
        return self._CODES.get(code, code)

    def message_callback(self, message: Message) -> Pairs:
        """Send no `ErrorCode` and no `SmsSid`, but the body."""
        return [
            *self.inbound_message(message),
            ("MessageStatus", message.status),
        ]

    def inbound_message(self, message: Message) -> Pairs:
        """Tell of a text in eight fields."""
        return [
            ("MessageSid", message.sid),
            ("AccountSid", self.account_sid),
            ("From", message.from_),
            ("To", message.to),
            ("Body", message.body),
            ("NumMedia", "0"),
            ("ReferralNumMedia", "0"),
            ("ApiVersion", API_VERSION),
        ]

    def reports(self, call: Call, event: str) -> bool:
        """Report once, and not at all for what never left the queue."""
        return event == "completed" and call.sip_code is not None

    def call_callback(self, call: Call, event: str, now_s: float) -> Pairs:
        """Send the one callback; without an answer `CallDuration` is empty."""
        duration = "" if call.duration_s is None else str(call.duration_s)
        return [
            *self._call_fields(call, call.status),
            ("CallDuration", duration),
            ("SipResponseCode", str(call.sip_code)),
            ("CallbackSource", "call-progress-events"),
            ("Timestamp", format_time(now_s) or ""),
            ("SequenceNumber", "0"),
        ]

    def twiml_request(self, call: Call, *, is_first: bool) -> Pairs:
        """Say `ringing` for the first document, also when the call is answered."""
        return [
            ("Caller", call.from_),
            ("Called", call.to),
            *self._call_fields(call, "ringing" if is_first else "in-progress"),
        ]


def rules_of(dialect: Dialect, account_sid: str) -> DialectRules:
    """Rules of a dialect for one account."""
    kinds = {Dialect.TWILIO: TwilioRules, Dialect.SOMLENG: SomlengRules}
    return kinds[dialect](account_sid)
