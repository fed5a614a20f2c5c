"""A carrier's HTTP answers, and the lack of them, as values of the gateway."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from telephony.carriers.curl_transfer import CurlFailure, CurlResponse
from telephony.carriers.failures import signal_of_answer, signal_of_silence
from telephony.carriers.gateway import FailureClass, Refused

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}", re.ASCII)
#: A carrier that asks for more is asked again after this, seconds.
_LONGEST_WISH_S = 3600.0
_LONGEST_ERROR_BODY = 1 << 16


def refused_by_answer(response: CurlResponse, *, now: datetime) -> Refused:
    """Read an answer that is not plain success.

    Parameters
    ----------
    response : CurlResponse
        Any status, any body: HTML, nothing, half a document.
    now : datetime
        Aware; a ``Retry-After`` may be a date.

    Returns
    -------
    Refused
        Its reason is ours: a carrier's own words may hold a telephone number.
    """
    code = _error_code(response.body)
    signal = signal_of_answer(response.status, code)
    return Refused(
        failure=signal.failure,
        code=code or f"http_{response.status}",
        reason=signal.reason,
        http_status=response.status,
        retry_after_s=_retry_after_s(response.headers, now),
    )


def refused_by_silence(failure: CurlFailure) -> Refused:
    """Read the lack of an answer."""
    signal = signal_of_silence(is_sent=failure.sent)
    return Refused(
        failure=signal.failure, code=failure.kind.value, reason=signal.reason
    )


def unreadable() -> Refused:
    """Read an answer that claims success and cannot be understood."""
    return Refused(
        failure=FailureClass.UNKNOWN,
        code="unreadable",
        reason=signal_of_silence(is_sent=True).reason,
    )


def _error_code(body: bytes) -> str | None:
    """Error code of a JSON answer as text; Twilio sends a number, Somleng either."""
    if len(body) > _LONGEST_ERROR_BODY:
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = document.get("code") if isinstance(document, dict) else None
    if not isinstance(code, int | str):
        return None
    return str(code) if _CODE.fullmatch(str(code)) else None


def _retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a carrier asks us to wait: a number or a date (RFC 9110, 10.2.3)."""
    wish = headers.get("retry-after")
    if wish is None:
        return None
    try:
        seconds = float(wish)
    except ValueError:
        seconds = _seconds_until(wish, now)
    return min(seconds, _LONGEST_WISH_S) if seconds >= 0 else None


def _seconds_until(date: str, now: datetime) -> float:
    """Seconds until an HTTP date, 0 if it is past, not a number if it is none."""
    try:
        until = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
