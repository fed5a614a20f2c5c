"""Everything at once: web server, worker and the built-in telco, over real HTTP.

Each message is claimed, sent, accepted, recorded, reported on twice with a signature,
kept, folded. Five processes share the machine, so this says what one machine carries
with its own telco on it, not what the service can do beside a real one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.dispatch.figures import Rate, cpu_s
from bench.dispatch.own import (
    OWNER,
    installation,
    n_recorded,
    queue_up,
    settings_for,
    web,
    worker,
)
from bench.dispatch.telco import ACCOUNT_SID, TOKEN
from bench.waiting import wait_until
from ops.listening import LOOPBACK, free_port
from ops.wiring.services import Services
from telephony.delivery import DeliveryState

#: Everybody gets the text and nobody replies; time runs fast, for nothing is measured
#: of how long citizens take.
_SERVE = (
    "from simulator.server import serve; from simulator.config import *;"
    f"serve(SimulatorConfig(account_sid={ACCOUNT_SID!r}, auth_token={TOKEN!r},"
    "time_scale=200.0, mix=CitizenMix(dead=0, unreachable=0, replies=0)))"
)
_TIMEOUT_S = 600.0


def measure_system(folder: Path, n: int) -> tuple[list[Rate], float]:
    """Send to the built-in telco until all is reported and folded.

    Returns
    -------
    list of Rate, float
        All together and each process by its name, per message; seconds until the last
        message was taken.
    """
    with telco() as (operator, base_url):
        port = free_port()
        settings = settings_for(
            base_url, folder, port=port, public_url=f"http://{LOOPBACK}:{port}"
        )
        with (
            installation(settings) as services,
            web(services) as server,
            worker(services) as sender,
        ):
            processes = {"web": server, "worker": sender, "telco": operator}
            before_s = {name: cpu_s(one.pid) for name, one in processes.items()}
            queue_up(services, n)
            began = time.perf_counter()
            wait_until(
                lambda: n_recorded(services) == n, timeout_s=_TIMEOUT_S, what="sending"
            )
            sent_s = time.perf_counter() - began
            wait_until(
                lambda: _n_reached(services) == n,
                timeout_s=_TIMEOUT_S,
                what="folding of all callbacks",
            )
            took_s = time.perf_counter() - began
            used_s = {
                name: cpu_s(one.pid) - before_s[name] for name, one in processes.items()
            }
    rates = [Rate("all together", n, took_s, sum(used_s.values()))]
    rates += [Rate(name, n, took_s, one_s) for name, one_s in used_s.items()]
    return rates, sent_s


@contextmanager
def telco() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The built-in telco and its address."""
    process = subprocess.Popen([sys.executable, "-c", _SERVE], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())["listening"]
    finally:
        process.terminate()
        process.wait(30)


def _n_reached(services: Services) -> int:
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(OWNER)
    return sum(
        n for (_, state, _), n in counts.items() if state == DeliveryState.REACHED
    )
