"""What a user would write to send many: a Celery task around the twilio client.

A broker of its own (Debian's ``redis-server`` on a socket file, nothing kept on disk)
and one Celery worker. All tasks are queued beforehand, and neither queueing nor the
broker is counted against Celery: only the worker's time and CPU are. Nothing is
recorded and no result is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery
from redis import Redis
from redis.exceptions import RedisError

from bench.dispatch.figures import Rate, cpu_s
from bench.dispatch.peers import make_client, message
from bench.waiting import wait_until

REDIS = Path("/usr/bin/redis-server")
_SOCKET, _BASE_URL = "BENCH_REDIS_SOCKET", "BENCH_BASE_URL"
_QUEUE, _UNACKED = "celery", "unacked"
#: Counted from when so many tasks are done: processes start, connections open.
_WARM = 50
#: Pool of the worker → how many at once.
POOLS = {"prefork": 8, "threads": 32}

app = Celery("bench", broker=f"redis+socket://{os.environ.get(_SOCKET, '')}")
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=4,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)
_of_thread = threading.local()


# Celery says nothing of the types of its decorators.
@app.task(name="send")  # type: ignore[untyped-decorator]
def send(number: int) -> None:
    """Send one message through this thread's own client."""
    client = getattr(_of_thread, "client", None)
    if client is None:
        client = _of_thread.client = make_client(os.environ[_BASE_URL])
    client.messages.create(**message(number))


class BrokerMissingError(Exception):
    """There is no broker on this machine; the message says what to install."""


@contextmanager
def broker(folder: Path) -> Iterator[Redis]:
    """A Redis of our own while the block runs.

    Raises
    ------
    BrokerMissingError
        If it is not installed.
    """
    if not REDIS.exists():
        raise BrokerMissingError(
            "Celery's broker is not here; on Debian: sudo apt-get install redis-server"
        )
    socket = folder.resolve() / "redis.sock"
    command = [str(REDIS), "--port", "0", "--unixsocket", str(socket)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder.resolve())]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = Redis(unix_socket_path=str(socket))
    try:
        wait_until(lambda: _answers(client), timeout_s=10, what="start of Redis")
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(30)


def measure_celery(redis: Redis, pool: str, base_url: str, n: int) -> Rate:
    """Let one Celery worker send ``n`` messages that are queued already."""
    redis.flushall()
    environment = os.environ | {_SOCKET: _socket(redis), _BASE_URL: base_url}
    subprocess.run(
        [sys.executable, "-m", "bench.dispatch.celery_task", str(n)],
        env=environment,
        check=True,
    )
    command = [sys.executable, "-m", "celery", "-A", "bench.dispatch.celery_task"]
    command += ["worker", "--pool", pool, "--concurrency", str(POOLS[pool])]
    command += ["--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    worker = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(
            lambda: _n_waiting(redis) <= n - _WARM,
            timeout_s=60,
            what="start of Celery",
            every_s=0.02,
        )
        n_before, used_s = _n_waiting(redis), cpu_s(worker.pid)
        began = time.perf_counter()
        wait_until(
            lambda: not _n_waiting(redis), timeout_s=600, what="sending by Celery"
        )
        took_s = time.perf_counter() - began
        used_s = cpu_s(worker.pid) - used_s
    finally:
        worker.terminate()
        worker.wait(60)
    name = f"Celery, {pool} {POOLS[pool]}, twilio client"
    return Rate(
        name, n_before, took_s, used_s, "nothing recorded, queueing not counted"
    )


def _n_waiting(redis: Redis) -> int:
    """Tasks that are queued or under way."""
    return int(redis.llen(_QUEUE)) + int(redis.hlen(_UNACKED))


def _answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False


def _socket(redis: Redis) -> str:
    return str(redis.connection_pool.connection_kwargs["path"])


def main(n: int) -> None:
    """Queue so many messages."""
    with app.producer_pool.acquire() as producer:
        for number in range(n):
            send.apply_async((number,), producer=producer)


if __name__ == "__main__":
    # Under its own name, as the worker knows the task.
    from bench.dispatch import celery_task

    celery_task.main(int(sys.argv[1]))
