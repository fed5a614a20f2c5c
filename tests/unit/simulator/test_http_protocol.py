"""The HTTP server on bytes alone: a fake transport, no socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.http_protocol import (
    HttpConnection,
    Request,
    Response,
    json_response,
    render,
)

POST = (
    b"POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 4\r\n\r\nbody"
)


class FakeTransport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5)})
        self.written = b""
        self.ended: str | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


def connect(
    handler: Callable[[Request], Response | Awaitable[Response]],
) -> tuple[HttpConnection, FakeTransport]:
    transport = FakeTransport()
    connection = HttpConnection(handler, set())
    connection.connection_made(transport)
    return connection, transport


def echo(request: Request) -> Response:
    """Answer with what was understood."""
    return json_response(
        200,
        [
            request.method,
            request.path,
            request.query,
            request.body.decode(),
            request.peer,
        ],
    )


@given(cuts=st.lists(st.integers(0, 2 * len(POST)), max_size=6))
def test_requests_in_pieces(cuts: list[int]) -> None:
    """However the bytes are cut, two requests get two answers in order."""
    connection, transport = connect(echo)
    stream, edges = POST + POST, sorted({0, *cuts, 2 * len(POST)})
    for start, stop in pairwise(edges):
        connection.data_received(stream[start:stop])
    answer = b'["POST","/a","b=c","body","127.0.0.1"]'
    assert transport.written.count(answer) == 2
    assert transport.ended is None


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /a HTTP/2\r\n\r\n", b"400"),
        (b"GET a HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /a HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"POST /a HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"413"),
        (b"POST /a HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", b"413"),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET /" + b"a" * 40_000, b"431"),
    ],
)
def test_bad_requests(head: bytes, status: bytes) -> None:
    """What is no request, too long or chunked is refused and the connection closed."""
    connection, transport = connect(echo)
    connection.data_received(head)
    assert transport.written.startswith(b"HTTP/1.1 " + status)
    assert transport.ended == "closed"


def test_leave_to_send_a_body() -> None:
    """A client that expects it is told to continue, once."""
    connection, transport = connect(echo)
    head, body = POST[:-4], POST[-4:]
    expecting = head.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue")
    connection.data_received(expecting)
    connection.data_received(body[:2])
    connection.data_received(body[2:])
    assert transport.written.count(b"100 Continue") == 1
    assert b"200 OK" in transport.written


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]
)
def test_closing_when_asked(head: bytes) -> None:
    """HTTP/1.0 and Connection: close end after the answer."""
    connection, transport = connect(echo)
    connection.data_received(head)
    assert transport.ended == "closed"


@pytest.mark.parametrize(
    ("response", "ended"),
    [
        (Response(drop=True), "aborted"),
        (Response(body=b"half", missing_bytes=4), "closed"),
        (Response(body=b"half", missing_bytes=4, stall=True), None),
    ],
)
def test_broken_answers(response: Response, ended: str | None) -> None:
    """Dropped, cut short, or never ending."""
    connection, transport = connect(lambda _: response)
    connection.data_received(POST)
    assert transport.ended == ended
    if response.missing_bytes:
        assert b"Content-Length: 8" in transport.written


def test_answers_that_take_time_keep_their_order() -> None:
    """A request behind a slow one waits for its answer."""

    async def slow(request: Request) -> Response:
        await asyncio.sleep(0)
        return Response(body=request.path.encode())

    def handler(request: Request) -> Any:
        return slow(request) if request.path == "/slow" else Response(body=b"/fast")

    async def story() -> bytes:
        connection, transport = connect(handler)
        for path in (b"/slow", b"/fast"):
            connection.data_received(b"GET " + path + b" HTTP/1.1\r\n\r\n")
        assert transport.written == b""
        for _ in range(5):
            await asyncio.sleep(0)
        return transport.written

    written = asyncio.run(story())
    assert written.index(b"/slow") < written.index(b"/fast")


def test_a_lost_connection_is_not_written_to() -> None:
    """An answer that is ready after the client has gone goes nowhere."""

    async def story() -> None:
        connection, transport = connect(lambda _: Response(delay_s=3600.0))
        connection.data_received(POST)
        connection.connection_lost(None)
        connection.close()
        await asyncio.sleep(0)
        assert (transport.written, transport.ended) == (b"", None)

    asyncio.run(story())


def test_rendering() -> None:
    """An answer without a body says so; 204 has no length at all."""
    assert b"Content-Length: 0" in render(Response(status=200))
    assert b"Content-Length" not in render(Response(status=204))
    answer = render(Response(status=429, headers=(("Retry-After", "3"),)))
    assert answer.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
    assert b"Retry-After: 3\r\n" in answer
