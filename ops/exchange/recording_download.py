"""Recordings over HTTP through libcurl, for ``telephony.calls.carrier_recordings``."""

from __future__ import annotations

import base64
from collections.abc import Collection
from urllib.parse import urlsplit

from ops.exchange.curl_http import CurlHttp
from telephony.calls.carrier_recordings import Downloaded
from telephony.errors import CarrierUnavailableError, RecordingLostError
from warning.errors import FeedError, FeedTooLargeError
from warning.sources.fetching import FetchLimits

_MAX_REDIRECTS = 3


def download(
    url: str,
    *,
    credentials: tuple[str, str],
    hosts: Collection[str],
    timeout_s: float,
    max_bytes: int,
) -> Downloaded:
    """Fetch a recording once.

    Raises
    ------
    CarrierUnavailableError
        If no answer came in time, or it redirects elsewhere.
    RecordingLostError
        If it is too large.
    """
    own = (urlsplit(url).hostname or "").lower()
    pair = base64.b64encode(":".join(credentials).encode()).decode()
    try:
        answer = CurlHttp().get(
            url,
            hosts={own, *hosts},
            headers={"Authorization": f"Basic {pair}", "Accept": "audio/*"},
            limits=FetchLimits(
                timeout_s=timeout_s,
                max_bytes=max_bytes,
                max_redirects=_MAX_REDIRECTS,
            ),
        )
    except FeedTooLargeError as error:
        raise RecordingLostError("The recording is too large.") from error
    except FeedError as error:
        raise CarrierUnavailableError(str(error)) from error
    return Downloaded(status=answer.status, body=answer.body)
