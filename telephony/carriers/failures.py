"""What every refusal and every bad report means, as one table.

The HTTP status decides; the code only refines. Codes are compared as text, for Somleng
has ``S1002`` where Twilio has ``30003``, and a code that is not in the table follows
its status. Knows neither HTTP client nor clock; when to try again is for ``retry``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from telephony.carriers.gateway import FailureClass


class Pace(Enum):
    """How soon the next try makes sense."""

    #: Not again on this channel.
    NEVER = "never"
    #: Within seconds: nothing is wrong with the person.
    SOON = "soon"
    #: Within minutes: a queue, a trunk or a handset needs time.
    LATER = "later"
    #: A call that was not taken: after a gap in which a person can be found again.
    REDIAL = "redial"


class Strike(Enum):
    """What a failure says about the number itself."""

    #: Nothing: the trouble is the person's, the network's or ours.
    NONE = "none"
    #: It may be dead, or its owner's house without power for a day.
    DOUBTFUL = "doubtful"
    #: It cannot be reached on this channel, today or tomorrow.
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Signal:
    """What one failure means for the next step."""

    failure: FailureClass
    pace: Pace
    #: One sentence for an operator.
    reason: str
    #: Whether it counts towards resting the number.
    strike: Strike = Strike.NONE


def _person(reason: str, strike: Strike = Strike.NONE) -> Signal:
    return Signal(FailureClass.PERSON, Pace.NEVER, reason, strike)


def _carrier(reason: str) -> Signal:
    # Not processed, so another carrier may take the delivery at once.
    return Signal(FailureClass.CARRIER, Pace.SOON, reason)


def _temporary(pace: Pace, reason: str, strike: Strike = Strike.NONE) -> Signal:
    return Signal(FailureClass.TEMPORARY, pace, reason, strike)


_TOO_FAST = Signal(
    FailureClass.NOT_PROCESSED, Pace.SOON, "The carrier asks us to send more slowly."
)
_NOT_SENT = Signal(
    FailureClass.NOT_PROCESSED, Pace.SOON, "The carrier could not be connected to."
)
_UNKNOWN = Signal(
    FailureClass.UNKNOWN,
    Pace.SOON,
    "The carrier's answer was lost or unreadable; it may have taken the request.",
)
_NO_NUMBER = _person(
    "The carrier does not accept this as a telephone number.", Strike.SURE
)
_NO_ROUTE = _person("The carrier has no route or no permission to this number.")
_WRONG_SENDER = Signal(
    FailureClass.SENDER,
    Pace.SOON,
    "The carrier refuses our sender number; check sms_from and voice_from.",
)
_BAD_ACCOUNT = _carrier("The carrier account is suspended, unpaid or not allowed.")
_QUEUE_FULL = _temporary(Pace.LATER, "The carrier's queue for our sender is full.")

#: Error codes of Twilio and (``S…``) Somleng.
CODES: Mapping[str, Signal] = MappingProxyType(
    {
        "20003": _carrier(
            "The carrier refuses our credentials; check account_sid and auth_token."
        ),
        "10001": _BAD_ACCOUNT,
        "20005": _BAD_ACCOUNT,
        "20006": _BAD_ACCOUNT,
        "20429": _TOO_FAST,
        "13224": _NO_NUMBER,
        "13225": _NO_ROUTE,
        "13227": _NO_ROUTE,
        "21210": _WRONG_SENDER,
        "21211": _NO_NUMBER,
        "21212": _WRONG_SENDER,
        "21214": _NO_NUMBER,
        "21215": _NO_ROUTE,
        "21217": _NO_NUMBER,
        "21408": _NO_ROUTE,
        "21603": _WRONG_SENDER,
        "21606": _WRONG_SENDER,
        "21610": Signal(
            FailureClass.OPTED_OUT, Pace.NEVER, "The person opted out at the carrier."
        ),
        "21611": _QUEUE_FULL,
        "21612": _NO_ROUTE,
        "21614": _person(
            "The number is not a mobile and takes no text messages.", Strike.SURE
        ),
        "21659": _WRONG_SENDER,
        "21660": _WRONG_SENDER,
        "30001": _QUEUE_FULL,
        "30002": _BAD_ACCOUNT,
        "30003": _temporary(
            Pace.LATER, "The handset is off or out of reach.", Strike.DOUBTFUL
        ),
        "30004": _person(
            "The message was blocked on its way to the handset.", Strike.DOUBTFUL
        ),
        "30005": _person("The handset is unknown to its network.", Strike.SURE),
        "30006": _person(
            "The number is a landline or cannot take text messages.", Strike.SURE
        ),
        "30007": _person("The carrier filtered the message as unwanted."),
        "30008": _temporary(
            Pace.LATER, "The carrier could not deliver and does not say why."
        ),
        "30037": _BAD_ACCOUNT,
        "30410": Signal(
            FailureClass.UNKNOWN,
            Pace.LATER,
            "The carrier's own provider did not answer in time.",
        ),
        "S1001": _temporary(Pace.LATER, "The carrier gave up before its turn came."),
        "S1002": _temporary(Pace.LATER, "The carrier's gateway is down."),
        "S1004": _BAD_ACCOUNT,
        "S1005": _BAD_ACCOUNT,
        "S1006": _BAD_ACCOUNT,
    }
)

#: Final words of a call or message that come without a code (all of Somleng's do).
WORDS: Mapping[str, Signal] = MappingProxyType(
    {
        "busy": _temporary(Pace.REDIAL, "The line was busy."),
        "no-answer": _temporary(Pace.REDIAL, "Nobody answered."),
        # No strikes: a carrier without codes says the same when its trunk is down.
        "failed": _temporary(Pace.LATER, "The carrier could not deliver."),
        "undelivered": _temporary(Pace.LATER, "The network did not deliver."),
        "canceled": Signal(
            FailureClass.TEMPORARY, Pace.NEVER, "It was withdrawn at the carrier."
        ),
    }
)

_STATUSES: Mapping[int, Signal] = MappingProxyType(
    {
        400: _person("The carrier refuses the request for this number."),
        401: CODES["20003"],
        402: _BAD_ACCOUNT,
        403: _carrier("The carrier forbids the request; check the account's rights."),
        404: _carrier(
            "The carrier does not know the address; check base_url and account_sid."
        ),
        408: Signal(
            FailureClass.NOT_PROCESSED,
            Pace.SOON,
            "The carrier did not receive the whole request in time.",
        ),
        422: _person("The carrier refuses the request for this number."),
        429: _TOO_FAST,
    }
)
_REDIRECT = _carrier(
    "The carrier redirects us elsewhere, which is not followed; check base_url."
)
_REFUSED = _carrier("The carrier refuses requests of this kind; check base_url.")

_FIRST_REDIRECT, _FIRST_REFUSAL, _FIRST_BREAKDOWN = 300, 400, 500
#: Here a code cannot change the meaning.
_SETTLED_STATUSES = frozenset({401, 429})


def signal_of_answer(http_status: int, code: str | None) -> Signal:
    """Judge a carrier's answer to a request that it did not plainly accept.

    Parameters
    ----------
    http_status : int
        Of the answer. 2xx means here that the answer could not be read.
    code : str, optional
        The carrier's error code as text.

    Returns
    -------
    Signal

    Notes
    -----
    5xx and unreadable answers are unknown whatever the code says: something behind the
    carrier's door broke, perhaps after it had taken the request. 403, 404, 405 and
    other refusals would meet every request alike, so they stop the carrier instead of
    using up an audience.

    Examples
    --------
    >>> signal_of_answer(400, "21610").failure.name
    'OPTED_OUT'
    >>> signal_of_answer(500, "21610").failure.name
    'UNKNOWN'
    >>> signal_of_answer(422, "20422").failure.name
    'PERSON'
    """
    if http_status >= _FIRST_BREAKDOWN or http_status < _FIRST_REDIRECT:
        return _UNKNOWN
    if http_status < _FIRST_REFUSAL:
        return _REDIRECT
    by_status = _STATUSES.get(http_status, _REFUSED)
    if code is None or http_status in _SETTLED_STATUSES:
        return by_status
    return CODES.get(code, by_status)


def signal_of_silence(*, is_sent: bool) -> Signal:
    """Judge a request without an answer, by whether it may have left."""
    return _UNKNOWN if is_sent else _NOT_SENT


def signal_of_report(word: str, code: str | None = None) -> Signal:
    """Judge a failure that is reported after the request was accepted.

    Parameters
    ----------
    word : str
        The final status, e.g. ``no-answer``.
    code : str, optional
        The error code, where the carrier sends one.

    Returns
    -------
    Signal
        By the code if it is known, else by the word; a word that is unknown too counts
        as undelivered.
    """
    by_word = WORDS.get(word.strip().lower(), WORDS["undelivered"])
    return CODES.get(code, by_word) if code else by_word


def strike_of(code: str | None) -> Strike:
    """What a failure of this code says about the number; nothing if it is unknown."""
    signal = CODES.get(code or "")
    return Strike.NONE if signal is None else signal.strike


def is_known_code(code: str) -> bool:
    """Whether the table has a row for a carrier's code."""
    return code in CODES
