"""Three workers on one PostgreSQL: everybody once, and no faster than one would be.

Real processes, a real server, real HTTP to the built-in telco, which takes whatever
comes and notes when it came: refusing would slow them down, and hide that they were too
fast.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from app import create_services
from ops.health import WORKER_PREFIX
from ops.wiring.services import Services
from simulator.config import Dialect, SimulatorConfig
from simulator.journal import read_journal
from simulator.testing import RunningSimulator, running
from tests.scenario.installation import Installation, wait_for
from tests.scenario.many_texts import (
    WILLING,
    carrier_at,
    each_once,
    evidence,
    n_open,
    n_taken,
    queue_up,
)
from tests.store.postgres_server import started_server
from tests.unit.telephony.sending.test_pacing import most_in_a_second

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
]

N_PEOPLE = 800
N_WORKERS = 3
PER_S = 90
#: Not shared, they would ask for three times the pace. To the twentieth it holds on
#: virtual time (``test_shared_pace``); here the machine may be busy with other tests.
AT_MOST = 1.5 * PER_S
JOURNAL = "taken.jsonl"


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL database without tables."""
    with started_server() as server:
        yield server.new_database()


@pytest.fixture
def telco(tmp_path: Path) -> Iterator[RunningSimulator]:
    """Keeps when it took what."""
    config = SimulatorConfig(
        dialect=Dialect.TWILIO, mix=WILLING, journal=tmp_path / JOURNAL, seed=3
    )
    with running(config) as telco:
        yield telco


def an_installation(
    folder: Path, database_url: str, telco: RunningSimulator
) -> Installation:
    return Installation(
        folder,
        database_url=database_url,
        public_url="http://127.0.0.1:9",
        carriers={"main": carrier_at(telco, sms_per_s=PER_S)},
        unknown_after_s=2,
        log_level="INFO",
    )


def n_alive(services: Services) -> int:
    """Workers that gave a sign of life in the last minute."""
    with services.database.read_only() as uow:
        then = services.now() - timedelta(minutes=1)
        return len(uow.heartbeats.since(then, prefix=WORKER_PREFIX))


def numbers_of_workers(database_url: str) -> int:
    """How many different workers have made attempts."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT count(DISTINCT worker) FROM attempts")
        (n,) = found.fetchone() or (0,)
    return int(n)


def test_everybody_once_at_the_pace_of_one(
    tmp_path: Path, database_url: str, telco: RunningSimulator
) -> None:
    """Though one of them is killed in the middle of it."""
    place = an_installation(tmp_path, database_url, telco)
    services = create_services(place.settings)
    services.database.upgrade()
    with contextlib.ExitStack() as workers:
        first, *_ = [
            workers.enter_context(place.process("worker")) for _ in range(N_WORKERS)
        ]
        wait_for(lambda: n_alive(services) == N_WORKERS, timeout_s=60)
        # The signs of life have been seen by all a moment later.
        queue_up(services, N_PEOPLE)
        wait_for(lambda: n_taken(telco) >= N_PEOPLE // 3, timeout_s=60)
        first.kill()
        wait_for(lambda: not n_open(services), timeout_s=120)
        taken_once = evidence(telco)
        workers_used = numbers_of_workers(database_url)
    services.close()
    assert taken_once == each_once(N_PEOPLE)
    taken = [one["at"] for one in read_journal(tmp_path / JOURNAL) if "accepted" in one]
    assert len(taken) == N_PEOPLE
    assert most_in_a_second(sorted(taken)) <= AT_MOST
    assert workers_used == N_WORKERS
