"""How many callbacks a second are durable before they are answered, and how late.

    python -m bench.dispatch.callbacks [--seconds 5] [--connections 64] [--threads 32]
                              [--inbox-under var]

First what a callback costs in process, with nowhere to keep it: ahead of Flask and
through the Flask view. Then, for each way of taking callbacks, one server process with
an inbox in a file, and this process as the carrier: connections that post a signed
status as soon as the one before is answered. Each 2xx is looked up in the file at the
end. The machine's load is printed beside each figure, for both processes share it.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.dispatch.callbacks_server import (
    CARRIER,
    PUBLIC_URL,
    TOKEN,
    WAYS,
    Nowhere,
    make_app,
)
from bench.dispatch.figures import cpu_s
from bench.waiting import wait_until_listening
from ops.listening import free_port
from store.dispatch.inbox import Inbox
from telephony.carriers.signature import sign

_CONTENT_TYPE = "application/x-www-form-urlencoded"
_N_REQUESTS = 5_000


def a_callback(n: int) -> tuple[str, bytes, str]:
    """Path, body and signature of a delivery report, as Twilio words it."""
    form = [
        ("SmsSid", f"SM{n:032x}"),
        ("SmsStatus", "delivered"),
        ("MessageStatus", "delivered"),
        ("To", f"+85512{n:06d}"),
        ("MessageSid", f"SM{n:032x}"),
        ("AccountSid", "AC" + "b" * 32),
        ("From", "+15005550006"),
        ("ApiVersion", "2010-04-01"),
    ]
    path = f"/telephony/{CARRIER}/messages/{n}/status"
    return path, urlencode(form).encode(), sign(TOKEN, PUBLIC_URL + path, form)


def cpu_in_process_us(*, is_ahead: bool, n: int = 4_000) -> float:
    """CPU of one callback without a server or a disk, the best of five runs."""
    application = make_app(Nowhere(), is_ahead=is_ahead)
    path, body, signature = a_callback(5)
    fixed: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_X_TWILIO_SIGNATURE": signature,
        "CONTENT_TYPE": _CONTENT_TYPE,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
    }
    statuses: set[str] = set()

    def note(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.add(status)
        return bytes  # nobody writes by it

    def once() -> None:
        environ = fixed | {"wsgi.input": io.BytesIO(body)}
        parts: Any = application(environ, note)
        b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()

    once()
    assert statuses == {"204 NO CONTENT"}
    runs = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(n // 5):
            once()
        runs.append((time.process_time() - began) / (n // 5))
    return min(runs) * 1e6


class _Connection(asyncio.Protocol):
    """Posts again as soon as it is answered, and notes how long that took."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self._requests = requests
        self._until = until
        self.latencies_s: list[float] = []
        self.n_refused = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._post()

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if data.startswith(b"HTTP/1.1 204"):
            self.latencies_s.append(now - self._posted_at)
        else:
            self.n_refused += 1
        if now < self._until:
            self._post()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def _post(self) -> None:
        self._posted_at = time.perf_counter()
        self._transport.write(next(self._requests))


def _prepared() -> list[bytes]:
    """Requests signed beforehand: their making is not what is measured."""
    prepared = []
    for n in range(_N_REQUESTS):
        path, body, signature = a_callback(n)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: warning.example.org\r\n"
            f"Content-Type: {_CONTENT_TYPE}\r\nX-Twilio-Signature: {signature}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        prepared.append(head.encode() + body)
    return prepared


async def _load(port: int, n_connections: int, seconds: float) -> list[_Connection]:
    requests, loop = cycle(_prepared()), asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    made = [
        (
            await loop.create_connection(
                lambda: _Connection(requests, until), "127.0.0.1", port
            )
        )[1]
        for _ in range(n_connections)
    ]
    await asyncio.gather(*(connection.over for connection in made))
    return made


@contextmanager
def _server(way: str, inbox: Path, n_threads: int) -> Iterator[tuple[int, int]]:
    """A server of its own; gives its port and process id."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bench.dispatch.callbacks_server",
            *(way, str(inbox), str(port), str(n_threads)),
        ],
        start_new_session=True,
    )
    try:
        wait_until_listening(process, [port], timeout_s=60, what="the server")
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class Figures(NamedTuple):
    """How one way of taking callbacks went."""

    way: str
    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    n_refused: int


def measure(
    way: str, folder: Path, *, seconds: float, n_connections: int, n_threads: int
) -> Figures:
    """Take callbacks one way.

    Raises
    ------
    SystemExit
        If one was answered as kept and is not there.
    """
    path = folder / f"{len(list(folder.iterdir()))}.inbox"
    with _server(way, path, n_threads) as (port, pid):
        asyncio.run(_load(port, n_connections, 1.0))
        n_before, before_s, began = _n_kept(path), cpu_s(pid), time.perf_counter()
        made = asyncio.run(_load(port, n_connections, seconds))
        took_s, used_s = time.perf_counter() - began, cpu_s(pid) - before_s
    latencies_ms = sorted(s * 1e3 for one in made for s in one.latencies_s)
    n, n_lost = len(latencies_ms), len(latencies_ms) - (_n_kept(path) - n_before)
    if n_lost > 0:
        raise SystemExit(f"{n_lost} callbacks were answered 204 and are not there.")
    return Figures(
        way,
        per_s=n / took_s,
        p50_ms=statistics.median(latencies_ms),
        p99_ms=latencies_ms[int(n * 0.99)],
        cpu_us=used_s / n * 1e6,
        n_refused=sum(one.n_refused for one in made),
    )


def _print(figures: Figures) -> None:
    print(
        f"{figures.way:30} {figures.per_s:7,.0f}/s   p50 {figures.p50_ms:6.1f} ms"
        f"   p99 {figures.p99_ms:6.1f} ms   {figures.cpu_us:4,.0f} us CPU"
        f"   {figures.n_refused} refused   {_load_average()}"
    )


def _n_kept(path: Path) -> int:
    inbox = Inbox(path)
    try:
        return inbox.count_after(0)
    finally:
        inbox.close()


def _load_average() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Measure every way and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--inbox-under", default=None, help="a folder on a real disk")
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, {options.connections} connections, ", end="")
    print(f"{options.threads} threads")
    fast, view = (cpu_in_process_us(is_ahead=is_ahead) for is_ahead in (True, False))
    print(
        f"in process, nothing kept: ahead of Flask {fast:.0f} us, Flask view "
        f"{view:.0f} us, {view / fast:.1f} times   {_load_average()}"
    )
    with tempfile.TemporaryDirectory(dir=options.inbox_under) as folder:
        for way in WAYS:
            _print(
                measure(
                    way,
                    Path(folder),
                    seconds=options.seconds,
                    n_connections=options.connections,
                    n_threads=options.threads,
                )
            )


if __name__ == "__main__":
    main()
