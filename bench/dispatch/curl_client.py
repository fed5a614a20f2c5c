"""What one request through ``telephony.carriers.curl_multi`` costs.

    python -m bench.dispatch.curl_client [--requests 20000] [--in-flight 256] \
        [--latency-ms 0] [--through-gateway]

A canned server in a process of its own answers 201 to whatever it is sent, after the
latency asked for; it is plain asyncio, so on two cores it is not what is measured. With
``--through-gateway`` the library's objects and the reading of the answer are included.
Five rounds; the median and the best are printed with the CPU this process took a
request.
"""

import argparse
import asyncio
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.gateway import Accepted, OutgoingMessage
from telephony.carriers.twilio_gateway import TwilioGateway

Send = Callable[[int], Awaitable[bool]]

ROUNDS = 5
BODY = b'{"sid": "SM00000000000000000000000000000000", "status": "queued"}'
ANSWER = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"\r\n%s" % (len(BODY), BODY)
)
FORM = b"To=%2B85512345678&From=%2B85510000001&StatusCallback=x&Body=" + b"x" * 160
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
    "User-Agent": "bench",
}


class CannedAnswer(asyncio.Protocol):
    """Counts whole requests by their content length and answers each."""

    def __init__(self, latency_s: float) -> None:
        self.latency_s = latency_s
        self.buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            length = self.buffer[:end].lower().partition(b"content-length:")[2]
            whole = end + 4 + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self.buffer) < whole:
                return
            self.buffer = self.buffer[whole:]
            if self.latency_s:
                loop = asyncio.get_running_loop()
                loop.call_later(self.latency_s, self.transport.write, ANSWER)
            else:
                self.transport.write(ANSWER)


async def serve(latency_s: float) -> None:
    """Say the port on standard output and answer until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: CannedAnswer(latency_s), "127.0.0.1", 0, backlog=4096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def bare(curl: CurlMulti, base_url: str) -> Send:
    """Send through the HTTP client alone."""

    async def send(number: int) -> bool:
        answer = await curl.request(
            "POST",
            f"{base_url}/Messages.json",
            body=FORM + b"%d" % number,
            headers=HEADERS,
            auth=("AC0", "token"),
        )
        return answer.status == HTTPStatus.CREATED

    return send


def through_gateway(curl: CurlMulti, base_url: str) -> Send:
    """Send through the gateway."""
    account = CarrierAccount(
        name="bench",
        base_url=base_url,
        account_sid="AC0",
        auth_token="token",
        sms_from="+85510000001",
    )
    gateway = TwilioGateway(account, curl, now=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    async def send(number: int) -> bool:
        message = OutgoingMessage(
            to=f"+8551{number:07}",
            body="x" * 160,
            status_callback=f"{base_url}/status/{number}",
            validity_s=3600,
        )
        return isinstance(await gateway.send_message(message), Accepted)

    return send


async def one_round(
    base_url: str,
    way: Callable[[CurlMulti, str], Send],
    n_requests: int,
    in_flight: int,
) -> tuple[float, float]:
    """Requests per second, and microseconds of CPU of this process per request."""
    curl = CurlMulti(max_in_flight=in_flight)
    send = way(curl, base_url)
    numbers = iter(range(n_requests))

    async def worker() -> None:
        for number in numbers:
            assert await send(number)

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*[worker() for _ in range(in_flight)])
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    await curl.aclose()
    return n_requests / seconds, cpu / n_requests * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--in-flight", type=int, default=256)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--through-gateway", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.latency_ms / 1000))
        return
    command = [
        sys.executable,
        "-m",
        "bench.dispatch.curl_client",
        "--serve",
        f"--latency-ms={options.latency_ms}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        way = through_gateway if options.through_gateway else bare
        rounds = [
            asyncio.run(one_round(url, way, options.requests, options.in_flight))
            for _ in range(ROUNDS)
        ]
        server.terminate()
    rates = [rate for rate, _ in rounds]
    cpu = statistics.median(cost for _, cost in rounds)
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(
        f"{options.requests} requests, {options.in_flight} in flight, "
        f"{options.latency_ms:g} ms latency, {ROUNDS} rounds, {way.__name__}: "
        f"median {statistics.median(rates):,.0f}/s, best {max(rates):,.0f}/s, "
        f"{cpu:.0f} us of CPU each"
    )


if __name__ == "__main__":
    main()
