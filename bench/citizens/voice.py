"""How many TwiML answers a second one web process gives, and how late.

    python -m bench.citizens.voice [--seconds 10] [--calls 300] [--connections 64]

A real ``tocsin web`` process on SQLite, and this process as the carrier: it answers
calls of the script ``warning``, follows the addresses in the documents, and presses
keys, all signed. A call is four answers: the warning, the same again twice (key 2), and
the thanks after key 1, which is durable before the thanks are spoken.

First as fast as they come, from connections that ask again as soon as they are
answered: answers a second. Then so many calls at once, whose people listen for half a
second to a second and a half before each key: how late an answer is. At the end
every key 1 is looked up in the database. Both processes share the machine; its load is
printed beside each figure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from bench.citizens.voice_service import CARRIER, TOKEN, Service, served
from ops.listening import LOOPBACK
from store.dispatch.inbox import Inbox
from telephony.carriers.signature import sign
from telephony.delivery import AttemptId

_ACTION = re.compile(rb'<Gather action="([^"]+)"')
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_KEYS = ("2", "2", "1")
_LISTENING_S = (0.5, 1.5)


class _Line(asyncio.Protocol):
    """One connection of the carrier; one question at a time."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._data, 0, end)
        total = end + 4 + (int(length[1]) if length else 0)
        if len(self._data) >= total and self._answer is not None:
            whole = bytes(self._data[:total])
            self._data.clear()
            self._answer.set_result(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed"))

    async def ask(self, request: bytes) -> bytes:
        """Send a request; its whole answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


class Carrier:
    """Answers calls, and presses keys as the documents say.

    Parameters
    ----------
    service : Service
    seed : int
        Of how long people listen.
    """

    def __init__(self, service: Service, *, seed: int = 1) -> None:
        self._service = service
        self._rng = random.Random(seed)
        self._attempts: Iterator[AttemptId] = iter(service.attempts)
        self._sids = count(1)
        self.latencies_ms: list[float] = []
        self.n_refused = 0
        self.n_confirmed = 0

    async def hurry(self, until: float) -> None:
        """Make one call after another without listening to anything."""
        async with self._line() as line:
            while time.perf_counter() < until:
                await self._call(line, listens=False)

    async def listen(self, until: float) -> None:
        """The same with people who listen before they press a key."""
        await asyncio.sleep(self._rng.random() * _LISTENING_S[1])
        async with self._line() as line:
            while time.perf_counter() < until:
                await self._call(line, listens=True)

    async def _call(self, line: _Line, *, listens: bool) -> None:
        attempt = next(self._attempts)
        form = [
            ("CallSid", f"CA{next(self._sids):032x}"),
            ("AccountSid", "AC1"),
            ("From", "+85512999000"),
            ("To", f"+85512{attempt:06d}"),
            ("CallStatus", "in-progress"),
            ("Direction", "outbound-api"),
            ("ApiVersion", "2010-04-01"),
        ]
        path = f"/telephony/{CARRIER}/calls/{attempt}/script"
        document = await self._ask(line, path, form)
        for key in _KEYS:
            found = _ACTION.search(document)
            if found is None:
                self.n_refused += 1
                return
            if listens:
                await asyncio.sleep(self._rng.uniform(*_LISTENING_S))
            path = urlsplit(found[1].decode()).path
            document = await self._ask(line, path, [*form, ("Digits", key)])
        self.n_confirmed += b"<Hangup/>" in document

    async def _ask(self, line: _Line, path: str, form: list[tuple[str, str]]) -> bytes:
        body = "&".join(f"{k}={quote(v, safe='')}" for k, v in form).encode()
        signature = sign(TOKEN, self._service.public_url + path, form)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}:{self._service.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        answer = await line.ask(head.encode() + body)
        self.latencies_ms.append((time.perf_counter() - began) * 1e3)
        if not answer.startswith(b"HTTP/1.1 200"):
            self.n_refused += 1
        return answer

    def _line(self) -> _Lines:
        return _Lines(self._service.port)


class _Lines:
    """Opens a connection for a block."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> _Line:
        loop = asyncio.get_running_loop()
        _, self._line = await loop.create_connection(_Line, LOOPBACK, self._port)
        return self._line

    async def __aexit__(self, *_: object) -> None:
        self._line.transport.close()


class Figures(NamedTuple):
    """How one run went."""

    per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    cpu_us: float
    n: int
    n_refused: int


async def _run(carrier: Carrier, *, n: int, seconds: float, listens: bool) -> float:
    """Let so many lines work; seconds it took."""
    began = time.perf_counter()
    talk = carrier.listen if listens else carrier.hurry
    await asyncio.gather(*(talk(began + seconds) for _ in range(n)))
    return time.perf_counter() - began


def measure(
    carrier: Carrier, pid: int, *, n: int, seconds: float, listens: bool
) -> Figures:
    """Work for so long on so many lines, after a second of the same unmeasured."""
    asyncio.run(_run(carrier, n=n, seconds=1.0, listens=listens))
    carrier.latencies_ms.clear()
    cpu_s = _cpu_s(pid)
    took_s = asyncio.run(_run(carrier, n=n, seconds=seconds, listens=listens))
    cpu_s, found = _cpu_s(pid) - cpu_s, sorted(carrier.latencies_ms)
    return Figures(
        per_s=len(found) / took_s,
        p50_ms=statistics.median(found),
        p99_ms=found[int(len(found) * 0.99)],
        worst_ms=found[-1],
        cpu_us=cpu_s / len(found) * 1e6,
        n=len(found),
        n_refused=carrier.n_refused,
    )


def _cpu_s(pid: int) -> float:
    """CPU that a process and its children have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for one in (str(pid), *children):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _n_confirmed(folder: Path) -> int:
    """How many keys 1 are durable."""
    inbox = Inbox(folder / "tocsin.db-inbox")
    try:
        return inbox.count_after(0)
    finally:
        inbox.close()


def _print(what: str, figures: Figures) -> None:
    print(
        f"{what:34} {figures.per_s:6,.0f}/s   p50 {figures.p50_ms:5.1f} ms"
        f"   p99 {figures.p99_ms:5.1f} ms   worst {figures.worst_ms:5.0f} ms"
        f"   {figures.cpu_us:4,.0f} us CPU   {figures.n_refused} refused of"
        f" {figures.n:,}   load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Measure and print it.

    Raises
    ------
    SystemExit
        If a key was answered and is not durable.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--dialect", choices=["twilio", "somleng"], default="twilio")
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, {options.dialect}")
    n_calls = int(1_500 * options.seconds) + 5_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder, dialect=options.dialect, n_calls=n_calls) as service:
            carrier = Carrier(service)
            for what, n, listens in (
                (
                    f"{options.connections} lines, no listening",
                    options.connections,
                    False,
                ),
                (f"{options.calls} calls at once", options.calls, True),
            ):
                figures = measure(
                    carrier,
                    service.pid,
                    n=n,
                    seconds=options.seconds,
                    listens=listens,
                )
                _print(what, figures)
        kept = _n_confirmed(folder)
    print(f"{carrier.n_confirmed:,} keys 1 answered, {kept:,} durable")
    if kept < carrier.n_confirmed:
        raise SystemExit("A key was answered and is not there.")


if __name__ == "__main__":
    main()
