"""HTTP to other systems through libcurl: bounded in time and bytes, never surprised.

Feeds and receivers are strangers: slow, endless, packed, or gone. One question takes
one thread for at most its time-out; what is too large is cut off while it comes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from time import monotonic
from urllib.parse import urljoin, urlsplit

import pycurl

from warning.errors import FeedError, FeedTooLargeError
from warning.sources.fetching import Fetched, FetchLimits

USER_AGENT = "tocsin"
#: Bytes of an answer's headers; honest ones have a thousand.
_MAX_HEADER_BYTES = 32_768
#: Bytes read of what a receiver answers; only its status counts.
_MAX_ANSWER_BYTES = 65_536
_REDIRECTS = {301, 302, 303, 307, 308}
_PROTOCOLS = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
_MIN_TIMEOUT_MS = 1

_SENTENCES = {
    pycurl.E_COULDNT_RESOLVE_HOST: "Its host name is not known; check the URL.",
    pycurl.E_COULDNT_CONNECT: "Nothing answers at its address.",
    pycurl.E_OPERATION_TIMEDOUT: "It did not answer in time.",
    pycurl.E_PEER_FAILED_VERIFICATION: "Its certificate cannot be trusted.",
    pycurl.E_SSL_CONNECT_ERROR: "No safe connection came about (TLS).",
    pycurl.E_GOT_NOTHING: "It closed the connection without a word.",
    pycurl.E_BAD_CONTENT_ENCODING: "Its answer is packed wrongly.",
    pycurl.E_FILESIZE_EXCEEDED: "Its answer is too large.",
    pycurl.E_WRITE_ERROR: "Its answer is too large, or packed wrongly.",
}


class CurlHttp:
    """Asks and tells others; ``warning.sources.fetching.Fetcher``. Thread-safe."""

    def get(
        self,
        url: str,
        *,
        hosts: Collection[str],
        headers: Mapping[str, str],
        limits: FetchLimits,
    ) -> Fetched:
        """Ask for a document; redirects are followed on these hosts alone.

        Raises
        ------
        FeedError
            If nothing usable came within the limits; says why.
        """
        stop_at = monotonic() + limits.timeout_s
        first = _origin(url)
        for _ in range(limits.max_redirects + 1):
            left_s = stop_at - monotonic()
            answer = _exchange(
                url,
                headers={
                    "Accept": "application/xml, */*;q=0.5",
                    **(headers if _origin(url) == first else _without_secret(headers)),
                },
                timeout_s=left_s,
                max_bytes=limits.max_bytes,
            )
            if answer.status not in _REDIRECTS:
                return answer
            url = _next(url, answer.headers.get("location", ""), hosts)
        raise FeedError(
            f"It redirects more than {limits.max_redirects} times; check the URL."
        )

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_s: float
    ) -> int:
        """Tell another system something; return the status it answers.

        Raises
        ------
        FeedError
            If no answer came; it may have been told all the same.
        """
        answer = _exchange(
            url,
            headers=headers,
            timeout_s=timeout_s,
            max_bytes=_MAX_ANSWER_BYTES,
            body=body,
        )
        return answer.status


def _origin(url: str) -> tuple[str, str]:
    """Scheme, host and port of an address that has been looked at."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _without_secret(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Headers for another host: what opens one door is not shown at the next."""
    return {k: v for k, v in headers.items() if k.lower() != "authorization"}


