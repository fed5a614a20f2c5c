"""What a user would write instead: the twilio client as it ships.

    python -m bench.dispatch.peers WAY BASE_URL N

Each way runs in a process of its own and says in JSON how long it took. Nothing is
written down about what was sent, unless the way says so: what is compared with our
every row is a client that keeps none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from bench.dispatch.figures import Rate
from bench.dispatch.own import TEXT
from bench.dispatch.telco import ACCOUNT_SID, SENDER, TOKEN

Work = Callable[[str, int], None]
#: Under way at once in the client for asyncio, which itself opens 100 connections.
_N_TASKS = 512


def message(number: int) -> dict[str, Any]:
    """What each way sends: as many fields as our worker."""
    return {
        "to": f"+8551{number:07d}",
        "from_": SENDER,
        "body": TEXT,
        "status_callback": f"http://127.0.0.1:9/telephony/main/messages/{number}/status",
        "validity_period": 3600,
    }


def make_client(base_url: str, **options: Any) -> Client:
    """The client as it ships, led to another host."""
    client = Client(ACCOUNT_SID, TOKEN, **options)
    client.api.base_url = base_url
    return client


def threads(n_threads: int, keep: Callable[[], Keep] | None = None) -> Work:
    """A client for each thread, for the client is not safe to share."""

    def work(base_url: str, n: int) -> None:
        numbers = iter(range(n))
        guard = threading.Lock()

        def run() -> None:
            client = make_client(base_url)
            kept = keep() if keep else None
            for number in _shared(numbers, guard):
                sent = client.messages.create(**message(number))
                if kept:
                    kept(number, sent.sid)

        started = [threading.Thread(target=run) for _ in range(n_threads)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()

    return work


Keep = Callable[[int, str], None]


def committing(file: Path) -> Callable[[], Keep]:
    """A table of what was sent and a commit for each, as a first version has."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE sent (person INTEGER PRIMARY KEY, sid TEXT)")
    guard = threading.Lock()

    def for_a_thread() -> Keep:
        own = sqlite3.connect(file, timeout=60)
        own.execute("PRAGMA synchronous = FULL")

        def keep(number: int, sid: str) -> None:
            with guard, own:
                own.execute("INSERT INTO sent VALUES (?, ?)", (number, sid))

        return keep

    return for_a_thread


def in_asyncio(base_url: str, n: int) -> None:
    """The library's own client for asyncio, with more tasks than connections."""

    async def run() -> None:
        http_client = AsyncTwilioHttpClient()
        client = make_client(base_url, http_client=http_client)
        numbers = iter(range(n))

        async def send() -> None:
            for number in numbers:
                await client.messages.create_async(**message(number))

        await asyncio.gather(*(send() for _ in range(_N_TASKS)))
        await http_client.close()

    asyncio.run(run())


def _in_threads_with_commits(base_url: str, n: int) -> None:
    with tempfile.TemporaryDirectory(dir="var") as folder:
        threads(8, committing(Path(folder) / "sent.db"))(base_url, n)


#: Word on the command line → name in the table, what it does, what it keeps.
WAYS: dict[str, tuple[str, Work, str]] = {
    "threads-8": ("twilio client, 8 threads", threads(8), "nothing recorded"),
    "threads-32": ("twilio client, 32 threads", threads(32), "nothing recorded"),
    "asyncio": ("twilio async client", in_asyncio, "nothing recorded"),
    "threads-8-commit": (
        "twilio client, 8 threads, a commit each",
        _in_threads_with_commits,
        "one row a message, no attempt before",
    ),
}


def measure_peer(way: str, base_url: str, n: int) -> Rate:
    """Run one way in a process of its own."""
    name, _, note = WAYS[way]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    done = subprocess.run(
        [sys.executable, "-m", "bench.dispatch.peers", way, base_url, str(n)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures = json.loads(done.stdout)
    return Rate(name, n, figures["seconds"], figures["cpu_s"], note)


def _shared(numbers: Iterator[int], guard: threading.Lock) -> Iterator[int]:
    """Each number to one thread."""
    while True:
        with guard:
            number = next(numbers, None)
        if number is None:
            return
        yield number


def main(way: str, base_url: str, n: int) -> None:
    """Measure this process and print it."""
    logging.disable()
    _, work, _ = WAYS[way]
    work(base_url, min(n, 50))  # imports, connections: not what is measured
    began, used_s = time.perf_counter(), _cpu_s()
    work(base_url, n)
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu_s": _cpu_s() - used_s,
    }
    sys.stdout.write(json.dumps(figures))


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
