"""How much the built-in telco carries: accepted messages/s, with and without callbacks.

    python -m bench.dispatch.simulator [--seconds 8]

Three processes on one machine: the telco, a canned callback server, and this load
generator on raw sockets, which costs a tenth of the telco per request. Two runs:
messages without a status callback, and messages with two signed callbacks each, counted
only when both have been answered.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from simulator.config import SimulatorConfig

_CONFIG = SimulatorConfig()
_AUTH = base64.b64encode(
    f"{_CONFIG.account_sid}:{_CONFIG.auth_token}".encode()
).decode()
_SERVE = (
    "from simulator.server import serve; from simulator.config import *;"
    # No replies: they come minutes later and are not what is measured.
    "serve(SimulatorConfig(time_scale=200.0, mix=CitizenMix(replies=0.0)))"
)
_CANNED = b"HTTP/1.1 204 No Content\r\n\r\n"
_CONNECTIONS = 64


class _Canned(asyncio.Protocol):
    """Answers 204 to whatever ends like a callback's form."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(_CANNED * data.count(b"POST /"))


def _serve_canned(pipe: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Canned, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


class _Load(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered."""

    def __init__(self, make: Any, until: float) -> None:
        self._make = make
        self._until = until
        self.n_answered = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._make())

    def data_received(self, data: bytes) -> None:
        n = data.count(b"HTTP/1.1 201")
        self.n_answered += n
        if time.monotonic() < self._until:
            self._transport.write(b"".join(self._make() for _ in range(n)))
        elif not self.over.done():
            self.over.set_result(None)


def _requests(host: str, callback: str | None) -> Any:
    serial = iter(range(10**9))
    path = f"/2010-04-01/Accounts/{_CONFIG.account_sid}/Messages.json"

    def make() -> bytes:
        n = next(serial)
        body = f"To=%2B8551{n:08d}&From=1294&Body=Leave+for+higher+ground+now"
        if callback:
            body += f"&StatusCallback={callback}%3Fattempt%3D{n}"
        return (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {_AUTH}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    return make


async def _load(base_url: str, callback: str | None, seconds: float) -> int:
    host, port = base_url.removeprefix("http://").split(":")
    loop, until = asyncio.get_running_loop(), time.monotonic() + seconds
    make = _requests(host, callback)
    made = [
        (await loop.create_connection(lambda: _Load(make, until), host, int(port)))[1]
        for _ in range(_CONNECTIONS)
    ]
    await asyncio.gather(*(load.over for load in made))
    return sum(load.n_answered for load in made)


def _control(base_url: str, path: str, method: str = "GET") -> Any:
    request = urllib.request.Request(f"{base_url}/_simulator/{path}", method=method)
    request.add_header("Authorization", f"Basic {_AUTH}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def _cpu_s(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """What the telco carried."""

    name: str
    n_accepted: int
    #: Messages a second: while they were accepted, and until both callbacks of each
    #: were answered; None without callbacks.
    accepted_per_s: float
    whole_per_s: float | None
    n_callbacks: int
    cpu_us: float


def _measure(
    name: str, pid: int, base_url: str, callback: str | None, s: float
) -> Figures:
    _control(base_url, "reset", "POST")
    cpu, began = _cpu_s(pid), time.monotonic()
    n = asyncio.run(_load(base_url, callback, s))
    accepted_s = time.monotonic() - began
    answer = _control(base_url, "quiet?timeout_s=240") if callback else None
    whole_s, cpu = time.monotonic() - began, _cpu_s(pid) - cpu
    return Figures(
        name,
        n_accepted=n,
        accepted_per_s=n / accepted_s,
        whole_per_s=n / whole_s if answer else None,
        n_callbacks=answer["counters"]["callbacks.delivered"] if answer else 0,
        cpu_us=cpu / n * 1e6,
    )


@contextmanager
def _canned_server() -> Iterator[int]:
    """Somebody who takes callbacks and does nothing with them; the port."""
    ours, theirs = multiprocessing.Pipe()
    canned = multiprocessing.Process(target=_serve_canned, args=(theirs,), daemon=True)
    canned.start()
    try:
        yield ours.recv()
    finally:
        canned.terminate()


def measure(seconds: float) -> list[Figures]:
    """Load the telco without callbacks, then with two for each message."""
    with _canned_server() as port:
        callback = f"http%3A%2F%2F127.0.0.1%3A{port}%2Fstatus"
        telco = subprocess.Popen([sys.executable, "-c", _SERVE], stdout=subprocess.PIPE)
        assert telco.stdout is not None
        try:
            base_url = json.loads(telco.stdout.readline())["listening"]
            return [
                _measure("no callback", telco.pid, base_url, None, seconds),
                _measure("two callbacks", telco.pid, base_url, callback, seconds),
            ]
        finally:
            telco.terminate()
            telco.wait(30)


def main() -> None:
    """Run both measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    seconds = parser.parse_args().seconds
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python "
          f"{platform.python_version()}, {seconds:.0f} s each")  # fmt: skip
    for seen in measure(seconds):
        print(
            f"{seen.name}: {seen.n_accepted} accepted, {seen.accepted_per_s:,.0f}/s "
            "while accepting",
            end="",
        )
        if seen.whole_per_s is not None:
            print(
                f"; {seen.n_callbacks} callbacks, {seen.whole_per_s:,.0f} messages/s "
                "with both",
                end="",
            )
        print(f"; {seen.cpu_us:,.0f} us of CPU a message")


if __name__ == "__main__":
    main()
