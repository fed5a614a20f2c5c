"""The product as the sender of many: its own worker process on a full queue.

``tocsin worker`` as it ships, on SQLite with every attempt written down before it
leaves and recorded after: nothing is left out or prepared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import create_services
from bench.dispatch.figures import Rate, cpu_s
from bench.dispatch.telco import ACCOUNT_SID, SENDER, TOKEN
from bench.waiting import wait_for, wait_until, wait_until_listening
from ops.config.private_config import write_config
from ops.config.settings import CarrierSettings, Settings
from ops.health import WORKER
from ops.wiring.services import Services
from telephony.delivery import (
    Channel,
    Content,
    ContentId,
    DeliveryState,
    Lane,
    NewDelivery,
)

#: Nobody listens for it: what is measured is telephony, not what a warning adds.
OWNER = "bench:1"
TEXT = (
    "The river rises. Go to higher ground now and take nobody's word but ours. "
    "Reply 1 when you are safe."
)
_ROOT = Path(__file__).parents[2]
_BATCH = 10_000
_READY_S = 60.0
#: Of one core: what a worker uses that has nothing to do, and some more.
_IDLE_SHARE = 0.25


def settings_for(base_url: str, folder: Path, **choices: object) -> Settings:
    """An installation with one carrier, asked as fast as settings allow."""
    carrier = CarrierSettings.model_validate(
        {
            "base_url": base_url,
            "account_sid": ACCOUNT_SID,
            "auth_token": TOKEN,
            "sms_from": SENDER,
            "voice_from": SENDER,
            "sms_per_s": 10_000,
            "calls_per_s": 1_000,
            "concurrent_calls": 10_000,
        }
    )
    known: Mapping[str, object] = {
        "database_url": f"sqlite:///{folder}/tocsin.db",
        "data_dir": folder,
        "public_url": "http://127.0.0.1:9",
        "carriers": {"main": carrier},
        "log_level": "WARNING",
        # One message a person: calls to the silent are not what is measured.
        "escalate_after_s": 86_400,
    }
    return Settings.model_validate(known | choices)


@contextmanager
def installation(settings: Settings) -> Iterator[Services]:
    """The product's services on a new database, as its commands see them."""
    services = create_services(settings)
    services.database.upgrade()
    try:
        yield services
    finally:
        services.close()


@contextmanager
def process(settings: Settings, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of the product's own processes; its log stands beside the database."""
    folder = settings.data_dir
    config = write_config(settings, folder / f"{command[0]}.toml")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
    with (folder / f"{command[0]}.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "app", *command],
            cwd=_ROOT,
            env=kept | {"TOCSIN_CONFIG": str(config)},
            stdout=log,
            stderr=log,
        )
        try:
            yield started
        finally:
            started.terminate()
            started.wait(60)


@contextmanager
def worker(services: Services) -> Iterator[subprocess.Popen[bytes]]:
    """The worker, once it has given a sign of life."""
    with process(services.settings, "worker") as started:
        wait_for(
            started,
            lambda: _has_beaten(services),
            timeout_s=_READY_S,
            what="start of the worker",
        )
        wait_until(
            lambda: _is_idle(started.pid), timeout_s=_READY_S, what="rest of the worker"
        )
        yield started


@contextmanager
def web(services: Services) -> Iterator[subprocess.Popen[bytes]]:
    """The web server, once it listens."""
    port = services.settings.port
    with process(services.settings, "web") as started:
        wait_until_listening(started, [port], timeout_s=_READY_S, what="the web")
        yield started


def measure_sending(base_url: str, folder: Path, n: int) -> Rate:
    """Send ``n`` messages that are queued already; every row is recorded."""
    with (
        installation(settings_for(base_url, folder)) as services,
        worker(services) as sender,
    ):
        used_s = cpu_s(sender.pid)
        queue_up(services, n)
        began = time.perf_counter()
        wait_until(lambda: n_recorded(services) == n, timeout_s=600, what="sending")
        took_s = time.perf_counter() - began
        used_s = cpu_s(sender.pid) - used_s
    return Rate("tocsin, one worker", n, took_s, used_s, "every attempt recorded")


def queue_up(services: Services, n: int, *, lane: Lane = Lane.WARNING) -> None:
    """Queue messages in one transaction: nothing leaves before the last is there."""
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text_of(OWNER))
        for start in range(0, n, _BATCH):
            uow.outbox.enqueue(
                [
                    delivery(number, content_id, lane=lane)
                    for number in range(start, min(start + _BATCH, n))
                ]
            )
        uow.commit()


def delivery(
    number: int,
    content_id: ContentId,
    *,
    owner_ref: str = OWNER,
    lane: Lane = Lane.WARNING,
    channel: Channel = Channel.SMS,
) -> NewDelivery:
    """A delivery to somebody, due now."""
    now = datetime.now(UTC)
    return NewDelivery(
        owner_ref=owner_ref,
        recipient_id=number,
        phone=f"+8551{number:07d}",
        channel=channel,
        content_id=content_id,
        lane=lane,
        position=number,
        not_before=now,
        deadline=now + timedelta(hours=1),
    )


def n_recorded(services: Services) -> int:
    """Deliveries that a carrier has taken, by the rows."""
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(OWNER)
    return sum(n for (_, state, _), n in counts.items() if state >= DeliveryState.SENT)


def _is_idle(pid: int) -> bool:
    """Whether a process does no more than look for work; its start is not measured."""
    before_s = cpu_s(pid)
    # CPU is counted over a second of the real clock.
    time.sleep(1.0)
    return cpu_s(pid) - before_s < _IDLE_SHARE


def _has_beaten(services: Services) -> bool:
    with services.database.read_only() as uow:
        return uow.heartbeats.last(WORKER) is not None


def text_of(owner_ref: str) -> Content:
    """What is said to everybody."""
    return Content(
        owner_ref=owner_ref,
        variant="warning",
        language="en",
        sms_text=TEXT,
        script="warning",
    )
