"""How Twilio behaves where the two telcos differ."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from simulator.dialect_rules import API_VERSION, MORE_INFO, DialectRules, format_time
from simulator.forms import Pairs
from simulator.records import Call, Message
from simulator.refusals import Refusal

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
            "more_info": f"{MORE_INFO}{code}",
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
            *self.call_fields(call, status),
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
        if call.answered_by and not call.detection_callback:
            form.append(("AnsweredBy", call.answered_by))
        return form

    def twiml_request(self, call: Call, *, is_first: bool) -> Pairs:
        """Ask with `in-progress` once answered; an inbound call still rings."""
        is_ringing = is_first and call.direction == "inbound"
        form = [
            *self.call_fields(call, "ringing" if is_ringing else "in-progress"),
            ("Called", call.to),
            ("Caller", call.from_),
        ]
        if call.answered_by and not call.detection_callback:
            form.append(("AnsweredBy", call.answered_by))
        return form

    def _code_json(self, code: str | None) -> int | str | None:
        return int(code) if code else None
