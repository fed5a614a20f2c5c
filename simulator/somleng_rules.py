"""How Somleng behaves where the two telcos differ."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from simulator.dialect_rules import API_VERSION, MORE_INFO, DialectRules, format_time
from simulator.forms import Pairs
from simulator.records import Call, Message
from simulator.refusals import Refusal


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
            "more_info": f"{MORE_INFO}{code}",
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
            *self.call_fields(call, call.status),
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
            *self.call_fields(call, "ringing" if is_first else "in-progress"),
        ]
