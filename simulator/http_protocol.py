"""A small HTTP/1.1 server on asyncio's own transport.

Why not a ready-made server: the telco must break connections on command (before or
after accepting, in the middle of an answer, never finishing one), bind port 0 and say
which it got, and run inside a test's thread. An application interface hides the
transport; here it is at hand, and a request costs a tenth of what a framework takes.

It understands what HTTP clients of telephony send: requests with `Content-Length` and
keep-alive, one after another on a connection (pipelined ones are answered in order).
Chunked bodies are answered 411, oversized ones 413.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from json import JSONEncoder
from typing import Any, cast

_MAX_HEAD = 32 * 1024
_MAX_BODY = 1024 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
#: Made once: `json.dumps` makes an encoder for each call.
_to_json = JSONEncoder(separators=(",", ":")).encode
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(slots=True, eq=False)
class Request:
    """One request as it came."""

    method: str
    #: Path without the query, still percent-encoded.
    path: str
    query: str
    #: Names in lower case.
    headers: dict[str, str]
    body: bytes
    #: Address of the client, without its port.
    peer: str = ""
    #: The client wants the connection closed after the answer.
    closes: bool = False


@dataclass(slots=True, eq=False)
class Response:
    """One answer, or the lack of one."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    #: Hold the answer back, real seconds.
    delay_s: float = 0.0
    #: Reset the connection instead of answering.
    drop: bool = False
    #: Bytes announced beyond those sent; the connection closes (or hangs) after them.
    missing_bytes: int = 0
    #: Keep the connection open without the missing bytes.
    stall: bool = False


def json_response(status: int, value: Any) -> Response:
    """Answer with a JSON value."""
    return Response(status=status, body=_to_json(value).encode())


Handler = Callable[[Request], Response | Awaitable[Response]]


class HttpConnection(asyncio.Protocol):
    """One client connection.

    Parameters
    ----------
    handler : callable
        Answers a request, at once or as an awaitable.
    open_connections : set
        Holds every living connection, so that a stop can close them.
    """

    def __init__(self, handler: Handler, open_connections: set[HttpConnection]) -> None:
        self._handler = handler
        self._open = open_connections
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._peer = ""
        self._busy = False
        self._continued = False
        self._closes = False
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else ""
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop answering."""
        self._open.discard(self)
        self._transport = None
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        self._serve()

    def close(self) -> None:
        """Break the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _serve(self) -> None:
        while not self._busy and self._transport is not None:
            request = self._next_request()
            if request is None:
                return
            answer = self._handler(request)
            if isinstance(answer, Response) and not answer.delay_s:
                self._write(answer)
            else:
                self._busy = True
                loop = asyncio.get_running_loop()
                self._task = loop.create_task(self._answer_later(answer))

    async def _answer_later(self, answer: Response | Awaitable[Response]) -> None:
        response = answer if isinstance(answer, Response) else await answer
        if response.delay_s:
            await asyncio.sleep(response.delay_s)
        self._task = None
        self._busy = False
        self._write(response)
        self._serve()

    def _next_request(self) -> Request | None:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(buffer) > _MAX_HEAD:
                self._refuse(431)
            return None
        try:
            request = _parse_head(bytes(buffer[:end]).decode("latin-1"), self._peer)
            length = int(request.headers.get("content-length") or 0)
        except ValueError:
            self._refuse(400)
            return None
        if "transfer-encoding" in request.headers:
            self._refuse(411)
            return None
        if not 0 <= length <= _MAX_BODY:
            self._refuse(413)
            return None
        stop = end + 4 + length
        if len(buffer) < stop:
            self._invite_body(request)
            return None
        request.body = bytes(buffer[end + 4 : stop])
        del buffer[:stop]
        self._continued = False
        self._closes = request.closes
        return request

    def _invite_body(self, request: Request) -> None:
        """Tell a client that waits for leave to send its body that it may."""
        if "expect" in request.headers and not self._continued:
            self._continued = True
            if self._transport is not None:
                self._transport.write(_CONTINUE)

    def _refuse(self, status: int) -> None:
        self._buffer.clear()
        if self._transport is not None:
            self._write(Response(status=status, content_type="text/plain"))
            self._transport.close()

    def _write(self, response: Response) -> None:
        transport = self._transport
        if transport is None:
            return
        if response.drop:
            transport.abort()
            return
        transport.write(render(response))
        if self._closes or (response.missing_bytes and not response.stall):
            transport.close()


def render(response: Response) -> bytes:
    """Serialise the head and the body of an answer."""
    status = response.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}"]
    if response.body or response.missing_bytes:
        lines.append(f"Content-Type: {response.content_type}")
    if status != HTTPStatus.NO_CONTENT:
        length = len(response.body) + response.missing_bytes
        lines.append(f"Content-Length: {length}")
    lines.extend(f"{name}: {value}" for name, value in response.headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + response.body


def _parse_head(head: str, peer: str) -> Request:
    """Split request line and headers.

    Raises
    ------
    ValueError
        If it is no request of HTTP/1.
    """
    lines = head.split("\r\n")
    method, target, version = lines[0].split(" ")
    if not version.startswith("HTTP/1.") or not target.startswith("/"):
        raise ValueError(lines[0])
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(line)
        headers[name.lower()] = value.strip()
    path, _, query = target.partition("?")
    wish = headers.get("connection", "").lower()
    closes = wish == "close" or (version == "HTTP/1.0" and wish != "keep-alive")
    return Request(method, path, query, headers, b"", peer, closes)
