"""The carriers' words for the state of a message or a call, and ours.

One table a resource for both dialects: Twilio's words and Somleng's overlap and never
contradict. A word that is in no table gives ``UNKNOWN_STATUS``; the caller records it
and raises an alarm, because a state nobody has thought of is no reason to crash nor to
claim that somebody was reached. Knows no HTTP and no library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from telephony.delivery import AttemptState, Channel


@dataclass(frozen=True, slots=True)
class CarrierStatus:
    """What one word of a carrier says about an attempt."""

    #: What the attempt becomes, unless more is known already; None says nothing of it.
    state: AttemptState | None
    #: Whether the carrier will have no more news, so that polling can end.
    is_final: bool
    #: Whether the word stood in the table.
    is_known: bool = True


#: The verdict on a word that is in no table: keep it, tell somebody, change nothing.
UNKNOWN_STATUS = CarrierStatus(None, is_final=False, is_known=False)

_ON_ITS_WAY = CarrierStatus(AttemptState.ACCEPTED, is_final=False)
_FAILED = CarrierStatus(AttemptState.FAILED, is_final=True)
_REACHED = CarrierStatus(AttemptState.REACHED, is_final=True)
#: Words for messages that people send to us.
_INBOUND = CarrierStatus(None, is_final=True)

MESSAGE_STATUSES: Mapping[str, CarrierStatus] = MappingProxyType(
    {
        "accepted": _ON_ITS_WAY,
        "scheduled": _ON_ITS_WAY,
        "queued": _ON_ITS_WAY,
        "sending": _ON_ITS_WAY,
        "sent": _ON_ITS_WAY,
        # Some parts came and some did not: no proof that the warning was readable.
        "partially_delivered": _ON_ITS_WAY,
        "delivered": _REACHED,
        "read": _REACHED,
        "undelivered": _FAILED,
        "failed": _FAILED,
        "canceled": _FAILED,
        "receiving": _INBOUND,
        "received": _INBOUND,
    }
)

CALL_STATUSES: Mapping[str, CarrierStatus] = MappingProxyType(
    {
        "queued": _ON_ITS_WAY,
        "initiated": _ON_ITS_WAY,
        "ringing": _ON_ITS_WAY,
        # Answered, perhaps by a machine: heard or confirmed is for the script to say.
        "in-progress": CarrierStatus(AttemptState.REACHED, is_final=False),
        "completed": _REACHED,
        "busy": _FAILED,
        "no-answer": _FAILED,
        "failed": _FAILED,
        "canceled": _FAILED,
    }
)

_TABLES = {Channel.SMS: MESSAGE_STATUSES, Channel.VOICE: CALL_STATUSES}


def carrier_status(channel: Channel, word: str) -> CarrierStatus:
    """Look a carrier's word up.

    Parameters
    ----------
    channel : Channel
        ``SMS`` for a message's status, ``VOICE`` for a call's; one of them.
    word : str
        As the carrier wrote it; case and surrounding blanks do not matter.

    Returns
    -------
    CarrierStatus
        ``UNKNOWN_STATUS`` for a word that is in no table.

    Examples
    --------
    >>> carrier_status(Channel.SMS, "delivered").state.name
    'REACHED'
    >>> carrier_status(Channel.VOICE, "delivered").is_known
    False
    """
    return _TABLES[channel].get(word.strip().lower(), UNKNOWN_STATUS)
