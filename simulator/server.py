"""Runs the telco on a socket: `serve` for a process of its own."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.config import SimulatorConfig
from simulator.http_protocol import HttpConnection
from simulator.telco import Telco
from telephony.carriers.curl_multi import CurlMulti

_BACKLOG = 1024
_CONNECT_TIMEOUT_S = 5.0
#: Records live long: looking at them all every few thousand new objects costs a third
#: of the speed.
_GC_THRESHOLDS = (50_000, 50, 100)


def serve(config: SimulatorConfig) -> None:
    """Run the telco until SIGTERM or SIGINT.

    Prints one JSON line, ``{"listening": "http://127.0.0.1:PORT"}``, on standard
    output when it is ready.

    Parameters
    ----------
    config : SimulatorConfig
        What kind of telco, and where.

    Raises
    ------
    OSError
        If the port is taken.
    """
    gc.set_threshold(*_GC_THRESHOLDS)
    asyncio.run(_serve(config))


@asynccontextmanager
async def listening(config: SimulatorConfig) -> AsyncIterator[Telco]:
    """Serve on the running loop inside the block; `base_url` of the telco is set."""
    client = CurlMulti(
        max_in_flight=config.callbacks_in_flight,
        timeout_s=config.callback_timeout_s,
        connect_timeout_s=_CONNECT_TIMEOUT_S,
    )
    telco = Telco(config, client=client)
    connections: set[HttpConnection] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpConnection(telco.answer, connections),
        config.host,
        config.port,
        backlog=_BACKLOG,
    )
    host, port = server.sockets[0].getsockname()[:2]
    netloc = f"[{host}]" if ":" in host else host
    telco.start(f"http://{netloc}:{port}")
    try:
        yield telco
    finally:
        server.close()
        for connection in list(connections):
            connection.close()
        await telco.aclose()
        await server.wait_closed()


async def _serve(config: SimulatorConfig) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with listening(config) as telco:
        sys.stdout.write(json.dumps({"listening": telco.base_url}) + "\n")
        sys.stdout.flush()
        await stop.wait()