def _next(url: str, location: str, hosts: Collection[str]) -> str:
    """Where a redirect leads.

    Raises
    ------
    FeedError
        If it leads to another host, or from https to http.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise FeedError("It redirects to something that is no URL.") from None
    if not location or parts.scheme not in {"http", "https"}:
        raise FeedError("It redirects to something that is no URL.")
    if host not in hosts:
        raise FeedError(f"It redirects to {host[:100]}, which is not configured.")
    if urlsplit(url).scheme == "https" and parts.scheme == "http":
        raise FeedError("It redirects from https to http; that is not followed.")
    return target


def _exchange(
    url: str,
    *,
    headers: Mapping[str, str],
    timeout_s: float,
    max_bytes: int,
    body: bytes | None = None,
) -> Fetched:
    """One request, one answer.

    Raises
    ------
    FeedError
        If none came; says why, without the URL, which may hold a key.
    """
    chunks = _Bounded(max_bytes)
    lines = _Bounded(_MAX_HEADER_BYTES)
    handle = pycurl.Curl()
    try:
        _set_up(handle, url, headers, timeout_s, body)
        handle.setopt(pycurl.WRITEFUNCTION, chunks.write)
        handle.setopt(pycurl.HEADERFUNCTION, lines.write)
        # Refuses at once what announces itself as too large.
        handle.setopt(pycurl.MAXFILESIZE_LARGE, max_bytes)
        handle.perform()
        status = int(handle.getinfo(pycurl.RESPONSE_CODE))
    except pycurl.error as error:
        kind = FeedTooLargeError if _is_too_large(error, chunks) else FeedError
        raise kind(_sentence(error, chunks)) from None
    except UnicodeError:
        raise FeedError("Its URL cannot be used; check it.") from None
    finally:
        handle.close()
    return Fetched(status=status, body=chunks.value(), headers=_fields(lines.value()))


def _set_up(
    handle: pycurl.Curl,
    url: str,
    headers: Mapping[str, str],
    timeout_s: float,
    body: bytes | None,
) -> None:
    timeout_ms = max(_MIN_TIMEOUT_MS, int(timeout_s * 1000))
    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.PROTOCOLS, _PROTOCOLS)
    handle.setopt(pycurl.FOLLOWLOCATION, 0)
    handle.setopt(pycurl.NOSIGNAL, 1)  # used from threads
    handle.setopt(pycurl.TIMEOUT_MS, timeout_ms)
    handle.setopt(pycurl.CONNECTTIMEOUT_MS, timeout_ms)
    # No proxy of the environment: where alerts come from is configured, not guessed.
    handle.setopt(pycurl.PROXY, "")
    handle.setopt(pycurl.USERAGENT, USER_AGENT)
    handle.setopt(pycurl.FRESH_CONNECT, 1)
    handle.setopt(pycurl.FORBID_REUSE, 1)
    if body is None:
        handle.setopt(pycurl.ACCEPT_ENCODING, "gzip, deflate")
    else:
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.POSTFIELDS, body)
    given = {**headers, "Expect": ""}
    handle.setopt(pycurl.HTTPHEADER, [f"{k}: {v}" for k, v in given.items()])


class _Bounded:
    """Takes bytes as they come, up to a limit; more ends the exchange."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._n = 0

    @property
    def is_full(self) -> bool:
        """Whether more came than is taken."""
        return self._n > self._max_bytes

    def write(self, chunk: bytes) -> int:
        """Take a piece; libcurl stops when it is told of less than it gave."""
        self._n += len(chunk)
        if self.is_full:
            return 0
        self._chunks.append(chunk)
        return len(chunk)

    def value(self) -> bytes:
        return b"".join(self._chunks)


def _is_too_large(error: pycurl.error, chunks: _Bounded) -> bool:
    return chunks.is_full or error.args[0] == pycurl.E_FILESIZE_EXCEEDED


def _sentence(error: pycurl.error, chunks: _Bounded) -> str:
    code = int(error.args[0])
    if chunks.is_full:
        code = pycurl.E_FILESIZE_EXCEEDED
    return _SENTENCES.get(code, f"The connection broke off (libcurl {code}).")


def _fields(lines: bytes) -> Mapping[str, str]:
    """Headers of the last answer, names in small letters."""
    last = lines.rstrip(b"\r\n").rpartition(b"\r\n\r\n")[2]
    found: dict[str, str] = {}
    for line in last.split(b"\r\n")[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found
