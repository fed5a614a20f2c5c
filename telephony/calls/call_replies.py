"""What came back from the phone with a request for a call's next words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from telephony.delivery import is_carrier_ref

_STATUS = re.compile(r"[a-z-]{1,20}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)


class RecordingRef(NamedTuple):
    """Which recording: whose, and under which name of theirs.

    The address that a carrier tells is never asked. Where recordings are is worked out
    from how the carrier is configured, so no request can send us anywhere else.
    """

    carrier: str
    sid: str

    def __str__(self) -> str:
        """``main/RE0123``, of which ``parse`` makes an equal value."""
        return f"{self.carrier}/{self.sid}"

    @classmethod
    def parse(cls, text: str) -> RecordingRef | None:
        """Read what ``str`` wrote; None if it is anything else."""
        carrier, slash, sid = text.partition("/")
        return cls(carrier, sid) if slash and carrier and is_carrier_ref(sid) else None


@dataclass(frozen=True, slots=True)
class CallReply:
    """One answer; each part is None where there was none of it."""

    digits: str | None = None
    #: Of a recording that was made, as ``RecordingRef`` writes it.
    recording: str | None = None
    #: How a bridge ended, and the seconds it lasted: ``completed/34``, ``busy/0``.
    dialled: str | None = None


def reply_of(carrier: str, value: Callable[[str], str | None]) -> CallReply:
    """Read the fields of a carrier's request.

    Parameters
    ----------
    carrier : str
        Its name in the settings.
    value : callable
        Name of a field → its value.

    Notes
    -----
    Twilio tells ``RecordingSid``; Somleng tells nothing but ``RecordingUrl``, which
    ends with the same.
    """
    sid = value("RecordingSid") or _last_part(value("RecordingUrl") or "")
    status = value("DialCallStatus") or ""
    seconds = value("DialCallDuration") or ""
    is_dialled = _STATUS.fullmatch(status) is not None
    lasted = seconds if _SECONDS.fullmatch(seconds) else "0"
    return CallReply(
        digits=value("Digits"),
        recording=str(RecordingRef(carrier, sid)) if is_carrier_ref(sid) else None,
        dialled=f"{status}/{lasted}" if is_dialled else None,
    )


def _last_part(url: str) -> str:
    """Last part of an address without its ending; empty if there is none."""
    try:
        return urlsplit(url).path.rpartition("/")[2].partition(".")[0]
    except ValueError:
        return ""
