"""The service of ``voice``: a real web process, and calls that were placed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.waiting import wait_until_listening
from ops.config.private_config import write_config
from ops.config.settings import Settings
from ops.listening import free_port
from store.database import Database
from telephony.delivery import AttemptId, Channel, Content, Lane, NewDelivery

CARRIER, TOKEN = "main", "bench-token"
_ROOT = Path(__file__).parents[2]
_START_S = 60.0
_TEXTS = {
    "source": "The Office of Water",
    "event": "Flood",
    "area": "the villages along the river",
    "instruction": "Go to high ground now and take your papers with you",
    "until": "noon tomorrow",
}


class Service(NamedTuple):
    """Where it listens, and which calls it knows."""

    port: int
    pid: int
    public_url: str
    attempts: list[AttemptId]


@contextmanager
def served(folder: Path, *, dialect: str, n_calls: int) -> Iterator[Service]:
    """``tocsin web`` on a database in which so many calls are under way.

    Raises
    ------
    SystemExit
        If it does not come up.
    """
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite:///{folder / 'tocsin.db'}",
            "data_dir": folder,
            "port": free_port(),
            "carriers": {
                CARRIER: {
                    "base_url": "http://127.0.0.1:9",
                    "account_sid": "AC1",
                    "auth_token": TOKEN,
                    "voice_from": "+85512999000",
                    "dialect": dialect,
                }
            },
        }
    )
    with Database(settings.database_url.get_secret_value()) as database:
        database.upgrade()
        attempts = _placed(database, n_calls)
    config = write_config(settings, folder / "tocsin.toml")
    process = subprocess.Popen(
        [sys.executable, str(_ROOT / "app.py"), "web"],
        cwd=folder,
        env={"TOCSIN_CONFIG": str(config), "PATH": "/usr/bin:/bin"},
    )
    try:
        wait_until_listening(
            process, [settings.port], timeout_s=_START_S, what="the server"
        )
        yield Service(settings.port, process.pid, settings.callback_url, attempts)
    finally:
        process.terminate()
        process.wait(30)


def _placed(database: Database, n: int) -> list[AttemptId]:
    """Calls of one alert in two languages, as the sender writes them down."""
    now = datetime.now(UTC)
    with database.unit_of_work() as uow:
        contents = [
            uow.outbox.add_content(
                Content(
                    owner_ref="alert:bench",
                    variant="warning",
                    language=language,
                    sms_text="Flood",
                    script="warning",
                    variables=_TEXTS,
                )
            )
            for language in ("en", "fr")
        ]
        uow.outbox.enqueue(
            [
                NewDelivery(
                    owner_ref="alert:bench",
                    recipient_id=i + 1,
                    phone=f"+85512{i:06d}",
                    channel=Channel.VOICE,
                    content_id=contents[i % 2],
                    lane=Lane.WARNING,
                    position=i,
                    not_before=now - timedelta(seconds=1),
                    deadline=now + timedelta(hours=6),
                )
                for i in range(n)
            ]
        )
        uow.commit()
    attempts: list[AttemptId] = []
    while len(attempts) < n:
        with database.unit_of_work() as uow:
            claimed = uow.queue.claim(
                Channel.VOICE,
                limit=500,
                now=now,
                lease_until=now + timedelta(minutes=1),
            )
            uow.commit()
        attempts += [one.attempt_id for one in claimed]
    return attempts
