"""One HTTP exchange on a reusable libcurl handle: options in, answer or failure out.

Knows nothing of event loops (``curl_multi``) nor of carriers (``twilio_gateway``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

import pycurl

_PROTOCOLS = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
_METHODS = frozenset({"GET", "POST", "DELETE"})

#: An idle connection older than this is not used again. Servers close idle
#: connections after 5 to 75 s; a request written into a closing one is a request
#: whose outcome nobody knows.
_MAX_IDLE_S = 20


class FailureKind(Enum):
    """Where an exchange broke off."""

    CONNECT = "connect"
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    SEND = "send"
    RECEIVE = "receive"
    TOO_LARGE = "too_large"


class CurlFailure(Exception):  # noqa: N818 - a value that is raised, not a defect
    """No usable answer came.

    Attributes
    ----------
    kind : FailureKind
        Where it broke off.
    sent : bool
        Whether the request may have reached the other side. False is certain: not a
        byte of it left.
    """

    def __init__(self, kind: FailureKind, *, sent: bool) -> None:
        super().__init__(f"{kind.value} failure, request {'' if sent else 'not '}sent")
        self.kind = kind
        self.sent = sent


class CurlResponse(NamedTuple):
    """What the other side answered, whatever the status."""

    status: int
    #: Names in lower case; repeated fields joined with a comma.
    headers: dict[str, str]
    body: bytes


_KIND_OF_ERROR = {
    pycurl.E_COULDNT_RESOLVE_HOST: FailureKind.DNS,
    pycurl.E_COULDNT_CONNECT: FailureKind.CONNECT,
    pycurl.E_SSL_CONNECT_ERROR: FailureKind.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: FailureKind.TLS,
    pycurl.E_SSL_CACERT_BADFILE: FailureKind.TLS,
    pycurl.E_SSL_CERTPROBLEM: FailureKind.TLS,
    pycurl.E_SSL_CIPHER: FailureKind.TLS,
    pycurl.E_SSL_ISSUER_ERROR: FailureKind.TLS,
    pycurl.E_OPERATION_TIMEDOUT: FailureKind.TIMEOUT,
    pycurl.E_SEND_ERROR: FailureKind.SEND,
    pycurl.E_WRITE_ERROR: FailureKind.TOO_LARGE,
}


class TransferOptions(NamedTuple):
    """What every exchange of one client has in common."""

    timeout_s: float
    connect_timeout_s: float
    max_response_bytes: int
    ca_file: str | None


class Transfer:
    """A libcurl handle used for one exchange after another.

    Setting an option costs about as much as the exchange's own Python, so options
    that stay the same from one request to the next are not set again.

    Parameters
    ----------
    options : TransferOptions
        Fixed for the life of the handle.
    """

    __slots__ = (
        "_body",
        "_given",
        "_lines",
        "_method",
        "_n_bytes",
        "_n_sends",
        "_options",
        "handle",
    )

    def __init__(self, options: TransferOptions) -> None:
        self.handle = pycurl.Curl()
        self._options = options
        self._method = ""
        self._given: tuple[object, ...] = ()
        self._lines: list[bytes] = []
        self._body: list[bytes] = []
        self._n_bytes = 0
        self._n_sends = 0

    def prepare(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        auth: tuple[str, str] | None,
        timeout_s: float | None,
    ) -> None:
        """Set the handle up for the next exchange.

        Raises
        ------
        ValueError
            If the method is none a carrier's API needs, or a header spans lines.
        """
        if method != self._method:
            self._reset_to(method)
        given = (url, headers, auth, timeout_s)
        if given != self._given:
            # Forgotten first: if an option is refused half way, all are set again.
            self._given = ()
            self._set_given(url, headers or {}, auth, timeout_s)
            # A copy, because the caller may change its mapping and send it again.
            self._given = (url, headers and dict(headers), auth, timeout_s)
        if method == "POST":
            self.handle.setopt(pycurl.POSTFIELDS, body or b"")
        self._lines.clear()
        self._body.clear()
        self._n_bytes = 0
        self._n_sends = 0

    @property
    def is_sent(self) -> bool:
        """Whether the request has begun to leave."""
        return self._n_sends > 0

    def outcome(self, curl_code: int) -> CurlResponse | CurlFailure:
        """Return the answer of the exchange that has just ended, or why there is none.

        Parameters
        ----------
        curl_code : int
            libcurl's own verdict, ``pycurl.E_OK`` when it saw nothing wrong.
        """
        if curl_code != pycurl.E_OK:
            default = FailureKind.RECEIVE if self.is_sent else FailureKind.CONNECT
            kind = _KIND_OF_ERROR.get(curl_code, default)
            return CurlFailure(kind, sent=self.is_sent)
        headers = _parse_headers(self._lines)
        if headers is None:
            return CurlFailure(FailureKind.RECEIVE, sent=self.is_sent)
        status = self.handle.getinfo(pycurl.RESPONSE_CODE)
        return CurlResponse(status, headers, b"".join(self._body))

    def close(self) -> None:
        """Free the handle; the transfer is of no use afterwards."""
        self.handle.close()

    def _reset_to(self, method: str) -> None:
        if method not in _METHODS:
            raise ValueError(f"HTTP method {method!r} is none of {sorted(_METHODS)}.")
        handle = self.handle
        handle.reset()
        self._method, self._given = method, ()
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.TCP_NODELAY, 1)
        handle.setopt(pycurl.TCP_KEEPALIVE, 1)
        handle.setopt(pycurl.MAXAGE_CONN, _MAX_IDLE_S)
        handle.setopt(pycurl.FOLLOWLOCATION, 0)
        handle.setopt(pycurl.PROTOCOLS, _PROTOCOLS)
        # An empty proxy also overrides http_proxy and its kin in the environment.
        handle.setopt(pycurl.PROXY, "")
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        # Over TLS one connection carries many requests: wait for it, open no other.
        handle.setopt(pycurl.PIPEWAIT, 1)
        handle.setopt(pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC)
        handle.setopt(pycurl.HEADERFUNCTION, self._lines.append)
        handle.setopt(pycurl.WRITEFUNCTION, self._take)
        handle.setopt(pycurl.PREREQFUNCTION, self._allow_request)
        options = self._options
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, _whole_ms(options.connect_timeout_s))
        if options.ca_file is not None:
            handle.setopt(pycurl.CAINFO, options.ca_file)
        if method == "DELETE":
            handle.setopt(pycurl.CUSTOMREQUEST, method)

    def _set_given(
        self,
        url: str,
        headers: Mapping[str, str],
        auth: tuple[str, str] | None,
        timeout_s: float | None,
    ) -> None:
        handle = self.handle
        handle.setopt(pycurl.URL, url)
        timeout_s = self._options.timeout_s if timeout_s is None else timeout_s
        handle.setopt(pycurl.TIMEOUT_MS, _whole_ms(timeout_s))
        handle.setopt(pycurl.HTTPHEADER, _header_lines(headers))
        if auth is None:
            handle.unsetopt(pycurl.USERNAME)
            handle.unsetopt(pycurl.PASSWORD)
        else:
            handle.setopt(pycurl.USERNAME, auth[0].encode())
            handle.setopt(pycurl.PASSWORD, auth[1].encode())

    def _take(self, chunk: bytes) -> int | None:
        """Keep a piece of the body; refuse the rest when there is too much of it."""
        self._n_bytes += len(chunk)
        if self._n_bytes > self._options.max_response_bytes:
            return -1
        self._body.append(chunk)
        return None

    def _allow_request(self, *_addresses: object) -> int:
        """Let the request leave, and a POST only once.

        When a kept-alive connection dies without an answer libcurl sends the request
        again on a fresh one by itself, a POST too. The first may have been accepted,
        so a second would ring a person twice: the outcome is unknown and the caller
        must be told so.
        """
        if self._n_sends and self._method == "POST":
            return pycurl.PREREQFUNC_ABORT
        self._n_sends += 1
        return pycurl.PREREQFUNC_OK


def _whole_ms(seconds: float) -> int:
    """Milliseconds, at least one because libcurl reads 0 as "for ever"."""
    return max(1, round(seconds * 1000))


def _header_lines(headers: Mapping[str, str]) -> list[str]:
    # Without an empty "Expect" libcurl waits for a "100 Continue" on larger bodies.
    lines = ["Expect:"]
    for name, value in headers.items():
        line = f"{name}: {value}"
        if "\r" in line or "\n" in line:
            raise ValueError(f"Header {name!r} spans lines.")
        lines.append(line)
    return lines


def _parse_headers(lines: list[bytes]) -> dict[str, str] | None:
    """Fields of the last answer; None if its head was cut off, which libcurl allows."""
    headers: dict[str, str] = {}
    is_whole = False
    for line in lines:
        if line.startswith(b"HTTP/"):
            # What stood before belonged to an interim answer (1xx).
            headers.clear()
            is_whole = False
            continue
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        else:
            is_whole = not name.strip()
    return headers if is_whole else None
