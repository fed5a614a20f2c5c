"""The ``twilio`` library's requests, carried by our HTTP client.

The library drops headers from its exceptions and would read a redirect as an answer, so
whatever is no plain answer leaves here as an exception that keeps all of it. Logs
nothing: the library's own logger would write telephone numbers.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from telephony.carriers.curl_transfer import CurlResponse
from telephony.carriers.form_encoding import form_encoded

_FIRST_SUCCESS, _FIRST_AFTER_SUCCESS = 200, 300
#: The address of a list, and under which name its records stand in the answer.
_LIST = re.compile(r"/(Messages|Calls)\.json(?:\?|$)", re.ASCII)
_LOG = logging.getLogger(__name__)


class HttpTransport(Protocol):
    """Sends one request; ``CurlMulti`` is one."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> CurlResponse:
        """Return the answer; raises ``CurlFailure`` if there is none."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class NoPlainAnswerError(Exception):
    """The carrier answered something else than success with a JSON object."""

    def __init__(self, response: CurlResponse) -> None:
        super().__init__(f"HTTP {response.status}")
        self.response = response


class ForeignAddressError(Exception):
    """The carrier named an address outside its own for its next page."""


# The library carries no types.
class CurlHttpClient(AsyncHttpClient):  # type: ignore[misc]
    """What the library calls for each request.

    Parameters
    ----------
    transport : HttpTransport
    base_url : str
        Requests go nowhere else: credentials are in each of them.
    """

    def __init__(self, transport: HttpTransport, base_url: str) -> None:
        super().__init__(_LOG, is_async=True)
        self._transport = transport
        self._base = base_url.rstrip("/") + "/"

    async def request(  # noqa: PLR0917 - the library's signature
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request of the library.

        Raises
        ------
        NoPlainAnswerError
            If the answer is not 2xx or not a JSON object.
        ForeignAddressError
            If the address is not one of the carrier's.
        CurlFailure
            If there was no whole answer.
        """
        if not uri.startswith(self._base):
            raise ForeignAddressError
        if params:
            uri = f"{uri}?{urlencode(params, doseq=True)}"
        response = await self._transport.request(
            method,
            uri,
            body=form_encoded(data) if data else None,
            headers=headers,
            auth=auth,
            timeout_s=timeout,
        )
        is_success = _FIRST_SUCCESS <= response.status < _FIRST_AFTER_SUCCESS
        if not is_success or not response.body.lstrip().startswith(b"{"):
            raise NoPlainAnswerError(response)
        wanted = _LIST.search(uri) if method == "GET" else None
        if wanted and not _has_list(response.body, wanted[1].lower()):
            raise NoPlainAnswerError(response)
        text = response.body.decode("utf-8", "replace")
        return Response(response.status, text, response.headers)


def _has_list(body: bytes, name: str) -> bool:
    """Whether an answer has the list that was asked for.

    The library takes the one field that it does not know for the list, whatever its
    name. An empty list of something else is no proof that a message was never taken.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get(name), list)
