"""Why a request is refused, and the code each dialect gives for it.

Codes and texts as published: Twilio's error dictionary, Somleng's application errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """A refusal: (Twilio's code, Somleng's code, HTTP status at Twilio, text)."""

    AUTHENTICATE = (20003, "20003", 401, "Authenticate")
    NOT_FOUND = (20404, "20404", 404, "The requested resource was not found")
    METHOD = (20004, "20004", 405, "Method not allowed")
    TOO_MANY = (20429, "20429", 429, "Too Many Requests")
    INTERNAL = (20500, "20500", 500, "Internal Server Error")
    UNAVAILABLE = (20503, "20503", 503, "Service Unavailable")

    TO_MISSING = (21604, "20422", 400, "A 'To' phone number is required.")
    TO_INVALID = (21211, "20422", 400, "The 'To' number is not a valid phone number.")
    FROM_MISSING = (21603, "20422", 400, "A 'From' phone number is required.")
    FROM_INVALID = (21212, "20422", 400, "The 'From' number is not valid.")
    FROM_NOT_OURS = (
        21606, "21606", 400,
        "The 'From' number is not a valid message-capable number for this 'To'.",
    )  # fmt: skip
    FROM_QUEUE_FULL = (
        21611,
        "30001",
        400,
        "This 'From' number has exceeded its queue.",
    )
    BODY_MISSING = (21602, "20422", 400, "Message body is required.")
    BODY_TOO_LONG = (21617, "20422", 400, "The message body exceeds 1600 characters.")
    VALIDITY = (21624, "20422", 400, "ValidityPeriod must be between 1 and 36000.")
    CALLBACK_INVALID = (21609, "20422", 400, "Invalid 'StatusCallback' URL.")
    UNROUTABLE = (21612, "21612", 400, "No route from this 'From' to this 'To'.")
    NO_PERMISSION = (21408, "21408", 400, "Region of the 'To' number is not enabled.")
    OPTED_OUT = (21610, "21610", 400, "Attempt to send to unsubscribed recipient.")
    NOT_MOBILE = (21614, "21614", 400, "'To' number is not a valid mobile number.")
    MESSAGE_NOT_CANCELABLE = (
        30409, "30409", 409, "Message is not in a cancelable state."
    )  # fmt: skip

    CALL_TO_MISSING = (21201, "20422", 400, "No 'To' number is specified.")
    CALL_FROM_MISSING = (21213, "20422", 400, "'From' phone number is required.")
    CALL_URL_MISSING = (21205, "20422", 400, "Url parameter is required.")
    CALL_URL_INVALID = (21205, "20422", 400, "Url is not a valid URL.")
    CALL_TWIML_TOO_LONG = (21223, "20422", 400, "Twiml exceeds 4000 characters.")
    CALL_TWIML_INVALID = (12100, "20422", 400, "Twiml is invalid.")
    CALL_FROM_NOT_OURS = (
        21210, "21210", 400,
        "The source phone number provided is not yet verified for your account.",
    )  # fmt: skip
    CALL_TO_INVALID = (21217, "13224", 400, "Phone number does not appear to be valid.")
    CALL_BLOCKED = (21216, "13225", 400, "Account not allowed to call this number.")
    CALL_NO_PERMISSION = (21215, "13225", 400, "Geo permission is not enabled.")
    CALL_TO_FORBIDDEN = (21214, "13224", 400, "'To' phone number cannot be reached.")
    CALL_NOT_LIVE = (21220, "21220", 400, "Call is not in-progress. Cannot redirect.")
    CALL_STATUS_INVALID = (20001, "20422", 400, "Status must be canceled or completed.")

    @property
    def twilio_code(self) -> int:
        """Return Twilio's number."""
        return self.value[0]

    @property
    def somleng_code(self) -> str:
        """Return Somleng's code, always text."""
        return self.value[1]

    @property
    def http_status(self) -> int:
        """HTTP status at Twilio; Somleng answers 422 where this is 400 or 409."""
        return self.value[2]

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self.value[3]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused request: one of the known reasons, or a code forced by a test."""

    reason: Reason
    #: Overrides the reason's code.
    code: str | None = None


#: Twilio's test numbers: sending *to* these is refused so.
MAGIC_MESSAGE_TO = {
    "+15005550001": Reason.TO_INVALID,
    "+15005550002": Reason.UNROUTABLE,
    "+15005550003": Reason.NO_PERMISSION,
    "+15005550004": Reason.OPTED_OUT,
    "+15005550009": Reason.NOT_MOBILE,
}
#: ... and *from* these; +15005550006 is valid.
MAGIC_MESSAGE_FROM = {
    "+15005550001": Reason.FROM_INVALID,
    "+15005550007": Reason.FROM_NOT_OURS,
    "+15005550008": Reason.FROM_QUEUE_FULL,
}
MAGIC_CALL_TO = {
    "+15005550001": Reason.CALL_TO_INVALID,
    "+15005550002": Reason.CALL_TO_FORBIDDEN,
    "+15005550003": Reason.CALL_NO_PERMISSION,
    "+15005550004": Reason.CALL_BLOCKED,
}
MAGIC_CALL_FROM = {
    "+15005550001": Reason.FROM_INVALID,
    "+15005550007": Reason.CALL_FROM_NOT_OURS,
    "+15005550008": Reason.FROM_QUEUE_FULL,
}
MAGIC_VALID_FROM = "+15005550006"
