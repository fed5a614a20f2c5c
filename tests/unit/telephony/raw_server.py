"""A server on loopback that misbehaves in every way a carrier can."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

OK = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"


class Exchange:
    """One connection as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer

    async def read(self) -> tuple[bytes, bytes]:
        """Next request: its head and its body; raises EOFError at the end."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return head, await self.reader.readexactly(length)

    async def write(self, answer: bytes) -> None:
        self.writer.write(answer)
        await self.writer.drain()


Behaviour = Callable[[Exchange], Awaitable[None]]


class RawServer:
    """A server on loopback that keeps what it was sent and answers by a script."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.n_connections = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    async def serve_one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.n_connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        with contextlib.suppress(EOFError, ConnectionError):
            await self.behave(Exchange(reader, writer))
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def serving(
    behave: Behaviour, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Run the server until the block ends."""
    raw = RawServer(behave)
    server = await asyncio.start_server(raw.serve_one, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    raw.url = f"http{'s' if tls else ''}://127.0.0.1:{port}/2010-04-01/x"
    try:
        yield raw
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*raw.tasks)


def always(answer: bytes) -> Behaviour:
    """Answer every request of a connection alike."""

    async def behave(exchange: Exchange) -> None:
        while True:
            await exchange.read()
            await exchange.write(answer)

    return behave


async def silent(exchange: Exchange) -> None:
    """Read whatever comes and never answer."""
    while await exchange.reader.read(1 << 16):
        pass


def once(answer: bytes) -> Behaviour:
    """Answer the first request and hang up."""

    async def behave(exchange: Exchange) -> None:
        await exchange.read()
        await exchange.write(answer)

    return behave
