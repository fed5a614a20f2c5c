"""Programs nobody here wrote, run beside a test.

``make test-contract`` installs them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.twilio_gateway import TwilioGateway

HERE = Path(__file__).parent / "npm"
_START_S = 60.0

T = TypeVar("T")


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where a program is not installed, and say how to install it."""
    return pytest.mark.skipif(
        not _path_of(program).exists(),
        reason=f"{program} is not installed; make test-contract does that.",
    )


@contextmanager
def running(program: str, *arguments: str, log: Path) -> Iterator[str]:
    """Run a program that serves HTTP, on a free port of this machine.

    Parameters
    ----------
    program : str
        Name of the command.
    arguments : str
        ``{port}`` in them becomes the port.
    log : Path
        Takes what it says; shown if it does not come up.

    Yields
    ------
    str
        Where it listens.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    preload = f"--require={HERE / 'loopback.cjs'}"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - pinned by a lock file
            [_path_of(program), *(one.format(port=port) for one in arguments)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NODE_OPTIONS": preload, "NO_COLOR": "1"},
        )
    try:
        _wait_for(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


async def asked(
    account: CarrierAccount, ask: Callable[[TwilioGateway], Awaitable[T]]
) -> T:
    """Ask one question through the real client, over real HTTP."""
    gateway = TwilioGateway(
        account,
        CurlMulti(max_in_flight=4, timeout_s=20.0),
        now=lambda: datetime.now(UTC),  # noqa: TID251 - the other side has a real clock
    )
    try:
        return await ask(gateway)
    finally:
        await gateway.aclose()


def _path_of(program: str) -> Path:
    return HERE / "node_modules" / ".bin" / program


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)  # noqa: TID251 - a real program is waited for in real time
    pytest.fail(f"It did not come up: {log.read_text()[-2_000:]}")
